import { canonicalJson, sha256 } from "@/lib/canonical"
import { inOrder } from "@/lib/order"
import { DAY_MS, parseInstant } from "@/lib/time"
import type { SpanKind } from "@/lib/vocabulary"
import { isAct, MAPPED, type Remapped } from "./act-events"
import type { LedgerEvent } from "./event"
import { decideCost, mergeMoney } from "./fold-money"
import { cutText } from "./inspect"
import { type Boundary, type CostEvent, NO_PLACEMENT, type SpanEvent, type SpanState } from "./span-state"

/** A clock more than a day ahead of ours is not believed: the money date is then the time received. The past is taken as it is. */
const MAX_AHEAD_MS = DAY_MS
/** A span longer than this is a wrong clock, not work. */
const MAX_DURATION_MS = 366 * DAY_MS
/**
 * Folds all events of one span. Per field non-null beats null, then the later event wins; steps keep each start and end. The price decision
 * is the one of the event that entered the ledger last, because it saw all the others.
 */
export function foldSpan(events: readonly LedgerEvent[]): SpanState {
  const remapped = newestRemapped(events)
  const ordered = inOrder(ownEvents(events, remapped?.event.mappings ?? null))
  const first = ordered[0]
  if (!first) throw new Error("a span has no event of its own")
  const newest = events.reduce((last, item) => (item.n > last.n ? item : last))
  // In the middle of a replay, what was late may be all that is there.
  const inTime = ordered.filter((item) => !item.entry.late)
  const settled = inTime.length > 0 ? inTime : ordered
  const state: SpanState = {
    projectId: first.projectId,
    runId: first.runId,
    spanId: first.spanId,
    startedAt: 0,
    beganAt: null,
    lateEvents: ordered.length - inTime.length,
    endedAt: null,
    parentId: null,
    kind: kindOf(settled),
    name: "",
    status: null,
    error: null,
    step: null,
    attempt: null,
    outcome: null,
    boundaries: null,
    argsHash: null,
    provider: null,
    model: null,
    askedModel: null,
    serviceTier: null,
    placement: NO_PLACEMENT,
    other: [],
    keyId: first.keyId,
    usage: null,
    extras: {},
    cost: null,
    costSource: null,
    reportedCost: null,
    computedCost: null,
    priceId: null,
    isEstimated: false,
    discount: null,
    repricing: null,
    remapping: remapped?.event.mappings?.remapping ?? null,
    isTimeSuspect: false,
    hasStart: false,
    eventCount: events.length,
    receivedAt: first.receivedAt,
    earliest: Number.POSITIVE_INFINITY,
    latest: Number.NEGATIVE_INFINITY,
  }
  let start: number | null = null
  let fallbackStart = Number.POSITIVE_INFINITY
  for (const item of ordered) {
    if (item.receivedAt < state.receivedAt) state.receivedAt = item.receivedAt
    const isLate = settled !== ordered && item.entry.late === true
    const seen = mergeEvent(state, item, isLate)
    if (isLate) continue
    if (seen.start !== null) start = seen.start
    if (seen.order < fallbackStart) fallbackStart = seen.order
  }
  if (remapped?.event.mappings && remapped.item.entry.other)
    state.other = [...new Set([...state.other, ...remapped.item.entry.other])]
  if (state.status === "error" && state.boundaries !== null) failEnd(state, ordered)
  state.hasStart = start !== null
  state.startedAt = start ?? fallbackStart
  if (state.name === "") state.name = state.kind
  if (
    state.endedAt !== null &&
    (state.endedAt < state.startedAt || state.endedAt - state.startedAt > MAX_DURATION_MS)
  ) {
    state.isTimeSuspect = true
  }
  if (state.model === null || state.askedModel === state.model) {
    state.model ??= state.askedModel
    state.askedModel = null
  }
  bookAt(state, newest.entry.booked)
  decideCost(state, newest.entry)
  state.repricing = newest.event.type === "repriced" && !newest.event.isUndo ? newest.event.repricing : null
  return state
}

/** Its money lies elsewhere than its start, if that is said. */
export function bookAt(state: SpanState, booked: string | undefined): void {
  const began = state.beganAt ?? state.startedAt
  state.startedAt = booked === undefined ? began : Date.parse(booked)
  state.beganAt = state.startedAt === began ? null : began
}

/** The last word on how a span's events are read; it is the one that entered the ledger last. */
export function newestRemapped(events: readonly LedgerEvent[]): { item: LedgerEvent; event: Remapped } | null {
  let newest: { item: LedgerEvent; event: Remapped } | null = null
  for (const item of events)
    if (item.event.type === "remapped" && (newest === null || item.n > newest.item.n))
      newest = { item, event: item.event }
  return newest
}

/** Its own events, as these mappings read them. */
function ownEvents(events: readonly LedgerEvent[], mappings: Remapped["mappings"]): LedgerEvent[] {
  const own = events.filter((item) => !isAct(item.event))
  if (mappings === null) return own
  return own.map((item) => {
    const mapping = Object.hasOwn(mappings.events, item.id) ? mappings.events[item.id] : undefined
    if (mapping === undefined) return item
    const event: Record<string, unknown> = { ...item.event }
    for (const field of MAPPED) delete event[field]
    return { ...item, event: { ...event, ...mapping } as LedgerEvent["event"] }
  })
}

