import type { TransactionSql } from "postgres"
import type { ProjectActor } from "@/access/actor"
import { type AuditAction, actorName, auditAct, type Origin } from "@/access/audit"
import { assertCan, type Permission } from "@/access/permissions"
import { findAct, IDLE_MS, jobOf, titleOf } from "@/access/repricings"
import { type ProjectTx, withProject } from "@/db/client"
import {
  insertRepricing,
  isRepricingBusy,
  moveRepricing,
  type PastInput,
  type PastKind,
  REPRICING_PROGRESS,
  type StoredAct,
} from "@/db/queries/repricings"
import type { REPRICING_STATES } from "@/lib/contracts/prices"
import { AppError } from "@/lib/errors"
import { logError } from "@/lib/http"
import { jobState, startJob } from "@/lib/job"
import { toIso } from "@/lib/time"

type State = (typeof REPRICING_STATES)[number]
type Report = (done: number, total: number | null) => void
/** Told of every chunk, in the transaction that holds it. */
type OnChunk = (tx: TransactionSql, tally: object) => Promise<void>

/** What an act of one kind does to the past of a project; how it is begun, claimed, recorded and gone on with is the same for all. */
export type PastAct = {
  kind: PastKind
  noun: "repricing" | "remapping"
  permission: Permission
  /** What the audit log says was to be done. */
  summary: (stored: StoredAct) => object
  preview: (
    actor: ProjectActor,
    stored: StoredAct,
    report: Report,
    signal: AbortSignal,
  ) => Promise<{ preview: object; basis: string }>
  apply: Run
  undo: Run
}
type Run = (
  actor: ProjectActor,
  stored: StoredAct,
  report: Report,
  onChunk: OnChunk,
  signal: AbortSignal,
) => Promise<object>

/** Begins a preview; it changes nothing. @throws AppError `forbidden`; `conflict` while another act is under way here. @returns its number. */
export async function beginPast(act: PastAct, actor: ProjectActor, input: PastInput, origin: Origin): Promise<number> {
  assertCan(actor, act.permission)
  assertFree(actor)
  const id = await withProject(actor.project.id, async (tx) => {
    const id = await insertRepricing(tx, act.kind, input, actorName(actor.actor))
    await note(act, tx, actor, origin, "previewed", id, { after: { ...input }, reason: input.reason })
    return id
  })
  const stored = await findAct(actor, act.kind, id)
  start(act, actor, id, async (report, signal) => {
    const { preview, basis } = await act.preview(actor, stored, report, signal)
    await move(actor, id, ["previewing"], { state: "previewed", preview, book_version: basis })
    return "Previewed."
  })
  return id
}

/**
 * Does what was previewed, or goes on with what was cut off.
 * @throws AppError `not_found`, `forbidden`; `conflict` when it is not there to be done, or another moves this project's money.
 */
export async function applyPast(
  act: PastAct,
  actor: ProjectActor,
  id: number,
  reason: string,
  origin: Origin,
): Promise<void> {
  assertCan(actor, act.permission)
  assertFree(actor)
  const stored = await findAct(actor, act.kind, id)
  await claim(actor, id, { states: ["previewed"], stopped: ["running"] }, "running", async (tx) => {
    await note(act, tx, actor, origin, "applied", id, { after: act.summary(stored), reason })
  })
  start(act, actor, id, async (report, signal) => {
    const result = await act.apply(actor, stored, report, keep(actor, id, "result"), signal)
    await finish(act, actor, id, ["running"], { state: "done", result }, origin)
    return "Done."
  })
}

/** Takes back what was done, all or as much as was. @throws as `applyPast`. */
export async function undoPast(
  act: PastAct,
  actor: ProjectActor,
  id: number,
  reason: string,
  origin: Origin,
): Promise<void> {
  assertCan(actor, act.permission)
  assertFree(actor)
  const stored = await findAct(actor, act.kind, id)
  await claim(actor, id, { states: ["done"], stopped: ["running", "undoing"] }, "undoing", async (tx) => {
    await note(act, tx, actor, origin, "undone", id, { before: stored.result, reason })
  })
  start(act, actor, id, async (report, signal) => {
    const undone = await act.undo(actor, stored, report, keep(actor, id, "undone"), signal)
    await finish(act, actor, id, ["undoing"], { state: "undone", undone }, origin)
    return "Undone."
  })
}

const keep =
  (actor: ProjectActor, id: number, column: keyof typeof REPRICING_PROGRESS): OnChunk =>
  async (tx, tally) => {
    await tx.unsafe(REPRICING_PROGRESS[column], [actor.project.id, id, JSON.stringify(tally)])
  }

function assertFree(actor: ProjectActor): void {
  if (jobState(jobOf(actor))?.state === "running")
    throw new AppError("conflict", "The past of this project is being decided again already: one at a time.")
}

async function claim(
  actor: ProjectActor,
  id: number,
  from: { states: readonly State[]; stopped: readonly State[] },
  state: State,
  work: (tx: ProjectTx) => Promise<void>,
): Promise<void> {
  const idleSince = Date.now() - IDLE_MS
  await withProject(actor.project.id, async (tx) => {
    if (await isRepricingBusy(tx, id, idleSince))
      throw new AppError("conflict", "The past of this project is being decided again already: one at a time.")
    // Whoever was at it in this process is not any more: that is known at once, of another process after a while.
    const mine = jobState(jobOf(actor))?.title === titleOf(id) ? Date.now() + IDLE_MS : idleSince
    if (!(await moveRepricing(tx, id, { ...from, idleSince: mine }, { state })))
      throw new AppError("conflict", "It is not at the point where that can be done.")
    await work(tx)
  })
}

type Work = Parameters<typeof startJob>[3]

function start(act: PastAct, actor: ProjectActor, id: number, work: Work): void {
  startJob(jobOf(actor), titleOf(id), actorName(actor.actor), work, (error) => {
    if (!(error instanceof AppError)) logError(`${act.noun} failed`, error)
    // A preview that failed is over; what moved money stays where it is, to be gone on with or undone.
    void move(actor, id, ["previewing"], { state: "failed" }).catch((cause: unknown) => logError(act.noun, cause))
  })
}

type Change = Parameters<typeof moveRepricing>[3]

async function move(actor: ProjectActor, id: number, states: State[], to: Change): Promise<void> {
  await withProject(actor.project.id, (tx) => moveRepricing(tx, id, { states, idleSince: 0 }, to))
}

async function finish(
  act: PastAct,
  actor: ProjectActor,
  id: number,
  states: State[],
  to: Change,
  origin: Origin,
): Promise<void> {
  await withProject(actor.project.id, async (tx) => {
    await moveRepricing(tx, id, { states, idleSince: 0 }, { ...to, finished_at: toIso(Date.now()) })
    const after = { state: to.state, ...((to.undone ?? to.result ?? {}) as object) }
    await note(act, tx, actor, origin, "finished", id, { after })
  })
}

type Step = "previewed" | "applied" | "undone" | "finished"

async function note(
  act: PastAct,
  tx: ProjectTx,
  actor: ProjectActor,
  origin: Origin,
  step: Step,
  id: number,
  more: { before?: unknown; after?: unknown; reason?: string },
): Promise<void> {
  const action: AuditAction = `${act.noun}.${step}`
  await auditAct(tx, actor, { action, target: `${act.noun}:${id}`, ...more }, origin)
}
