import type { Paint } from "@/components/charts/prepare/colour"
import type { Band } from "@/components/charts/prepare/geometry"
import type { PlotMark } from "@/components/charts/prepare/marks"
import { labelledIndexes } from "@/components/charts/prepare/ticks"
import type { Grain, Range } from "@/lib/contracts/read"
import { formatBucket, formatExact } from "@/lib/format"

/** What every chart over time is made of; places are shares of the plot, 0 at the left and at the foot. */
export type PlotSeries = { id: string; label: string; paint: Paint }
export type PlotBucket = {
  at: string
  /** Exclusive end: the next bucket's start, or the range's. */
  until: string
  label: string
  /** Named on the axis. */
  isLabelled: boolean
  /** Still filling. */
  isOpen: boolean
  /** Where a series' mark lies, by series id; null = no mark. */
  bands: Record<string, Band>
}
export type PlotModel<B extends PlotBucket = PlotBucket, S extends PlotSeries = PlotSeries> = {
  series: S[]
  buckets: B[]
  ticks: { share: number; label: string }[]
  /** What the lowest line is: nothing, or where the scale is cut off. */
  foot: "zero" | "cut"
  /** Marks stand on one another, and what has no height is not there; else each is the point of a line. */
  isStack: boolean
  /** Names at the lines' ends. */
  labels: { id: string; label: string; end: number }[]
  /** The bucket that is still filling: where it lies, and how high it stands; null = a line, hatched from foot to top. */
  open: { left: number; width: number; height: number | null } | null
  /** What happened at a point in time; null = a chart that has no such marks and keeps no room for them. */
  marks: PlotMark[] | null
}

type Time = { buckets: readonly string[]; range: Range; tz: string; grain: Grain }

/** The buckets of an answer, named; what lies in them is the chart's own. */
export function prepareBuckets(time: Time, now: number): Omit<PlotBucket, "bands">[] {
  const labelled = labelledIndexes(time.buckets.length, 8)
  return time.buckets.map((at, i) => {
    const until = time.buckets[i + 1] ?? time.range.to
    return {
      at,
      until,
      label: bucketLabel(at, until, time, now),
      isLabelled: labelled.has(i),
      isOpen: Date.parse(at) <= now && now < Date.parse(until),
    }
  })
}

/** The bucket in words; weeks with their last day, and the year where it is not this one. */
function bucketLabel(at: string, until: string, { tz, grain }: Time, now: number): string {
  const year = (iso: string) => formatExact(iso, tz).slice(0, 4)
  const own = formatBucket(at, tz, grain)
  const last = new Date(Date.parse(until) - 1).toISOString()
  const words = grain === "week" ? `${own} – ${formatBucket(last, tz, "day")}` : own
  return grain === "month" || year(at) === year(new Date(now).toISOString()) ? words : `${words} ${year(at)}`
}

/** Where the bucket that is still filling lies; null when none is. */
export function openBucket(
  buckets: readonly Pick<PlotBucket, "isOpen">[],
  heightOf: (index: number) => number | null,
): PlotModel["open"] {
  const i = buckets.findIndex((bucket) => bucket.isOpen)
  return i < 0 ? null : { left: i / buckets.length, width: 1 / buckets.length, height: heightOf(i) }
}