/** Merges one event, later than all merged before. @returns its start, and the instant that stands in while no start is known. */
function mergeEvent(state: SpanState, item: LedgerEvent, isLate: boolean): { start: number | null; order: number } {
  const event = item.event
  const order = believe(state, item.at, item)
  let start: number | null = null
  if (item.entry.other && !isLate) state.other = [...new Set([...state.other, ...item.entry.other])]
  switch (event.type) {
    case "step.started":
    case "step.finished": {
      const isStart = event.type === "step.started"
      const boundary: Boundary = {
        kind: isStart ? "start" : "end",
        outcome: isStart ? null : event.outcome,
        seq: item.seq,
        at: item.at,
        id: item.id,
        ...(!isStart && event.state !== undefined ? { state: event.state } : {}),
      }
      state.boundaries = [...(state.boundaries ?? []), boundary]
      state.name = event.step
      state.step = event.step
      state.attempt = event.attempt ?? 1
      if (event.type === "step.started") start = order
      else {
        state.endedAt = order
        state.outcome = event.outcome
        state.status = event.outcome === "failed" ? "error" : "ok"
        if (event.error !== undefined) state.error = cutError(event.error)
      }
      break
    }
    case "span":
      start = mergeSpanEvent(state, item, event, isLate)
      break
    case "cost":
      start = order
      state.endedAt = order
      state.name = "cost"
      if (isLate) break
      mergeMoney(state, event)
      mergePlacement(state, event)
      if (event.step !== undefined) state.step = event.step
      break
    default:
      throw new Error(`a ${event.type} event speaks of no span`)
  }
  return { start, order }
}

/**
 * A span's error may be said in another event than its end: then that end was none of success. With several ends each speaks for itself, or a
 * second attempt's error would undo the first one's success; ends of `step.finished` always do.
 */
function failEnd(state: SpanState, ordered: readonly LedgerEvent[]): void {
  const told = new Set(ordered.filter(({ event }) => event.type === "span").map(({ id }) => id))
  const boundaries = state.boundaries ?? []
  const ends = boundaries.filter(({ kind }) => kind === "end")
  if (ends.length !== 1 || !told.has((ends[0] as Boundary).id)) return
  state.boundaries = boundaries.map((boundary) =>
    boundary.kind === "end" ? { ...boundary, outcome: "failed" } : boundary,
  )
  state.outcome = "failed"
}

/** Known before the merge: whether starts and ends are kept depends on it. */
function kindOf(ordered: readonly LedgerEvent[]): SpanKind {
  let kind: SpanKind = "other"
  for (const { event } of ordered) {
    if (event.type === "cost") kind = "llm"
    else if (event.type !== "span") kind = "step"
    else if (event.kind !== undefined) kind = event.kind
  }
  return kind
}

function mergeSpanEvent(state: SpanState, item: LedgerEvent, event: SpanEvent, isLate: boolean): number | null {
  const start = event.start === undefined ? null : believe(state, instant(event.start), item)
  const end = event.end === undefined || event.end === null ? null : believe(state, instant(event.end), item)
  if (end !== null) state.endedAt = end
  if (event.name !== undefined) state.name = event.name
  // What says where money counts, and how much, stays as it was when the month was closed.
  if (!isLate) {
    if (event.parent !== undefined && event.parent !== null) state.parentId = event.parent
    if (event.step !== undefined) state.step = event.step
    else if (state.kind === "step" && event.name !== undefined && state.step === null)
      state.step = cutText(event.name, 256)
    mergeMoney(state, event)
    mergePlacement(state, event)
  }
  if (event.attempt !== undefined) state.attempt = event.attempt
  if (event.status !== undefined) state.status = event.status
  if (event.error !== undefined) state.error = cutError(event.error)
  if (state.kind === "tool" && event.input !== undefined) state.argsHash = hashOfArguments(event.input)
  if (state.kind === "step") {
    const added: Boundary[] = []
    const base = { seq: item.seq, id: item.id }
    if (start !== null) added.push({ ...base, kind: "start", outcome: null, at: start })
    if (end !== null) {
      state.outcome = event.status === "error" ? "failed" : "succeeded"
      added.push({ ...base, kind: "end", outcome: state.outcome, at: end })
    }
    state.boundaries = [...(state.boundaries ?? []), ...added]
  }
  return start
}

function mergePlacement(state: SpanState, event: SpanEvent | CostEvent): void {
  const { workflow, environment, release, tags } = event
  if (workflow === undefined && environment === undefined && release === undefined && tags === undefined) return
  state.placement = {
    workflow: workflow ?? state.placement.workflow,
    environment: environment ?? state.placement.environment,
    release: release ?? state.placement.release,
    team: tagOf(tags, "team") ?? state.placement.team,
    customer: tagOf(tags, "customer") ?? state.placement.customer,
  }
}

/** An instant too far ahead of the time received is replaced by that. */
export function credible(at: number, receivedAt: number): number {
  return at > receivedAt + MAX_AHEAD_MS ? receivedAt : at
}

function believe(state: SpanState, at: number, item: LedgerEvent): number {
  const effective = credible(at, item.receivedAt)
  if (effective !== at) state.isTimeSuspect = true
  if (effective < state.earliest) state.earliest = effective
  if (effective > state.latest) state.latest = effective
  return effective
}

export function tagOf(tags: Record<string, string> | undefined, name: string): string | null {
  if (tags === undefined || !Object.hasOwn(tags, name)) return null
  const value = (tags[name] as string).trim()
  return value === "" ? null : cutText(value, 256)
}

function instant(text: string): number {
  const at = parseInstant(text)
  if (at === null) throw new Error("the ledger holds an instant that validation refuses")
  return at
}

/** Arguments that came as the text of a JSON value are that value: the order of their keys says nothing. */
function hashOfArguments(input: unknown): string {
  if (typeof input !== "string") return sha256(canonicalJson(input))
  try {
    return sha256(canonicalJson(JSON.parse(input)))
  } catch {
    return sha256(canonicalJson(input))
  }
}

function cutError(text: string): string {
  return cutText(text, 1000)
}
