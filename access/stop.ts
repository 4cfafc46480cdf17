import type { ProjectActor, ProjectRef } from "@/access/actor"
import { assertCan } from "@/access/permissions"
import { type AccessRequest, authorize, hasKey, keyOf } from "@/access/project"
import { AppError } from "@/lib/errors"
import { ACT_PERMISSION, type RunAct } from "@/lib/run-states"

export type Stopper = Pick<ProjectActor, "actor" | "project"> & {
  /** @throws AppError `forbidden`. */
  assertMay: (act: RunAct) => void
}

/**
 * Who acts on runs: a person by role; an ingest key, which may halt runs of its project and no more. Everybody may stop, few may let go on.
 * @throws as `authorize`.
 */
export async function authorizeActs(request: AccessRequest): Promise<Stopper> {
  if (!hasKey(request)) {
    const person = await authorize(request, "runs.read")
    return { ...person, assertMay: (act) => assertCan(person, ACT_PERMISSION[act]) }
  }
  const key = await keyOf(request, ["ingest", "read"])
  const assertMay = (act: RunAct) => {
    if (act !== "halt" || !key.scopes.includes("ingest"))
      throw new AppError("forbidden", "A key may halt runs, with the scope “ingest”; the rest is for people.")
  }
  return { actor: key, project: key.project, assertMay }
}

/** The project whose gates are asked: by a person, or by a key with the scope `read` or `directives`. @throws as `authorize`. */
export async function authorizeGate(request: AccessRequest): Promise<ProjectRef> {
  if (!hasKey(request)) return (await authorize(request, "runs.read")).project
  return (await keyOf(request, ["read", "directives"])).project
}
