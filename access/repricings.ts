import type { ProjectActor } from "@/access/actor"
import { assertCan } from "@/access/permissions"
import { withProject } from "@/db/client"
import { listDiscounts } from "@/db/queries/price-writes"
import { findRepricing as findStored, listRepricings, type PastKind, type StoredAct } from "@/db/queries/repricings"
import type { DiscountList, Repricing, RepricingList } from "@/lib/contracts/prices"
import type { Remapping, RemappingList } from "@/lib/contracts/remappings"
import { AppError } from "@/lib/errors"
import { jobState } from "@/lib/job"

/** Nothing heard of an act for so long: whoever was at it is gone. A chunk takes seconds. */
export const IDLE_MS = 120_000

/** One act upon the past of a project at a time in a process, of prices or of mappings. */
export const jobOf = (actor: ProjectActor) => `past of ${actor.project.id}`
export const titleOf = (id: number) => `Act ${id}`

export async function readRepricings(actor: ProjectActor): Promise<RepricingList> {
  const items = await readActs(actor, "prices")
  return { items: items.map((item) => toRepricing(actor, item)), next_cursor: null, count: null }
}

/** @throws AppError `not_found`. */
export async function readRepricing(actor: ProjectActor, id: number): Promise<Repricing> {
  assertCan(actor, "spend.read")
  return toRepricing(actor, await findAct(actor, "prices", id))
}

export async function readRemappings(actor: ProjectActor): Promise<RemappingList> {
  const items = await readActs(actor, "mapping")
  return { items: items.map((item) => toRemapping(actor, item)), next_cursor: null, count: null }
}

/** @throws AppError `not_found`. */
export async function readRemapping(actor: ProjectActor, id: number): Promise<Remapping> {
  assertCan(actor, "spend.read")
  return toRemapping(actor, await findAct(actor, "mapping", id))
}

async function readActs(actor: ProjectActor, kind: PastKind): Promise<StoredAct[]> {
  assertCan(actor, "spend.read")
  return await withProject(actor.project.id, (tx) => listRepricings(tx, kind))
}

/** @throws AppError `not_found`. */
export async function findAct(actor: ProjectActor, kind: PastKind, id: number): Promise<StoredAct> {
  const stored = await withProject(actor.project.id, (tx) => findStored(tx, kind, id))
  if (!stored) throw new AppError("not_found", `There is no such ${kind === "prices" ? "repricing" : "re-mapping"}.`)
  return stored
}

export async function readDiscounts(actor: ProjectActor): Promise<DiscountList> {
  assertCan(actor, "spend.read")
  const items = await withProject(actor.project.id, (tx) => listDiscounts(tx, Date.now()))
  return { items, next_cursor: null, count: null }
}

function toRepricing(actor: ProjectActor, stored: StoredAct): Repricing {
  const { basis: _, updatedAt: __, convention: ___, ...act } = stored
  const { preview, result, undone } = act as unknown as Repricing
  return { ...act, preview, result, undone, ...progressOf(actor, stored) }
}

function toRemapping(actor: ProjectActor, stored: StoredAct): Remapping {
  const { basis: _, updatedAt: __, provider: ___, model: ____, ...act } = stored
  const { preview, result, undone } = act as unknown as Remapping
  return { ...act, preview, result, undone, ...progressOf(actor, stored) }
}

/** What only the process that is at it knows. */
function progressOf(
  actor: ProjectActor,
  { id, state, updatedAt }: StoredAct,
): Pick<Repricing, "is_stopped" | "progress" | "message"> {
  const job = jobState(jobOf(actor))
  const mine = job?.title === titleOf(id) ? job : null
  const isBegun = ["previewing", "running", "undoing"].includes(state)
  const isIdle = mine === null ? updatedAt < Date.now() - IDLE_MS : mine.state !== "running"
  return {
    is_stopped: isBegun && isIdle,
    progress: mine?.state === "running" ? { done: mine.done, total: mine.total } : null,
    message: mine?.state === "failed" ? mine.message : null,
  }
}
