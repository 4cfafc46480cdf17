import type { NativeEvent } from "@/lib/contracts/events"
import type { ActEvent } from "./act-events"

/** An event that passed validation, in the one form that every decoder produces. Times are milliseconds of UTC. */
export type CanonicalEvent = {
  projectId: number
  keyId: number
  id: string
  type: NativeEvent["type"]
  /** Empty for a `cost` event. */
  runId: string
  /** The span it speaks of: a span, a step's attempt, a cost event's own; empty for what speaks of the run. */
  spanId: string
  seq: number | null
  /** What orders it among its kin: `at`, else start, else end. */
  at: number
  receivedAt: number
  event: NativeEvent
  /** Canonical JSON, as stored and as hashed. */
  body: string
  key: string
  bodyHash: string
  sanitized: boolean
}

/**
 * Of the ledger's own making, never of the wire: a span's cost was decided anew, by a person's act. It tells nothing else of the span, so that the act can
 * be undone by another one.
 */
export type Repriced = {
  type: "repriced"
  id: string
  seq?: undefined
  /** The start of the span. */
  at: string
  span: string
  run?: string
  repricing: number
  isUndo?: true
  /** The decision that held before. */
  before: Entry
  /** When the span's own events began to come in: what is older than the retention is not told any more. */
  since: string
}

/** Of the ledger's own making too: the watchdog looked at a silent run, and time alone had changed what is found in it. */
export type Tick = { type: "tick"; id: string; seq?: undefined; at: string; run: string }

/** What ingest decided about an event; stored with it, so that a replay decides nothing again. */
export type Entry = {
  /** Of the whole span as this event left it. */
  computed?: string
  price?: number
  estimated?: true
  /** Percent off the list price. */
  discount?: string
  /** A reported cost above the limit: kept and summed as reported, never in `cost`. */
  held?: true
  /** The project's setting when this was decided. */
  prefersReported?: false
  /** Dimensions whose name was past the limit and is counted as "(other)". */
  other?: string[]
  sanitized?: true
  /** Of the whole span as this event left it: it began in a month that was closed by then, and its money is booked at this instant. */
  booked?: string
  /** It came for a span whose money lies in a month that was closed by then: what it says of money is kept out. */
  late?: true
}

/** An event as the ledger holds it; `n` grows along a run's events. */
export type LedgerEvent = {
  projectId: number
  n: bigint
  id: string
  type: NativeEvent["type"] | ActEvent["type"] | "tick"
  runId: string
  spanId: string
  keyId: number
  receivedAt: number
  seq: number | null
  at: number
  event: NativeEvent | ActEvent | Tick
  entry: Entry
}

export const stepSpanId = (step: string, attempt: number | undefined): string => `step:${step}:${attempt ?? 1}`
export const costSpanId = (eventId: string): string => `cost:${eventId}`
