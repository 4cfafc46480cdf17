import type { TransactionSql } from "postgres"
import { pool } from "@/db/client"
import { canonicalJson } from "@/lib/canonical"
import { AppError } from "@/lib/errors"
import type { Money } from "@/lib/money"
import { toIso } from "@/lib/time"
import { announceSpend } from "./announce"
import { applyEvents } from "./apply"
import { DimensionIds } from "./dimensions"
import type { Entry, Repriced } from "./event"
import { decideCost } from "./fold-money"
import { lockRuns } from "./load-runs"
import { ensurePartitions } from "./partitions"
import { currentBook } from "./price-book"
import {
  type ClosedPart,
  closedPart,
  daysOfScope,
  decideAgain,
  type Newest,
  newestOf,
  type RepricingScope,
  type RepricingTally,
  type StoredPrice,
  spansOfRuns,
  spansOfScope,
  Tally,
} from "./repricing-rows"
import { insertEvents, NEW_FROM } from "./save-events"
import { type DoChunk, inProject, type Report, SPANS_A_CHUNK, walkRuns } from "./walk-runs"
import { openScope } from "./writer"

/** Models that a preview names; the rest is summed. */
const MODELS_SHOWN = 50

export type RepricingProject = { id: number; prefersReportedCost: boolean }
/** `models`: those whose cost changes, the greatest difference first. */
export type RepricingPreview = RepricingTally & {
  closed: ClosedPart
  models: ({ provider: string | null; model: string | null } & RepricingTally)[]
  models_left: number
}

/**
 * What pricing the calls of a scope again would change, by the prices, the discounts and the cost setting of now. Reads one snapshot and writes nothing.
 * @returns also the version of the prices: an act must be done by the prices that it was shown with.
 */
export async function previewRepricing(
  project: RepricingProject,
  scope: RepricingScope,
  report: Report,
  signal?: AbortSignal,
): Promise<{ preview: RepricingPreview; bookVersion: string }> {
  const book = await currentBook()
  const all = new Tally()
  const models = new Map<string, { provider: string | null; model: string | null; tally: Tally }>()
  let closed: ClosedPart = { calls: 0, cost: "0" }
  await pool("maintenance").begin("isolation level repeatable read read only", async (tx) => {
    await openScope(tx, [project.id], "shared")
    const days = await daysOfScope(tx, project.id, scope)
    closed = await closedPart(tx, project.id, scope)
    for (const [i, day] of days.entries()) {
      report(i, days.length)
      for await (const spans of spansOfScope(tx, project.id, day)) {
        signal?.throwIfAborted()
        for (const span of spans) {
          const { cost, isChanged } = decideAgain(project.id, span, book, project.prefersReportedCost)
          all.add(span, span.decided.cost, cost, isChanged)
          if (isChanged) ofModel(models, span).add(span, span.decided.cost, cost, true)
        }
      }
    }
  })
  const changing = [...models.values()].filter(({ tally }) => tally.changed > 0)
  changing.sort((a, b) => compare(size(b.tally), size(a.tally)))
  const shown = changing.slice(0, MODELS_SHOWN)
  return {
    preview: {
      ...all.done(),
      closed,
      models: shown.map(({ provider, model, tally }) => ({ provider, model, ...tally.done() })),
      models_left: changing.length - shown.length,
    },
    bookVersion: book.version,
  }
}

function ofModel(
  models: Map<string, { provider: string | null; model: string | null; tally: Tally }>,
  span: StoredPrice,
) {
  const { provider, model } = span
  const key = JSON.stringify([provider, model])
  const found = models.get(key) ?? { provider, model, tally: new Tally() }
  models.set(key, found)
  return found.tally
}

const size = (tally: Tally): Money => (tally.difference < 0n ? -tally.difference : tally.difference)
const compare = (a: Money, b: Money): number => (a < b ? -1 : a > b ? 1 : 0)

/** An act under way: what it does to a span, given the decision that holds. Null: nothing. */
type Act = {
  id: number
  isUndo: boolean
  /** Only what this act has priced. */
  only: number | null
  wants: (span: StoredPrice) => boolean
  decide: (span: StoredPrice, newest: Newest) => { entry: Entry; cost: Money | null } | null
}
/** Told of every chunk, in the transaction that holds it. */
export type OnChunk = (tx: TransactionSql, tally: RepricingTally) => Promise<void>

/**
 * Prices the calls of a scope again: for each whose decision changes an entry is appended, and the difference moved, run by run under the run's lock, so
 * that ingest goes on. Done again after it was cut off, it goes on where it was: what is priced already changes nothing.
 * @throws AppError `conflict` when the prices are no longer those of the preview.
 */
