import type { KeyActor, ProjectActor, ProjectRef } from "@/access/actor"
import { authenticateKey } from "@/access/authenticate-key"
import { assertCan } from "@/access/permissions"
import { type AccessRequest, authorize } from "@/access/project"
import { assertSetUp } from "@/access/setup"
import { AppError } from "@/lib/errors"
import { ACT_PERMISSION, type RunAct } from "@/lib/run-states"
import type { KeyScope } from "@/lib/vocabulary"

export type Stopper = Pick<ProjectActor, "actor" | "project"> & {
  /** @throws AppError `forbidden`. */
  assertMay: (act: RunAct) => void
}

/**
 * Who acts on runs: a person by role; an ingest key, which may halt runs of its project and no more. Everybody may stop, few may let go on.
 * @throws as `authorize`.
 */
export async function authorizeActs(request: AccessRequest): Promise<Stopper> {
  if (request.headers.get("authorization") === null) {
    const person = await authorize(request, "runs.read")
    return { ...person, assertMay: (act) => assertCan(person, ACT_PERMISSION[act]) }
  }
  const key = await keyWith(request, ["ingest", "read"])
  const assertMay = (act: RunAct) => {
    if (act !== "halt" || !key.scopes.includes("ingest"))
      throw new AppError("forbidden", "A key may halt runs, with the scope “ingest”; the rest is for people.")
  }
  return { actor: key, project: key.project, assertMay }
}

/** The project whose gates are asked: by a person, or by a key with the scope `read` or `directives`. @throws as `authorize`. */
export async function authorizeGate(request: AccessRequest): Promise<ProjectRef> {
  if (request.headers.get("authorization") === null) return (await authorize(request, "runs.read")).project
  return (await keyWith(request, ["read", "directives"])).project
}

/** A key that has one of the scopes. */
async function keyWith({ headers, url, remoteIp }: AccessRequest, scopes: readonly KeyScope[]): Promise<KeyActor> {
  await assertSetUp()
  const authorization = headers.get("authorization") ?? undefined
  for (const [at, scope] of scopes.entries())
    try {
      const key = await authenticateKey(authorization, scope, remoteIp)
      const slug = url.searchParams.get("project")
      if (slug === null || slug === key.project.slug) return key
      throw new AppError("foreign_project", "This key belongs to another project.", { field: "project" })
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "missing_scope" || at === scopes.length - 1) throw error
    }
  throw new AppError("missing_scope", "This key may not do this.")
}
