import type { SpendPoint, Tokens } from "@/lib/contracts/read"
import type { Metric, Shape } from "@/lib/filters"
import { formatCompact, formatCount } from "@/lib/format"
import { displayMoney, divideMoney, sumMoney } from "@/lib/money"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"

/** What a figure is measured by: decimal text, exact; null = calls ran and none has a price. */
export const amountOf = (point: Pick<SpendPoint, "cost" | "calls" | "tokens">, metric: Metric): string | null =>
  metric === "cost" ? point.cost : String(point[metric])

export const tokensOf = (tokens: Tokens): number => TOKEN_BUCKETS.reduce((sum, bucket) => sum + tokens[bucket], 0)

/** For the eye; `isFraction` where a count was divided. */
export function showAmount(text: string | null, metric: Metric, currency: string, isCompact = false): string {
  if (text === null) return metric === "cost" ? "unpriced" : "–"
  if (metric === "cost") return displayMoney(text, currency)
  const number = Number(text)
  if (!Number.isInteger(number)) return number >= 100 ? formatCount(Math.round(number)) : number.toFixed(1)
  return isCompact ? formatCompact(number) : formatCount(number)
}

/** A series of points as it is drawn: each alone, summed up to it (what has no price adds nothing), or per run (a gap where none started). */
export function shapeAmounts(points: readonly SpendPoint[], metric: Metric, shape: Shape): (string | null)[] {
  const amounts = points.map((point) => amountOf(point, metric))
  switch (shape) {
    case "bars":
      return amounts
    case "cumulative": {
      let sum: string = "0"
      return amounts.map((amount) => {
        sum = sumMoney([sum, amount]) ?? sum
        return sum
      })
    }
    case "per_run":
      return points.map((point, i) => divideMoney(amounts[i] ?? null, point.runs ?? 0))
    default:
      return shape satisfies never
  }
}

/** Points of several series in one, bucket by bucket. */
export function addPoints(series: readonly (readonly SpendPoint[])[], length: number): SpendPoint[] {
  return Array.from({ length }, (_, i) => {
    const points = series.flatMap((one) => one[i] ?? [])
    const sum = (of: (point: SpendPoint) => number) => points.reduce((all, point) => all + of(point), 0)
    return {
      cost: points.length === 0 ? "0" : sumMoney(points.map((point) => point.cost)),
      calls: sum((point) => point.calls),
      tokens: sum((point) => point.tokens),
      unpriced_calls: sum((point) => point.unpriced_calls),
      runs: points.some((point) => point.runs !== null) ? sum((point) => point.runs ?? 0) : null,
    }
  })
}
