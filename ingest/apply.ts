import type { TransactionSql } from "postgres"
import { formatMoney, type Money } from "@/lib/money"
import { toIso } from "@/lib/time"
import { isAct } from "./act-events"
import { bookable, bookLate, closedFor } from "./closed-months"
import { type DimensionIds, runTuple, spanTuple } from "./dimensions"
import type { Entry, LedgerEvent } from "./event"
import { decideCost, hasMoney, isLeafCall, MAX_REPORTED_COST } from "./fold-money"
import { lockRuns, runKey, type StoredVerification, verificationsOfRuns } from "./load-runs"
import { eventsOfSpans, findSpans, type SpanKey, type StoredSpan, spansOfRuns } from "./load-spans"
import type { Priceable, PriceBook } from "./price"
import { proveAndJudge } from "./prove"
import {
  countedSpans,
  foldFacts,
  groupBy,
  groupByRun,
  isRollup,
  type RunWork,
  spanBoundsOf,
  toNode,
  widen,
} from "./run-work"
import { type OnMove, SaveSet } from "./save"
import type { SpanState } from "./span-state"

/** How new events are decided: by the price book of this moment. A replay passes null and takes the decisions that are stored. */
export type Decisions = { book: PriceBook; prefersReported: (projectId: number) => boolean } | null

/**
 * Turns new ledger events into changes of every projection, inside the caller's transaction. The order is: lock the runs, read what the changes
 * depend on, fold (pure), then write. What comes out depends on the set of events that the ledger holds, never on the order they came in.
 */
export async function applyEvents(
  tx: TransactionSql,
  events: readonly LedgerEvent[],
  decisions: Decisions,
  dimensions: DimensionIds,
  onMove?: OnMove,
): Promise<SaveSet> {
  const works = groupByRun(events)
  const runs = [...works.values()].filter((work) => work.runId !== "")
  const locked = await lockRuns(tx, runs, toIso(events[0]?.receivedAt ?? 0))
  for (const work of runs) {
    work.loaded = locked.get(runKey(work)) ?? null
    foldFacts(work)
  }
  await foldSpans(tx, works, decisions)
  await settleWholeRuns(tx, runs)
  const { proofs, judgements } = await proveAndJudge(tx, runs, decisions !== null)
  const save = new SaveSet(judgements, onMove)
  const moved = await movedVerifications(tx, runs)

  for (const work of works.values()) {
    for (const change of work.spans)
      change.dimensionKey = dimensions.want(
        work.projectId,
        spanTuple(change.after ?? (change.before as StoredSpan), work.state.placement, work.state.start?.other ?? []),
      )
  }
  const runKeys = new Map(
    runs.map((work) => [
      work,
      dimensions.want(work.projectId, runTuple(work.state.placement, work.state.start?.other ?? [])),
    ]),
  )
  await dimensions.resolve(tx)

  for (const work of works.values()) {
    for (const change of work.spans) save.span(work, change, dimensions.id(change.dimensionKey))
  }
  for (const work of runs) {
    const dimensionSetId = dimensions.id(runKeys.get(work) as string)
    save.run(work, dimensionSetId, proofs.get(work) ?? null)
    for (const item of work.verifications) save.verification(item, dimensionSetId)
    for (const row of moved.get(runKey(work)) ?? []) save.moveVerification(row, dimensionSetId)
  }
  return save
}

/** Folds every span that a new event speaks of, together with the events that it already has. */
async function foldSpans(tx: TransactionSql, works: Map<string, RunWork>, decisions: Decisions): Promise<void> {
  const keys: SpanKey[] = []
  const bounds = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY }
  for (const work of works.values()) {
    const { loaded } = work
    if (work.runId === "") {
      // A loose call is one event; only an act upon it speaks of it once more.
      for (const [spanId, fresh] of work.spanEvents) {
        if (!fresh.some((item) => isAct(item.event))) continue
        keys.push({ projectId: work.projectId, runId: "", spanId })
        for (const { at } of fresh) {
          bounds.from = Math.min(bounds.from, at)
          bounds.to = Math.max(bounds.to, at)
        }
      }
    }
    if (!loaded || loaded.isNew || loaded.firstSpanAt === null || loaded.lastSpanAt === null) continue
    for (const spanId of work.spanEvents.keys()) keys.push({ projectId: work.projectId, runId: work.runId, spanId })
    bounds.from = Math.min(bounds.from, loaded.firstSpanAt)
    bounds.to = Math.max(bounds.to, loaded.lastSpanAt)
  }
  const stored = await findSpans(tx, keys, bounds)
  const before = new Map(stored.map((span) => [spanKey(span), span]))
  const earlier = new Map<string, LedgerEvent[]>()
  if (stored.length > 0) {
    const received = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY }
    for (const work of works.values()) {
      received.from = Math.min(received.from, work.loaded?.firstReceivedAt ?? Number.POSITIVE_INFINITY)
      received.to = Math.max(received.to, work.loaded?.lastReceivedAt ?? Number.NEGATIVE_INFINITY)
      if (work.runId !== "") continue
      for (const { event, receivedAt } of [...work.spanEvents.values()].flat()) {
        if (!isAct(event)) continue
        received.from = Math.min(received.from, Date.parse(event.since))
        received.to = Math.max(received.to, receivedAt)
      }
    }
    const fresh = new Set(
      [...works.values()].flatMap((work) =>
        [...work.spanEvents.values()].flat().map((item) => `${item.projectId} ${item.id}`),
      ),
    )
    for (const item of await eventsOfSpans(tx, stored, received)) {
      if (fresh.has(`${item.projectId} ${item.id}`)) continue
      const key = spanKey(item)
      earlier.set(key, [...(earlier.get(key) ?? []), item])
    }
  }
  const folded = [...works.values()].flatMap((work) =>
    [...work.spanEvents].map(([spanId, fresh]) => {
      const key = spanKey({ ...work, spanId })
      return { key, work, ...bookable(before.get(key) ?? null, earlier.get(key) ?? [], fresh) }
    }),
  )
  const closed = decisions ? await closedFor(tx, folded) : null
  for (const { key, work, ...span } of folded) {
    const isKeptOut = closed !== null && bookLate(span, closed)
    const { state } = span
    if (decisions && !isKeptOut) decide(state, span.fresh.at(-1) as LedgerEvent, decisions)
    widen(work, state.earliest)
    widen(work, state.latest)
    const isCall = isLeafCall(state.kind) || hasMoney(state)
    work.spans.push({ before: before.get(key) ?? null, after: state, isCounted: true, isCall, dimensionKey: "" })
  }
}

