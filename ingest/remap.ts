import type { TransactionSql } from "postgres"
import { canonicalJson } from "@/lib/canonical"
import { AppError } from "@/lib/errors"
import { toIso } from "@/lib/time"
import { announceSpend } from "./announce"
import { applyEvents, decisionOf } from "./apply"
import { DimensionIds } from "./dimensions"
import type { LedgerEvent } from "./event"
import { MAPPING_VERSION } from "./formats/conventions/all"
import { LANGFUSE_MAPPING_VERSION } from "./formats/langfuse-envelope"
import { lockRuns } from "./load-runs"
import { eventsOfSpans } from "./load-spans"
import { namesPastLimit } from "./names"
import { ensurePartitions } from "./partitions"
import { currentBook } from "./price-book"
import { type Planned, planRemap, planUndo, type RemapAct, RemapSums, type RemapTally } from "./remap-span"
import { type ClosedPart, closedPart, type RepricingScope, type StoredPrice, spansOfRuns } from "./repricing-rows"
import { groupBy } from "./run-work"
import { insertEvents, NEW_FROM } from "./save-events"
import { type DoChunk, inProject, type Report, SPANS_A_CHUNK, walkRuns } from "./walk-runs"

/** Half-open, milliseconds, by the start of the span; convention null = all. */
export type RemapScope = { from: number; to: number; convention: string | null }
export type RemapProject = { id: number; currency: string; prefersReportedCost: boolean }
export type RemapPreview = RemapTally & { closed: ClosedPart; conventions: (RemapTally & { convention: string })[] }
export type OnRemapChunk = (tx: TransactionSql, tally: RemapTally) => Promise<void>

/** Pages of spans that one trial holds before it is rolled back: its locks make ingest into these runs wait. */
const PAGES_A_TRIAL = 20

/** What a preview was made with, and an act must be done with: the mappings of this release and the prices of that moment. */
async function remapBasis(): Promise<string> {
  const { version } = await currentBook()
  return `otlp ${MAPPING_VERSION}, langfuse ${LANGFUSE_MAPPING_VERSION}, prices ${version}`
}

/**
 * What reading the spans of a scope again by the mappings of now would change. It is the act itself, done chunk by chunk in transactions that are
 * rolled back, because what a span comes to cost may depend on its run: a roll-up whose call is found counts no more.
 */
export async function previewRemap(
  project: RemapProject,
  scope: RemapScope,
  report: Report,
  signal?: AbortSignal,
): Promise<{ preview: RemapPreview; basis: string }> {
  const basis = await remapBasis()
  const sums = new Sums()
  const act = { ...(await actOf(project, 0, scope)), plan: planRemap, isTrial: true }
  await walkRuns(
    project.id,
    spanScope(scope),
    null,
    chunksOf(project, act, sums, async () => {}),
    report,
    signal,
  )
  const closed = await inProject(project.id, (tx) => closedPart(tx, project.id, spanScope(scope)))
  return { preview: { ...sums.all.done(), closed, conventions: sums.conventions() }, basis }
}

/**
 * Reads the spans of a scope again: for each whose reading changes an entry is appended and the difference moved, run by run under the run's lock. Done
 * again after it was cut off, it goes on where it was. @throws AppError `conflict` when mappings or prices are no longer those of the preview.
 */
export async function applyRemap(
  project: RemapProject,
  remapping: { id: number; scope: RemapScope; basis: string | null },
  report: Report,
  onChunk: OnRemapChunk,
  signal?: AbortSignal,
): Promise<RemapTally> {
  if (remapping.basis !== (await remapBasis()))
    throw new AppError("conflict", "The mappings or the prices have changed since the preview: make another.")
  const { id, scope } = remapping
  const act = { ...(await actOf(project, id, scope)), plan: planRemap, isTrial: false }
  return await walk(project, scope, null, act, report, onChunk, signal)
}

/** Takes the act back: every span that is read by it is read, and costs, as before. */
export async function undoRemap(
  project: RemapProject,
  { id, scope }: { id: number; scope: RemapScope },
  report: Report,
  onChunk: OnRemapChunk,
  signal?: AbortSignal,
): Promise<RemapTally> {
  const act = { ...(await actOf(project, id, scope)), plan: planUndo, isTrial: false }
  return await walk(project, scope, { act: "remapping" as const, id }, act, report, onChunk, signal)
}

type Act = RemapAct & { plan: typeof planRemap; isTrial: boolean }

async function actOf(project: RemapProject, id: number, { convention }: RemapScope): Promise<RemapAct> {
  const book = await currentBook()
  const { currency, prefersReportedCost } = project
  return { id, convention, currency, decide: (state) => decisionOf(state, book, prefersReportedCost) }
}

async function walk(
  project: RemapProject,
  scope: RemapScope,
  acted: Parameters<typeof walkRuns>[2],
  act: Act,
  report: Report,
  onChunk: OnRemapChunk,
  signal: AbortSignal | undefined,
): Promise<RemapTally> {
  const sums = new Sums()
  await walkRuns(project.id, spanScope(scope), acted, chunksOf(project, act, sums, onChunk), report, signal)
  await announceSpend(project.id)
  return sums.all.done()
}

const spanScope = ({ from, to }: RemapScope): RepricingScope => ({
  from,
  to,
  provider: null,
  model: null,
  withUnused: true,
})

