import { type Money, parseMoney } from "@/lib/money"
import { EXTRAS, type SpanKind, TOKEN_BUCKETS, type Usage } from "@/lib/vocabulary"
import type { Entry } from "./event"
import type { CostEvent, SpanEvent, SpanState } from "./span-state"

/** A reported cost above this is kept and shown, but counted only when a person has looked: a misplaced point must not become spend. */
export const MAX_REPORTED_COST: Money = parseMoney("1000000")

const METERS = [...TOKEN_BUCKETS, ...EXTRAS]

/** What an event says of model, tokens and cost, later than all merged before. */
export function mergeMoney(state: SpanState, event: SpanEvent | CostEvent): void {
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