const spanKey = (k: SpanKey): string => `${k.projectId} ${k.runId} ${k.spanId}`

/** Prices the span as it is now and writes the decision into the entry of the event that entered the ledger last. */
function decide(state: SpanState, newest: LedgerEvent, { book, prefersReported }: Exclude<Decisions, null>): void {
  const { entry } = newest
  Object.assign(entry, decisionOf(state, book, prefersReported(state.projectId)))
  decideCost(state, entry)
}

/** What is to be decided about a span's cost, by these prices and this setting. */
export function decisionOf(
  state: Priceable & { reportedCost: Money | null; beganAt: number | null },
  book: PriceBook,
  prefersReported: boolean,
): Entry {
  const priced = book.price({ ...state, startedAt: state.beganAt ?? state.startedAt })
  const entry: Entry = {}
  if (priced) {
    entry.computed = formatMoney(priced.cost)
    entry.price = priced.priceId
    if (priced.isEstimated) entry.estimated = true
    if (priced.discount !== null) entry.discount = priced.discount
  }
  if (state.reportedCost !== null && state.reportedCost > MAX_REPORTED_COST) entry.held = true
  if (!prefersReported) entry.prefersReported = false
  return entry
}

/**
 * Runs where one change touches spans that no new event speaks of: those with roll-up usage (a descendant decides whether it counts) and those
 * whose workflow, team or release became known after their spans.
 */
async function settleWholeRuns(tx: TransactionSql, runs: readonly RunWork[]): Promise<void> {
  const whole = runs.filter((work) => work.isMoved || hasRollups(work))
  if (whole.length === 0) return
  const known = whole.filter((work) => work.loaded && !work.loaded.isNew && work.loaded.firstSpanAt !== null)
  const stored = known.length === 0 ? [] : await spansOfRuns(tx, known, spanBoundsOf(known))
  const byRun = groupBy(stored, runKey)
  for (const work of whole) {
    const changed = new Set(work.spans.map((change) => change.after?.spanId))
    const others = (byRun.get(runKey(work)) ?? []).filter((span) => !changed.has(span.spanId))
    work.hasRollupUsage = others.some(isRollup) || work.spans.some((change) => isRollup(change.after as SpanState))
    const counted = hasRollups(work)
      ? countedSpans([...others.map(toNode), ...work.spans.map((change) => toNode(change.after as SpanState))])
      : null
    for (const change of work.spans) {
      const { spanId } = change.after as SpanState
      change.isCounted = counted?.get(spanId) ?? true
      change.isCall &&= change.isCounted
    }
    for (const span of others) {
      const isCounted = counted?.get(span.spanId) ?? span.isCounted
      if (!work.isMoved && isCounted === span.isCounted) continue
      const isCall = isCounted && (isLeafCall(span.kind) || hasMoney(span))
      work.spans.push({ before: span, after: null, isCounted, isCall, dimensionKey: "" })
    }
  }
}

function hasRollups(work: RunWork): boolean {
  return (
    work.loaded?.hasRollupUsage === true || work.spans.some((change) => change.after !== null && isRollup(change.after))
  )
}

async function movedVerifications(
  tx: TransactionSql,
  runs: readonly RunWork[],
): Promise<Map<string, StoredVerification[]>> {
  const moved = runs.filter((work) => work.isMoved && (work.loaded?.verifications ?? 0) > 0)
  return groupBy(await verificationsOfRuns(tx, moved), runKey)
}
