import { headers } from "next/headers"
import { notFound, redirect } from "next/navigation"
import { cache } from "react"
import type { ProjectActor, UserActor } from "@/access/actor"
import { can, type Permission } from "@/access/permissions"
import { enterOneOf, projectsOf } from "@/access/project"
import { currentUser } from "@/access/session"
import { isSetUp } from "@/access/setup"
import { AppError } from "@/lib/errors"

export type SearchParams = Record<string, string | string[] | undefined>

/** Who looks at a page and which projects they may see, asked once per request by its frame and by the page; null without a session. Nobody yet: to /setup. */
export const findPerson = cache(async () => {
  if (!(await isSetUp())) redirect("/setup")
  const user = await currentUser(await headers())
  return user && { user, own: await projectsOf(user) }
})

async function requirePerson() {
  const person = await findPerson()
  if (!person) redirect("/login")
  return person
}

/** The person who looks at a page. Nobody yet: to /setup; not logged in: to /login. */
export async function requireViewer(): Promise<UserActor> {
  return (await requirePerson()).user
}

const enter = cache(async (slug: string | null): Promise<ProjectActor | null> => {
  const { user, own } = await requirePerson()
  try {
    return enterOneOf(user, own, slug)
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null
    throw error
  }
})

/**
 * For server components: the viewer inside the project of `?project=` (his first when absent), with leave to see the page. A project that is
 * not his, and a page that his role may not see, are "not found".
 */
export async function requireProject(
  searchParams: SearchParams | Promise<SearchParams>,
  permission: Permission,
): Promise<ProjectActor> {
  const { project } = await searchParams
  const actor = await enter((Array.isArray(project) ? project[0] : project) ?? null)
  if (!actor || !can(actor.role, permission)) notFound()
  return actor
}