/** One page a transaction; of a trial several, because a later page of a run must see what an earlier one did. */
function chunksOf(project: RemapProject, act: Act, sums: Sums, onChunk: OnRemapChunk): DoChunk {
  return async (day, runs, after) => {
    await ensurePartitions([{ parent: "events", at: Date.now() }])
    if (!act.isTrial)
      return await inProject(project.id, (tx) => doPage(tx, project, day, act, runs, after, sums, onChunk))
    let last = after
    await inTrial(project.id, async (tx) => {
      for (let page = 0; page < PAGES_A_TRIAL; page++) {
        last = await doPage(tx, project, day, act, runs, last, sums, onChunk)
        if (last === null) return
      }
    })
    return last
  }
}

class TrialOver extends Error {}

async function inTrial(projectId: number, work: (tx: TransactionSql) => Promise<void>): Promise<void> {
  try {
    await inProject(projectId, async (tx) => {
      await work(tx)
      throw new TrialOver()
    })
  } catch (error) {
    if (!(error instanceof TrialOver)) throw error
  }
}

/** @returns the last span that was looked at, null when there are no more. */
async function doPage(
  tx: TransactionSql,
  project: RemapProject,
  day: RepricingScope,
  act: Act,
  runs: readonly string[],
  after: StoredPrice | null,
  sums: Sums,
  onChunk: OnRemapChunk,
): Promise<StoredPrice | null> {
  const now = Date.now()
  const keys = runs.filter((runId) => runId !== "").map((runId) => ({ projectId: project.id, runId }))
  const locked = [...(await lockRuns(tx, keys, toIso(now))).values()]
  const page = await spansOfRuns(tx, project.id, day, runs, after, SPANS_A_CHUNK)
  const wanted = act.plan === planUndo ? page.filter((span) => span.billing.remapping === act.id) : page
  const planned = new Map<StoredPrice, Planned>()
  if (wanted.length > 0) {
    const since = Math.min(...locked.map((run) => run.firstReceivedAt), ...wanted.map((span) => span.receivedAt))
    const events = await eventsOfSpans(
      tx,
      wanted.map((span) => ({ projectId: project.id, ...span })),
      { from: since, to: now },
    )
    const bySpan = groupBy(events, spanKey)
    for (const span of wanted) {
      const own = bySpan.get(spanKey(span)) ?? []
      // Retention keeps only a part of them.
      const plan = own.length === span.eventCount ? act.plan(own, act) : "left"
      sums.all.look(plan === "left")
      if (plan !== null && plan !== "left") planned.set(span, plan)
    }
  }
  await append(tx, project.id, planned, act.isTrial, sums, now)
  await onChunk(tx, sums.all.done())
  return page.length === SPANS_A_CHUNK ? (page.at(-1) ?? null) : null
}

const spanKey = ({ runId, spanId }: { runId: string; spanId: string }): string => `${runId}\u0000${spanId}`

async function append(
  tx: TransactionSql,
  projectId: number,
  planned: ReadonlyMap<StoredPrice, Planned>,
  isTrial: boolean,
  sums: Sums,
  now: number,
): Promise<void> {
  if (planned.size === 0) return
  const named = [...planned.values()].map((plan) => ({ projectId, event: plan.after.placement, plan }))
  const past = isTrial ? new Map() : await namesPastLimit(named)
  const other = new Map(named.map((item) => [item.plan, past.get(item)]))
  const appended = [...planned].map(([span, plan], i) => {
    const { event, convention, fields } = plan
    const { runId, spanId, keyId } = span
    const common = { projectId, id: event.id, type: event.type, runId, spanId, keyId, receivedAt: now }
    const entry = { ...plan.entry, ...(other.get(plan) ? { other: other.get(plan) } : {}) }
    const ledger: LedgerEvent = { ...common, n: NEW_FROM + BigInt(i), seq: null, at: span.startedAt, event, entry }
    sums.change(runId, spanId, convention, fields)
    return { event: { ...common, body: canonicalJson(event) }, ledger }
  })
  const save = await applyEvents(
    tx,
    appended.map((each) => each.ledger),
    null,
    new DimensionIds(new Map()),
    (runId, spanId, before, moved) => sums.move(runId, spanId, before, moved),
  )
  await Promise.all([insertEvents(tx, appended), save.flush(tx)])
}

/** Of the whole act and of each convention; what only its run moved counts under the convention that moved the run. */
class Sums {
  readonly all = new RemapSums()
  readonly #byConvention = new Map<string, RemapSums>()
  readonly #conventionOf = new Map<string, string>()

  change(runId: string, spanId: string, convention: string, fields: Planned["fields"]): void {
    this.#conventionOf.set(spanKey({ runId, spanId }), convention)
    if (runId !== "") this.#conventionOf.set(runId, convention)
    this.all.change(fields)
    this.#of(convention).change(fields)
  }

  move(runId: string, spanId: string, ...sides: Parameters<RemapSums["move"]>): void {
    this.all.move(...sides)
    const convention = this.#conventionOf.get(spanKey({ runId, spanId })) ?? this.#conventionOf.get(runId)
    if (convention !== undefined) this.#of(convention).move(...sides)
  }

  conventions(): RemapPreview["conventions"] {
    return [...this.#byConvention]
      .map(([convention, sums]) => ({ convention, ...sums.done() }))
      .sort((a, b) => b.changed - a.changed)
  }

  #of(convention: string): RemapSums {
    const sums = this.#byConvention.get(convention) ?? new RemapSums()
    this.#byConvention.set(convention, sums)
    return sums
  }
}
