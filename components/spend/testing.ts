import type { Spend, SpendGroup, SpendPoint } from "@/lib/contracts/read"
import { sumMoney } from "@/lib/money"

const NO_TOKENS = { input: 0, cache_read: 0, cache_write: 0, output: 0, reasoning: 0, audio_input: 0, audio_output: 0 }
const FIGURES = { reported_cost: "0", computed_cost: "0", unpriced_calls: 0, errors: 0, tokens: NO_TOKENS, runs: null }

/** A point of one call with ten tokens; a cost of `"0"` is a bucket in which nothing ran, null one whose call has no price. */
export const pointOf = (cost: string | null, runs: number | null = null): SpendPoint => ({
  cost,
  calls: cost === "0" ? 0 : 1,
  tokens: cost === "0" ? 0 : 10,
  unpriced_calls: cost === null ? 1 : 0,
  runs,
})

/** A group whose figures are those of its points. */
export function groupOf(key: (string | null)[], costs: (string | null)[], more: Partial<SpendGroup> = {}): SpendGroup {
  const series = costs.map((cost) => pointOf(cost))
  const calls = series.reduce((sum, point) => sum + point.calls, 0)
  const cost = sumMoney(costs)
  return { ...FIGURES, key, is_other: false, members: null, cost, calls, series, previous: null, ...more }
}

/** An answer of three whole days of November in UTC, by model. */
export function spendOf(groups: SpendGroup[], more: Partial<Spend> = {}): Spend {
  return {
    range: { from: "2026-11-18T00:00:00.000Z", to: "2026-11-21T00:00:00.000Z", is_snapped: false },
    tz: "UTC",
    currency: "USD",
    grain: "day",
    grains: ["15m", "hour", "day"],
    by: ["model"],
    buckets: ["2026-11-18T00:00:00.000Z", "2026-11-19T00:00:00.000Z", "2026-11-20T00:00:00.000Z"],
    total: {
      ...FIGURES,
      cost: sumMoney(groups.map((group) => group.cost)),
      calls: groups.reduce((sum, group) => sum + group.calls, 0),
    },
    groups,
    group_count: groups.length,
    unpriced: [],
    previous: null,
    ...more,
  }
}
