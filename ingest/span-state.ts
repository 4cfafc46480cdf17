import type { Money } from "@/lib/money"
import type { CostSource, Extras, SpanKind, StepOutcome, Usage } from "@/lib/vocabulary"
import type { LedgerEvent } from "./event"

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
  /** The money date: its start, unless that month was closed. */
  startedAt: number
  /** Its start, where its money is booked later; else null. */
  beganAt: number | null
  /** Events whose money is kept out of a closed month. */
  lateEvents: number
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

export type SpanEvent = Extract<LedgerEvent["event"], { type: "span" }>
export type CostEvent = Extract<LedgerEvent["event"], { type: "cost" }>
