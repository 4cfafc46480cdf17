import { addPoints, shapeAmounts } from "@/components/charts/prepare/amounts"
import { MOST_SERIES, OTHER_PAINT, type Paint, paintSeries, seriesKey } from "@/components/charts/prepare/colour"
import type { Spend, SpendPoint } from "@/lib/contracts/read"
import { groupLabel } from "@/lib/dimension-words"
import type { Metric, Shape } from "@/lib/filters"
import { sumMoney } from "@/lib/money"

const ONE_LINE: Paint = { fill: "var(--ink-11)", shade: 0 }

/** One colour of the chart with its points, now and before. */
export type Line = {
  id: string
  label: string
  paint: Paint
  groupIndex: number | null
  points: SpendPoint[]
  before: SpendPoint[]
}

/** What is past the hues that can be told apart is drawn as the rest, and stands apart in the table. */
export function linesOf(spend: Spend): Line[] {
  const own = spend.groups.filter((group) => !group.is_other)
  const paints = paintSeries(own.map((group) => seriesKey(group.key)))
  const apart = own.slice(0, MOST_SERIES).map((group, i): Line => {
    const index = spend.groups.indexOf(group)
    const paint = paints[i] ?? OTHER_PAINT
    return {
      id: `g${index}`,
      label: groupLabel(group, spend.by),
      paint,
      groupIndex: index,
      points: group.series,
      before: group.previous?.series ?? [],
    }
  })
  const rest = spend.groups.filter((group) => group.is_other || own.indexOf(group) >= MOST_SERIES)
  if (rest.length === 0) return apart
  const length = spend.buckets.length
  const only = rest.length === 1 && rest[0]?.is_other ? spend.groups.indexOf(rest[0]) : null
  const before = rest.map((group) => group.previous?.series ?? [])
  const points = addPoints(
    rest.map((group) => group.series),
    length,
  )
  return [
    ...apart,
    {
      id: "other",
      label: "other",
      paint: OTHER_PAINT,
      groupIndex: only,
      points,
      before: addPoints(before, Math.max(0, ...before.map((one) => one.length))),
    },
  ]
}

/** Sums of a stack; of what is per run the quotient of the sums, because quotients do not add up. */
export function totalsOf(
  lines: readonly Line[],
  amounts: (string | null)[][],
  shape: Shape,
  metric: Metric,
  length: number,
): (string | null)[] {
  if (shape !== "per_run") return Array.from({ length }, (_, i) => sumMoney(amounts.map((row) => row[i] ?? null)))
  return shapeAmounts(
    addPoints(
      lines.map((line) => line.points),
      length,
    ),
    metric,
    shape,
  )
}

export function spendBefore(lines: readonly Line[], spend: Spend, metric: Metric, shape: Shape): (string | null)[] {
  const length = spend.previous?.buckets.length ?? 0
  return shapeAmounts(
    addPoints(
      lines.map((line) => line.before),
      length,
    ),
    metric,
    shape,
  ).slice(0, spend.buckets.length)
}

export function beforeOf(lines: readonly Line[], spend: Spend, metric: Metric, shape: Shape, length: number) {
  if (shape === "per_run")
    return lines.map(({ id, paint, before }) => ({
      id,
      paint,
      amounts: shapeAmounts(before, metric, shape).slice(0, length),
    }))
  const paint = lines.length === 1 ? (lines[0]?.paint ?? ONE_LINE) : ONE_LINE
  return [{ id: "all", paint, amounts: spendBefore(lines, spend, metric, shape) }]
}
