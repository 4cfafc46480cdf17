import { asc, inArray } from "drizzle-orm"
import type { Actor, KeyActor, ProjectActor, ProjectRef, UserActor } from "@/access/actor"
import { authenticateKey } from "@/access/authenticate-key"
import { assertCan, type Permission } from "@/access/permissions"
import { toProjectRef } from "@/access/project-ref"
import { currentUser } from "@/access/session"
import { assertSetUp } from "@/access/setup"
import { db } from "@/db/client"
import { projects } from "@/db/schema/projects"
import type { Project } from "@/lib/contracts/access"
import { AppError } from "@/lib/errors"
import type { KeyScope, Role } from "@/lib/vocabulary"

/** What access control reads of a request. */
export type AccessRequest = { headers: Headers; url: URL; remoteIp: string | null }

/**
 * Who acts, in which project, with leave to do it. By session: `?project=<slug>`, the person's first project when absent. By a key with the
 * scope `read`: the key's own project.
 * @throws AppError `setup_required`; `unauthenticated`; `not_found` for a project that is not there or not the person's (one answer for both);
 *   `foreign_project` when a key asks for another; `forbidden` when the role does not hold the permission; the errors of `authenticateKey`.
 */
export async function authorize(request: AccessRequest, permission: Permission): Promise<ProjectActor> {
  const actor = await enter(request)
  assertCan(actor, permission)
  return actor
}

async function enter(request: AccessRequest): Promise<ProjectActor> {
  if (hasKey(request)) {
    const actor = await keyOf(request, "read")
    return { actor, project: actor.project, role: "key" }
  }
  await assertSetUp()
  return await enterProjectOf(await requireUser(request.headers), request.url.searchParams.get("project"))
}

/** A key, good or bad, and not a person's session. */
export const hasKey = ({ headers }: AccessRequest): boolean => headers.has("authorization")

/**
 * The key of a request, which has one of these scopes.
 * @throws AppError `foreign_project` when another project is asked for; the errors of `assertSetUp` and `authenticateKey`.
 */
export async function keyOf(
  { headers, url, remoteIp }: AccessRequest,
  scopes: KeyScope | readonly KeyScope[],
): Promise<KeyActor> {
  await assertSetUp()
  const key = await authenticateKey(headers.get("authorization") ?? undefined, scopes, remoteIp)
  const slug = url.searchParams.get("project")
  if (slug !== null && slug !== key.project.slug)
    throw new AppError("foreign_project", "This key belongs to another project.", { field: "project" })
  return key
}

/** @throws AppError `unauthenticated`. */
export async function requireUser(headers: Headers): Promise<UserActor> {
  const user = await currentUser(headers)
  if (!user) throw new AppError("unauthenticated", "Log in first.")
  return user
}

/** @param slug null: the first project of the person. @throws AppError `not_found`. */
export async function enterProjectOf(user: UserActor, slug: string | null): Promise<ProjectActor> {
  return enterOneOf(user, await projectsOf(user), slug)
}

/** @param own the projects of the person, as `projectsOf` reads them. @throws AppError `not_found`. */
export function enterOneOf(user: UserActor, own: readonly ProjectRef[], slug: string | null): ProjectActor {
  const project = slug === null ? own[0] : own.find((candidate) => candidate.slug === slug)
  if (!project) throw new AppError("not_found", "There is no such project, or you are not a member of it.")
  return { actor: user, project, role: roleIn(user, project.id) ?? "viewer" }
}

/** Projects that the actor may look into, oldest first. */
export async function listProjects(actor: Actor): Promise<Project[]> {
  if (actor.kind === "key") return [toProject(actor.project, "viewer")]
  return listOwn(actor, await projectsOf(actor))
}

/** @param own the projects of the person, as `projectsOf` reads them. */
export function listOwn(user: UserActor, own: readonly ProjectRef[]): Project[] {
  return own.map((project) => toProject(project, roleIn(user, project.id) ?? "viewer"))
}

export function toProject(project: ProjectRef, role: Role): Project {
  return {
    slug: project.slug,
    name: project.name,
    zone: project.zone,
    currency: project.currency,
    prefers_reported_cost: project.prefersReportedCost,
    is_demo: project.isDemo,
    role,
  }
}

function roleIn(user: UserActor, projectId: number): Role | null {
  if (user.isAdmin) return "admin"
  return user.memberships.find((membership) => membership.projectId === projectId)?.role ?? null
}

/** What a person may look into, oldest first. */
export async function projectsOf(user: UserActor): Promise<ProjectRef[]> {
  const ids = user.memberships.map((membership) => membership.projectId)
  if (!user.isAdmin && ids.length === 0) return []
  const rows = await db()
    .select()
    .from(projects)
    .where(user.isAdmin ? undefined : inArray(projects.id, ids))
    .orderBy(asc(projects.id))
  return rows.map(toProjectRef)
}
