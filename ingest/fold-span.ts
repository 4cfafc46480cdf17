import { canonicalJson, sha256 } from "@/lib/canonical"
import { type Money, parseMoney } from "@/lib/money"
import { inOrder } from "@/lib/order"
import { DAY_MS, parseInstant } from "@/lib/time"
import {
  type CostSource,
  EXTRAS,
  type Extras,
  type SpanKind,
  type StepOutcome,
  TOKEN_BUCKETS,
  type Usage,
} from "@/lib/vocabulary"
import { isAct, MAPPED, type Remapped } from "./act-events"
import type { Entry, LedgerEvent } from "./event"
import { cutText } from "./inspect"

/** One start or end of a step that an event named. */
export type Boundary = {
  kind: "start" | "end"
  outcome: StepOutcome | null
  seq: number | null
  at: number
  id: string
  /** Of an end: the hash of the state that the step left behind, when it said so. */
  state?: string
}

/** What spend is booked under; null = the events carry none. */
export type Placement = {
  workflow: string | null
  environment: string | null
  release: string | null
  team: string | null
  customer: string | null
}
export const NO_PLACEMENT: Placement = { workflow: null, environment: null, release: null, team: null, customer: null }

/** A span as its events together describe it: a function of the set of events, never of their order of arrival. */
export type SpanState = {
  projectId: number
  runId: string
  spanId: string
  startedAt: number
  endedAt: number | null
  parentId: string | null
  kind: SpanKind
  name: string
  status: "ok" | "error" | null
  error: string | null
  step: string | null
  attempt: number | null
  outcome: StepOutcome | null
  boundaries: Boundary[] | null
  /** Of a tool call: SHA-256 of the canonical JSON of its arguments. */
  argsHash: string | null
  provider: string | null
  /** The one that answered; where the source names none, the one that was asked for. */
  model: string | null
  /** The one that was asked for, when another answered. */
  askedModel: string | null
  serviceTier: string | null
  /** Its own, for spans whose run says nothing. */
  placement: Placement
  /** Dimensions whose name is counted as "(other)". */
  other: readonly string[]
  keyId: number
  usage: Usage | null
  extras: Extras
  cost: Money | null
  costSource: CostSource | null
  reportedCost: Money | null
  computedCost: Money | null
  priceId: number | null
  isEstimated: boolean
  /** Percent off the list price. */
  discount: string | null
  /** The act that priced it again, while nothing came after. */
  repricing: number | null
  /** The act by whose mapping its events are read. */
  remapping: number | null
  isTimeSuspect: boolean
  hasStart: boolean
  eventCount: number
  receivedAt: number
  /** Bounds of every instant that its events name: they cover `startedAt` whichever event decides it. */
  earliest: number
  latest: number
}

/** A clock more than a day ahead of ours is not believed: the money date is then the time received. The past is taken as it is. */
const MAX_AHEAD_MS = DAY_MS
/** A span longer than this is a wrong clock, not work. */
const MAX_DURATION_MS = 366 * DAY_MS
/** A reported cost above this is kept and shown, but counted only when a person has looked: a misplaced point must not become spend. */
export const MAX_REPORTED_COST: Money = parseMoney("1000000")

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
  const state: SpanState = {
    projectId: first.projectId,
    runId: first.runId,
    spanId: first.spanId,
    startedAt: 0,
    endedAt: null,
    parentId: null,
    kind: kindOf(ordered),
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
    const seen = mergeEvent(state, item)
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
  decideCost(state, newest.entry)
  state.repricing = newest.event.type === "repriced" && !newest.event.isUndo ? newest.event.repricing : null
  return state
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
function mergeEvent(state: SpanState, item: LedgerEvent): { start: number | null; order: number } {
  const event = item.event
  const order = believe(state, item.at, item)
  let start: number | null = null
  if (item.entry.other) state.other = [...new Set([...state.other, ...item.entry.other])]
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
      start = mergeSpanEvent(state, item, event)
      break
    case "cost":
      start = order
      state.endedAt = order
      state.name = "cost"
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

type SpanEvent = Extract<LedgerEvent["event"], { type: "span" }>
type CostEvent = Extract<LedgerEvent["event"], { type: "cost" }>

function mergeSpanEvent(state: SpanState, item: LedgerEvent, event: SpanEvent): number | null {
  const start = event.start === undefined ? null : believe(state, instant(event.start), item)
  const end = event.end === undefined || event.end === null ? null : believe(state, instant(event.end), item)
  if (end !== null) state.endedAt = end
  if (event.name !== undefined) state.name = event.name
  if (event.parent !== undefined && event.parent !== null) state.parentId = event.parent
  if (event.step !== undefined) state.step = event.step
  else if (state.kind === "step" && event.name !== undefined && state.step === null)
    state.step = cutText(event.name, 256)
  if (event.attempt !== undefined) state.attempt = event.attempt
  if (event.status !== undefined) state.status = event.status
  if (event.error !== undefined) state.error = cutError(event.error)
  mergeMoney(state, event)
  mergePlacement(state, event)
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

const METERS = [...TOKEN_BUCKETS, ...EXTRAS]

function mergeMoney(state: SpanState, event: SpanEvent | CostEvent): void {
  if (event.provider !== undefined) state.provider = event.provider
  if (event.model !== undefined) state.askedModel = event.model
  if (event.response_model !== undefined) state.model = event.response_model
  if (event.service_tier !== undefined) state.serviceTier = event.service_tier
  if (event.cost !== undefined) state.reportedCost = parseMoney(event.cost)
  // A usage that names no bucket says nothing: unknown, not zero.
  if (event.usage === undefined || !METERS.some((meter) => event.usage?.[meter] !== undefined)) return
  for (const name of EXTRAS) {
    const count = event.usage[name]
    if (count !== undefined) state.extras = { ...state.extras, [name]: count }
  }
  const merged = state.usage ?? emptyUsage()
  for (const bucket of TOKEN_BUCKETS) merged[bucket] = event.usage[bucket] ?? merged[bucket]
  state.usage = merged
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

/** What a decision says of a span. */
export type Decided = Pick<
  SpanState,
  "cost" | "costSource" | "reportedCost" | "computedCost" | "priceId" | "isEstimated" | "discount"
>

/** `cost` = what the source reported when it did and the project wants that, else what was computed, else null: unpriced. */
export function decideCost(state: Decided, entry: Entry): void {
  state.computedCost = entry.computed === undefined ? null : parseMoney(entry.computed)
  state.priceId = entry.price ?? null
  state.isEstimated = entry.estimated ?? false
  state.discount = entry.discount ?? null
  const reported = entry.held ? null : state.reportedCost
  const prefersReported = entry.prefersReported ?? true
  const takesReported = reported !== null && (prefersReported || state.computedCost === null)
  state.cost = takesReported ? reported : state.computedCost
  state.costSource = state.cost === null ? null : takesReported ? "reported" : "computed"
  if (entry.held) {
    state.cost = null
    state.costSource = null
  }
}

/** A span whose usage or reported cost makes it a model call by itself, whatever its descendants have. */
export function isLeafCall(kind: SpanKind): boolean {
  return kind === "llm" || kind === "embedding"
}

export function hasMoney(state: Pick<SpanState, "usage" | "reportedCost">): boolean {
  return state.usage !== null || state.reportedCost !== null
}

export function emptyUsage(): Usage {
  return { input: 0, cache_read: 0, cache_write: 0, output: 0, reasoning: 0, audio_input: 0, audio_output: 0 }
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
