import type { ProjectActor } from "@/access/actor"
import { type AuditAction, actorName, audit, type Origin } from "@/access/audit"
import { assertCan } from "@/access/permissions"
import { findRepricing, IDLE_MS, jobOf, readRepricing, titleOf } from "@/access/repricings"
import { type ProjectTx, withProject } from "@/db/client"
import {
  insertRepricing,
  isRepricingBusy,
  moveRepricing,
  REPRICING_PROGRESS,
  type StoredRepricing,
} from "@/db/queries/repricings"
import { applyRepricing, type OnChunk, previewRepricing, undoRepricing } from "@/ingest/reprice"
import type { Repricing, RepricingInput } from "@/lib/contracts/prices"
import { AppError } from "@/lib/errors"
import { logError } from "@/lib/http"
import { jobState, startJob } from "@/lib/job"
import { toIso } from "@/lib/time"

/** Begins a preview; it changes nothing. @throws AppError `forbidden`; `conflict` while another is under way here. */
export async function beginRepricing(actor: ProjectActor, input: RepricingInput, origin: Origin): Promise<Repricing> {
  assertCan(actor, "prices.manage")
  assertFree(actor)
  const id = await withProject(actor.project.id, async (tx) => {
    const id = await insertRepricing(tx, input, actorName(actor.actor))
    await note(tx, actor, origin, "repricing.previewed", id, { after: { ...input }, reason: input.reason })
    return id
  })
  const scope = { ...input, from: Date.parse(input.from), to: Date.parse(input.to) }
  start(actor, id, async (report, signal) => {
    const { preview, bookVersion } = await previewRepricing(actor.project, scope, report, signal)
    await move(actor, id, ["previewing"], { state: "previewed", preview, book_version: bookVersion })
    return "Previewed."
  })
  return await readRepricing(actor, id)
}

/**
 * Does what was previewed, or goes on with what was cut off.
 * @throws AppError `not_found`, `forbidden`; `conflict` when it is not there to be done, or another moves this project's money.
 */
export async function applyAct(actor: ProjectActor, id: number, reason: string, origin: Origin): Promise<Repricing> {
  assertCan(actor, "prices.manage")
  assertFree(actor)
  const stored = await findRepricing(actor, id)
  await claim(actor, id, { states: ["previewed"], stopped: ["running"] }, "running", async (tx) => {
    const { preview, from, to, provider, model } = stored
    const { models: _, models_left: __, ...sums } = preview ?? { models: [], models_left: 0 }
    await note(tx, actor, origin, "repricing.applied", id, { after: { from, to, provider, model, ...sums }, reason })
  })
  const onChunk: OnChunk = async (tx, tally) => {
    await tx.unsafe(REPRICING_PROGRESS.result, [actor.project.id, id, JSON.stringify(tally)])
  }
  start(actor, id, async (report, signal) => {
    const result = await applyRepricing(actor.project, { ...stored, scope: scopeOf(stored) }, report, onChunk, signal)
    await finish(actor, id, ["running"], { state: "done", result }, origin)
    return "Done."
  })
  return await readRepricing(actor, id)
}

/** Takes back what was done, all or as much as was. @throws as `applyAct`. */
export async function undoAct(actor: ProjectActor, id: number, reason: string, origin: Origin): Promise<Repricing> {
  assertCan(actor, "prices.manage")
  assertFree(actor)
  const stored = await findRepricing(actor, id)
  await claim(actor, id, { states: ["done"], stopped: ["running", "undoing"] }, "undoing", async (tx) => {
    await note(tx, actor, origin, "repricing.undone", id, { before: stored.result, reason })
  })
  const onChunk: OnChunk = async (tx, tally) => {
    await tx.unsafe(REPRICING_PROGRESS.undone, [actor.project.id, id, JSON.stringify(tally)])
  }
  start(actor, id, async (report, signal) => {
    const undone = await undoRepricing(actor.project, { id, scope: scopeOf(stored) }, report, onChunk, signal)
    await finish(actor, id, ["undoing"], { state: "undone", undone }, origin)
    return "Undone."
  })
  return await readRepricing(actor, id)
}

function assertFree(actor: ProjectActor): void {
  if (jobState(jobOf(actor))?.state === "running")
    throw new AppError("conflict", "Another repricing of this project is under way.")
}

async function claim(
  actor: ProjectActor,
  id: number,
  from: { states: readonly Repricing["state"][]; stopped: readonly Repricing["state"][] },
  state: Repricing["state"],
  work: (tx: ProjectTx) => Promise<void>,
): Promise<void> {
  const idleSince = Date.now() - IDLE_MS
  await withProject(actor.project.id, async (tx) => {
    if (await isRepricingBusy(tx, id, idleSince))
      throw new AppError("conflict", "Another repricing of this project is under way.")
    // Whoever was at it in this process is not any more: that is known at once, of another process after a while.
    const mine = jobState(jobOf(actor))?.title === titleOf(id) ? Date.now() + IDLE_MS : idleSince
    if (!(await moveRepricing(tx, id, { ...from, idleSince: mine }, { state })))
      throw new AppError("conflict", "This repricing is not at the point where that can be done.")
    await work(tx)
  })
}

type Work = Parameters<typeof startJob>[3]

function start(actor: ProjectActor, id: number, work: Work): void {
  startJob(jobOf(actor), titleOf(id), actorName(actor.actor), work, (error) => {
    if (!(error instanceof AppError)) logError("repricing failed", error)
    // A preview that failed is over; what moved money stays where it is, to be gone on with or undone.
    void move(actor, id, ["previewing"], { state: "failed" }).catch((cause: unknown) => logError("repricing", cause))
  })
}

type Change = Parameters<typeof moveRepricing>[3]

async function move(actor: ProjectActor, id: number, states: Repricing["state"][], to: Change): Promise<void> {
  await withProject(actor.project.id, (tx) => moveRepricing(tx, id, { states, idleSince: 0 }, to))
}

async function finish(
  actor: ProjectActor,
  id: number,
  states: Repricing["state"][],
  to: Change,
  origin: Origin,
): Promise<void> {
  await withProject(actor.project.id, async (tx) => {
    await moveRepricing(tx, id, { states, idleSince: 0 }, { ...to, finished_at: toIso(Date.now()) })
    const after = { state: to.state, ...((to.undone ?? to.result ?? {}) as object) }
    await note(tx, actor, origin, "repricing.finished", id, { after })
  })
}

const scopeOf = ({ from, to, provider, model }: StoredRepricing) => ({
  from: Date.parse(from),
  to: Date.parse(to),
  provider,
  model,
})

async function note(
  tx: ProjectTx,
  actor: ProjectActor,
  origin: Origin,
  action: AuditAction,
  id: number,
  more: { before?: unknown; after?: unknown; reason?: string },
): Promise<void> {
  const common = { projectId: actor.project.id, actor: actorName(actor.actor), target: `repricing:${id}` }
  await audit(tx, { ...common, action, ...more }, origin)
}
