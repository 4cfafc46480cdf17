import { OTHER_PAINT, type Paint, paintSeries, seriesKey } from "@/components/charts/prepare/colour"
import { labelledIndexes, moneyTickLabels, niceTicks } from "@/components/charts/prepare/ticks"
import type { Spend } from "@/lib/contracts/read"
import { groupLabel } from "@/lib/dimension-words"
import { formatBucket } from "@/lib/format"
import { displayMoney, sumMoney, toPixels } from "@/lib/money"

export type BarSeries = { id: string; label: string; paint: Paint; groupIndex: number }
export type BarBucket = {
  at: string
  /** Exclusive end: the next bucket's start, or the range's. */
  until: string
  label: string
  /** Named on the axis. */
  isLabelled: boolean
  /** Still filling: drawn paler. */
  isOpen: boolean
  /** Heights by series id; null is a gap: calls ran and none has a price. */
  heights: Record<string, number | null>
  /** The same as text for tooltip and table, exact before rounding for display. */
  costs: Record<string, string | null>
  total: string | null
  totalText: string
  /** Names of the series whose calls have no price here. */
  unpriced: string[]
}
export type SpendBars = {
  series: BarSeries[]
  buckets: BarBucket[]
  ticks: number[]
  tickLabels: string[]
  /** Buckets in which some series is a gap: said under the chart. */
  gapCount: number
}

/**
 * Everything the stacked chart draws. A bucket without calls is a real zero; a bucket whose calls all lack a price is a gap. The sum of all
 * bars is the headline: both come from one answer.
 */
export function prepareSpendBars(spend: Spend, now: number): SpendBars {
  const ids = spend.groups.map((group, i) => (group.is_other ? "other" : `g${i}`))
  const own = spend.groups.filter((group) => !group.is_other)
  const paints = paintSeries(own.map((group) => seriesKey(group.key)))
  let next = 0
  const series = spend.groups.map(
    (group, i): BarSeries => ({
      id: ids[i] as string,
      label: groupLabel(group, spend.by),
      paint: group.is_other ? OTHER_PAINT : (paints[next++] as Paint),
      groupIndex: i,
    }),
  )

  const labelled = labelledIndexes(spend.buckets.length, 8)
  const buckets = spend.buckets.map((at, i): BarBucket => {
    const until = spend.buckets[i + 1] ?? spend.range.to
    const heights: BarBucket["heights"] = {}
    const costs: BarBucket["costs"] = {}
    const unpriced: string[] = []
    for (const one of series) {
      const cost = spend.groups[one.groupIndex]?.series[i]?.cost ?? null
      costs[one.id] = cost
      heights[one.id] = toPixels(cost)
      if (cost === null) unpriced.push(one.label)
    }
    const total = sumMoney(Object.values(costs))
    return {
      at,
      until,
      label: formatBucket(at, spend.tz, spend.grain),
      isLabelled: labelled.has(i),
      isOpen: Date.parse(at) <= now && now < Date.parse(until),
      heights,
      costs,
      total,
      totalText: displayMoney(total, spend.currency),
      unpriced,
    }
  })
  const ticks = niceTicks(Math.max(0, ...buckets.map((bucket) => toPixels(bucket.total) ?? 0)))
  return {
    series,
    buckets,
    ticks,
    tickLabels: moneyTickLabels(ticks, spend.currency),
    gapCount: buckets.filter((bucket) => bucket.unpriced.length > 0).length,
  }
}