export async function applyRepricing(
  project: RepricingProject,
  repricing: { id: number; scope: RepricingScope; bookVersion: string | null },
  report: Report,
  onChunk: OnChunk,
  signal?: AbortSignal,
): Promise<RepricingTally> {
  const book = await currentBook()
  if (repricing.bookVersion !== book.version)
    throw new AppError("conflict", "The prices have changed since the preview: make another.")
  const again = (span: StoredPrice) => decideAgain(project.id, span, book, project.prefersReportedCost)
  const act: Act = {
    id: repricing.id,
    isUndo: false,
    only: null,
    wants: (span) => again(span).isChanged,
    decide: (span) => again(span),
  }
  return await walk(project, repricing.scope, act, report, onChunk, signal)
}

/** Takes the act back: every call that it priced, and nothing priced since, has the decision again that held before. */
export async function undoRepricing(
  project: RepricingProject,
  repricing: { id: number; scope: RepricingScope },
  report: Report,
  onChunk: OnChunk,
  signal?: AbortSignal,
): Promise<RepricingTally> {
  const act: Act = {
    id: repricing.id,
    isUndo: true,
    only: repricing.id,
    wants: (span) => span.billing.repricing === repricing.id,
    decide: (span, { repriced }) => {
      if (!repriced || repriced.isUndo || repriced.repricing !== repricing.id) return null
      const decided = { ...span.decided }
      decideCost(decided, repriced.before)
      return { entry: repriced.before, cost: decided.cost }
    },
  }
  return await walk(project, repricing.scope, act, report, onChunk, signal)
}

async function walk(
  project: RepricingProject,
  scope: RepricingScope,
  act: Act,
  report: Report,
  onChunk: OnChunk,
  signal: AbortSignal | undefined,
): Promise<RepricingTally> {
  const all = new Tally()
  const acted = act.only === null ? null : { act: "repricing" as const, id: act.only }
  const chunk: DoChunk = (day, runs, after) => doChunk(project, day, act, runs, after, all, onChunk)
  await walkRuns(project.id, scope, acted, chunk, report, signal)
  await announceSpend(project.id)
  return all.done()
}

/** One transaction. @returns the last span that was looked at, null when there are no more. */
async function doChunk(
  project: RepricingProject,
  day: RepricingScope,
  act: Act,
  runs: readonly string[],
  after: StoredPrice | null,
  all: Tally,
  onChunk: OnChunk,
): Promise<StoredPrice | null> {
  const now = Date.now()
  await ensurePartitions([{ parent: "events", at: now }])
  return await inProject(project.id, async (tx) => {
    const keys = runs.filter((runId) => runId !== "").map((runId) => ({ projectId: project.id, runId }))
    const locked = [...(await lockRuns(tx, keys, toIso(now))).values()]
    const page = await spansOfRuns(tx, project.id, day, runs, after, SPANS_A_CHUNK)
    const wanted = page.filter(act.wants)
    const since = Math.min(...locked.map((run) => run.firstReceivedAt), ...wanted.map((span) => span.receivedAt))
    const newest = await newestOf(tx, project.id, wanted, since)
    const appended: Appended[] = []
    for (const span of page) {
      const { cost } = span.decided
      const known = newest.get(span)
      const isWhole = known?.events === span.eventCount
      const decided = known && isWhole && act.wants(span) ? act.decide(span, known) : null
      if (!decided && act.wants(span)) all.leave()
      if (decided && known)
        appended.push(toAppended(project.id, span, act, known.entry, decided.entry, now, appended.length))
      if (act.only === null || decided) all.add(span, cost, decided ? decided.cost : cost, decided !== null)
    }
    if (appended.length > 0) {
      const ledger = appended.map((each) => each.ledger)
      const save = await applyEvents(tx, ledger, null, new DimensionIds(new Map()))
      await Promise.all([insertEvents(tx, appended), save.flush(tx)])
    }
    await onChunk(tx, all.done())
    return page.length === SPANS_A_CHUNK ? (page.at(-1) ?? null) : null
  })
}

type Appended = Parameters<typeof insertEvents>[1][number]

function toAppended(
  projectId: number,
  span: StoredPrice,
  act: Act,
  before: Entry,
  entry: Entry,
  now: number,
  index: number,
): Appended {
  const { runId, spanId, keyId } = span
  const event: Repriced = {
    type: "repriced",
    id: `${act.isUndo ? "price-restored" : "repriced"}:${act.id}:${spanId}`,
    at: toIso(span.startedAt),
    span: spanId,
    ...(runId === "" ? {} : { run: runId }),
    repricing: act.id,
    ...(act.isUndo ? { isUndo: true } : {}),
    before,
    since: toIso(span.receivedAt),
  }
  const common = { projectId, id: event.id, type: event.type, runId, spanId, keyId, receivedAt: now }
  // Where its money lies is no matter of price.
  const { booked: _, ...priced } = entry
  const ledger = {
    ...common,
    n: NEW_FROM + BigInt(index),
    seq: null,
    at: span.startedAt,
    event,
    entry: before.booked === undefined ? priced : { ...priced, booked: before.booked },
  }
  return { event: { ...common, body: canonicalJson(event) }, ledger }
}
