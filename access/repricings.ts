import type { ProjectActor } from "@/access/actor"
import { assertCan } from "@/access/permissions"
import { withProject } from "@/db/client"
import { listDiscounts } from "@/db/queries/price-writes"
import { findRepricing as findStored, listRepricings, type StoredRepricing } from "@/db/queries/repricings"
import type { DiscountList, Repricing, RepricingList } from "@/lib/contracts/prices"
import { AppError } from "@/lib/errors"
import { jobState } from "@/lib/job"

/** Nothing heard of an act for so long: whoever was at it is gone. A chunk takes seconds. */
export const IDLE_MS = 120_000

/** One act of a project at a time in a process. */
export const jobOf = (actor: ProjectActor) => `repricing of ${actor.project.id}`
export const titleOf = (id: number) => `Repricing ${id}`

export async function readRepricings(actor: ProjectActor): Promise<RepricingList> {
  assertCan(actor, "spend.read")
  const items = await withProject(actor.project.id, listRepricings)
  return { items: items.map((item) => toAnswer(actor, item)), next_cursor: null, count: null }
}

/** @throws AppError `not_found`. */
export async function readRepricing(actor: ProjectActor, id: number): Promise<Repricing> {
  assertCan(actor, "spend.read")
  return toAnswer(actor, await findRepricing(actor, id))
}

/** @throws AppError `not_found`. */
export async function findRepricing(actor: ProjectActor, id: number): Promise<StoredRepricing> {
  const stored = await withProject(actor.project.id, (tx) => findStored(tx, id))
  if (!stored) throw new AppError("not_found", "There is no such repricing.")
  return stored
}

export async function readDiscounts(actor: ProjectActor): Promise<DiscountList> {
  assertCan(actor, "spend.read")
  const items = await withProject(actor.project.id, (tx) => listDiscounts(tx, Date.now()))
  return { items, next_cursor: null, count: null }
}

function toAnswer(actor: ProjectActor, { bookVersion: _, updatedAt, ...stored }: StoredRepricing): Repricing {
  const job = jobState(jobOf(actor))
  const mine = job?.title === titleOf(stored.id) ? job : null
  const isBegun = ["previewing", "running", "undoing"].includes(stored.state)
  const isIdle = mine === null ? updatedAt < Date.now() - IDLE_MS : mine.state !== "running"
  return {
    ...stored,
    is_stopped: isBegun && isIdle,
    progress: mine?.state === "running" ? { done: mine.done, total: mine.total } : null,
    message: mine?.state === "failed" ? mine.message : null,
  }
}
