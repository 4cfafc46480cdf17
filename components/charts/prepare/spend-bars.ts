import { shapeAmounts, showAmount } from "@/components/charts/prepare/amounts"
import type { Paint } from "@/components/charts/prepare/colour"
import {
  areaPath,
  type Band,
  barsPath,
  dotBand,
  endLabels,
  endOf,
  linePath,
} from "@/components/charts/prepare/geometry"
import {
  openBucket,
  type PlotBucket,
  type PlotModel,
  type PlotSeries,
  prepareBuckets,
} from "@/components/charts/prepare/plot"
import { beforeOf, type Line, linesOf, spendBefore, totalsOf } from "@/components/charts/prepare/spend-lines"
import { countTickLabels, moneyTickLabels, niceTicks } from "@/components/charts/prepare/ticks"
import type { Spend, SpendPoint } from "@/lib/contracts/read"
import type { Metric, Shape } from "@/lib/filters"
import { divideMoney, toPixels } from "@/lib/money"

/** One colour of the chart: a group, or all those past the eighth. */
export type ChartSeries = PlotSeries & {
  /** Its group in the answer; null for the rest, which may be several. */
  groupIndex: number | null
  path: string
  /** The bucket that is still filling, drawn paler. */
  openPath: string
  dots: string
}
export type ChartBucket = PlotBucket & {
  /** What is drawn, by series id; null is a gap: calls ran and none has a price, or no run started. */
  values: Record<string, string | null>
  texts: Record<string, string>
  total: string | null
  totalText: string
  /** Of the same bucket in the period before; null when there is none. */
  previousText: string | null
  unpricedCalls: number
  /** Names of the series whose calls have no price here. */
  unpriced: string[]
}
export type SpendChartModel = PlotModel<ChartBucket, ChartSeries> & {
  shape: Shape
  /** The period before, as thin lines: one for a stack, one a series where there is no stack. */
  previous: { id: string; paint: Paint; line: string; dots: string }[]
  /** Buckets in which some series is a gap: said under the chart. */
  gapCount: number
  /** Where a limit lies, as a share of the height; null where there is none, or none within sight. */
  limit: number | null
}

/** Further above what is drawn than this a limit would only flatten it. */
const LIMIT_IN_SIGHT = 3

/**
 * Everything that the chart draws. A bucket without calls is a real zero; a bucket whose calls all lack a price is a gap. The sum of all bars is
 * the headline: both come from one answer.
 */
export function prepareSpendBars(
  spend: Spend,
  now: number,
  metric: Metric = "cost",
  shape: Shape = "bars",
  limit: string | null = null,
): SpendChartModel {
  const lines = linesOf(spend)
  const length = spend.buckets.length
  const amounts = lines.map((line) => shapeAmounts(line.points, metric, shape))
  const isStack = shape !== "per_run"
  const totals = totalsOf(lines, amounts, shape, metric, length)
  const allBefore = spend.previous ? spendBefore(lines, spend, metric, shape) : []
  const before = spend.previous ? beforeOf(lines, spend, metric, shape, length) : []
  const ceiling = [...(isStack ? totals : amounts.flat()), ...before.flatMap((one) => one.amounts)]
  const highest = Math.max(0, ...ceiling.map((text) => toPixels(text) ?? 0))
  const limitHeight = toPixels(limit)
  const isInSight = limitHeight !== null && limitHeight <= highest * LIMIT_IN_SIGHT
  const ticks = niceTicks(isInSight ? Math.max(highest, limitHeight) : highest, metric === "cost" || !isStack ? 0 : 1)
  const top = ticks.at(-1) ?? 1
  const share = (text: string | null) => (text === null ? null : (toPixels(text) ?? 0) / top)
  const bands = isStack ? stack(amounts, length, share) : amounts.map((row) => row.map((text) => dotBand(share(text))))
  const buckets = prepareBuckets(spend, now).map((bucket, i): ChartBucket => {
    const byId = <T>(of: (line: Line, index: number) => T) =>
      Object.fromEntries(lines.map((line, k) => [line.id, of(line, k)]))
    const previous = allBefore[i]
    return {
      ...bucket,
      values: byId((_, k) => amounts[k]?.[i] ?? null),
      texts: byId((_, k) => textOf(amounts[k]?.[i] ?? null, lines[k]?.points[i], metric, shape, spend.currency)),
      bands: byId((_, k) => bands[k]?.[i] ?? null),
      total: totals[i] ?? null,
      totalText: textOf(totals[i] ?? null, undefined, metric, shape, spend.currency),
      previousText: previous === undefined ? null : textOf(previous, undefined, metric, shape, spend.currency),
      unpricedCalls: lines.reduce((sum, line) => sum + (line.points[i]?.unpriced_calls ?? 0), 0),
      unpriced: lines.filter((line) => line.points[i]?.cost === null).map((line) => line.label),
    }
  })
  const openAt = buckets.findIndex((bucket) => bucket.isOpen)
  return {
    shape,
    series: lines.map((line, k) => ({ ...line, ...marks(bands[k] ?? [], amounts[k] ?? [], shape, openAt, share) })),
    buckets,
    ticks: ticks.map((tick, i) => ({
      share: tick / top,
      label: (metric === "cost" ? moneyTickLabels(ticks, spend.currency) : countTickLabels(ticks))[i] ?? "",
    })),
    previous: before.map(({ id, paint, amounts: values }) => ({
      id,
      paint,
      ...linePath(values.map(share), length, shape === "cumulative" ? "end" : "middle"),
    })),
    labels:
      shape === "bars"
        ? []
        : endLabels(lines.map((line, k) => ({ id: line.id, label: line.label, end: endOf(bands[k] ?? [], isStack) }))),
    open: openBucket(buckets, (i) => (isStack ? (share(totals[i] ?? null) ?? 0) : null)),
    foot: "zero",
    isStack,
    marks: null,
    limit: isInSight ? limitHeight / top : null,
    gapCount: metric === "cost" ? buckets.filter((bucket) => bucket.unpriced.length > 0).length : 0,
  }
}

/** Where each series stands on those before it; a gap takes no room. */
function stack(amounts: (string | null)[][], length: number, share: (text: string | null) => number | null): Band[][] {
  const heights = Array.from({ length }, () => 0)
  return amounts.map((row) =>
    row.map((text, i) => {
      const height = share(text)
      if (height === null) return null
      const from = heights[i] ?? 0
      heights[i] = from + height
      return { from, to: from + height }
    }),
  )
}

type Marks = Pick<ChartSeries, "path" | "openPath" | "dots">
function marks(
  bands: readonly Band[],
  amounts: readonly (string | null)[],
  shape: Shape,
  openAt: number,
  share: (text: string | null) => number | null,
): Marks {
  if (shape === "bars")
    return { path: barsPath(bands, (i) => i !== openAt), openPath: barsPath(bands, (i) => i === openAt), dots: "" }
  if (shape === "cumulative") return { path: areaPath(bands), openPath: "", dots: "" }
  const { line, dots } = linePath(amounts.map(share), amounts.length, "middle")
  return { path: line, openPath: "", dots }
}

function textOf(
  amount: string | null,
  point: SpendPoint | undefined,
  metric: Metric,
  shape: Shape,
  currency: string,
): string {
  if (amount !== null) return showAmount(amount, metric, currency)
  if (shape === "per_run" && (point === undefined || point.runs === 0)) return "no run"
  return showAmount(null, metric, currency)
}

/** Of a whole range: spend over the runs that started in it. */
export const perRun = (amount: string | null, runs: number | null): string | null => divideMoney(amount, runs ?? 0)
