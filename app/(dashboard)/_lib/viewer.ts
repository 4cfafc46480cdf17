import { cache } from "react"
import { accessConfig } from "@/access/config"
import { findPerson } from "@/access/page"
import { listOwn } from "@/access/project"
import type { ProjectSummary, Viewer } from "@/components/frame/project"
import type { Project } from "@/lib/contracts/access"

type ViewerInfo = { viewer: Viewer; projects: ProjectSummary[]; isInsecure: boolean }

/** Who looks and which projects they may see, as the browser may know it; null without a session. Leads to the set-up while there is no admin. */
export const findViewer = cache(async (): Promise<ViewerInfo | null> => {
  const person = await findPerson()
  if (!person) return null
  const { user, own } = person
  return {
    viewer: { name: user.name, email: user.email, isAdmin: user.isAdmin },
    projects: listOwn(user, own).map(toSummary),
    isInsecure: accessConfig().isInsecureOnPurpose,
  }
})

function toSummary({ slug, name, zone, currency, role, is_demo: isDemo }: Project): ProjectSummary {
  return { slug, name, zone, currency, role, isDemo }
}
