import type { SpanRow } from "@/lib/contracts/read"

export const T0 = Date.parse("2026-11-20T10:00:00Z")
export const at = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString()

/** A call of one second without a price, for tests. */
export function span(id: string, more: Partial<SpanRow> = {}): SpanRow {
  return {
    id,
    run: "r1",
    parent: null,
    kind: "llm",
    name: id,
    status: "ok",
    error: null,
    step: null,
    attempt: null,
    outcome: null,
    started_at: at(0),
    booked_at: null,
    late_events: 0,
    ended_at: at(1),
    provider: null,
    model: null,
    tokens: null,
    is_counted: true,
    is_call: true,
    cost: null,
    cost_source: null,
    reported_cost: null,
    computed_cost: null,
    is_estimated: false,
    is_time_suspect: false,
    ...more,
  }
}
