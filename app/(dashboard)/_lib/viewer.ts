import { headers } from "next/headers"
import { redirect } from "next/navigation"
import { cache } from "react"
import { accessConfig } from "@/access/config"
import { listProjects } from "@/access/project"
import { currentUser } from "@/access/session"
import { isSetUp } from "@/access/setup"
import type { ProjectSummary, Viewer } from "@/components/frame/project"
import type { Project } from "@/lib/contracts/access"

type ViewerInfo = { viewer: Viewer; projects: ProjectSummary[]; isInsecure: boolean }

/** Who looks and which projects they may see, as the browser may know it; null without a session. Leads to the set-up while there is no admin. */
export const findViewer = cache(async (): Promise<ViewerInfo | null> => {
  if (!(await isSetUp())) redirect("/setup")
  const user = await currentUser(await headers())
  if (!user) return null
  const projects = await listProjects(user)
  return {
    viewer: { name: user.name, email: user.email, isAdmin: user.isAdmin },
    projects: projects.map(toSummary),
    isInsecure: accessConfig().isInsecureOnPurpose,
  }
})

function toSummary({ slug, name, zone, currency, role, is_demo: isDemo }: Project): ProjectSummary {
  return { slug, name, zone, currency, role, isDemo }
}
