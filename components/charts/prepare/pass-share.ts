import { type Paint, paintSeries, seriesKey } from "@/components/charts/prepare/colour"
import { labelledIndexes } from "@/components/charts/prepare/ticks"
import type {
  ReleaseHistories,
  VerdictCounts,
  VerificationGroup,
  VerificationSeries,
} from "@/lib/contracts/verifications"
import { formatBucket, formatShare, shortenMiddle } from "@/lib/format"

export type PassLine = { id: string; label: string; paint: Paint; group: VerificationGroup; shareText: string | null }
/** A release with which a check got worse, at its first result. */
export type PassMark = { at: string; release: string; text: string }
export type PassBucket = {
  at: string
  label: string
  isLabelled: boolean
  isOpen: boolean
  /** Share passed in percent by line id, of those that gave a verdict; null is a gap: none did. */
  shares: Record<string, number | null>
  counts: Record<string, VerdictCounts>
  /** Line ids whose point has no neighbour on either side: drawn as a dot, or it would not be seen. */
  lone: string[]
  marks: PassMark[]
  /** The releases of the marks, as short as a label must be. */
  markText: string
}
export type PassShare = {
  lines: PassLine[]
  buckets: PassBucket[]
  /** Buckets without any verdict: said under the chart. */
  gapCount: number
  /** Bottom of the y axis in percent: 0, or nearer where all shares are high. */
  floor: number
}

/** A check that broke or was skipped gave no verdict on the work: the share is passed of passed and failed. */
export const verdicts = (counts: Pick<VerdictCounts, "passed" | "failed">): number => counts.passed + counts.failed

/** What a group is called where its name may be missing. */
export function groupName(series: Pick<VerificationSeries, "by">, name: string | null): string {
  if (name === null) return `no ${series.by}`
  return name === "" ? '""' : name
}

/** The groups that come with their course as lines over time. No verdict in a bucket is a gap, never 0 % and never 100 %. */
export function preparePassShare(
  series: VerificationSeries,
  now: number,
  releases: Pick<ReleaseHistories, "items"> = { items: [] },
): PassShare {
  const drawn = series.groups.filter((group) => group.series.length > 0)
  const paints = paintSeries(drawn.map((group) => seriesKey([group.name])))
  const lines = drawn.map(
    (group, i): PassLine => ({
      id: `c${i}`,
      label: groupName(series, group.name),
      paint: paints[i] as Paint,
      group,
      shareText: formatShare(group.passed, verdicts(group)),
    }),
  )
  const shareAt = (line: number, bucket: number): number | null => {
    const counts = drawn[line]?.series[bucket]
    return counts && verdicts(counts) > 0 ? (counts.passed * 100) / verdicts(counts) : null
  }
  const labelled = labelledIndexes(series.buckets.length, 8)
  const marks = marksOf(releases)
  const buckets = series.buckets.map((at, i): PassBucket => {
    const until = series.buckets[i + 1] ?? series.range.to
    const own = marks.filter((mark) => mark.at >= at && mark.at < until)
    return {
      at,
      label: formatBucket(at, series.tz, series.grain),
      isLabelled: labelled.has(i),
      isOpen: Date.parse(at) <= now && now < Date.parse(until),
      shares: Object.fromEntries(lines.map((line, n) => [line.id, shareAt(n, i)])),
      counts: Object.fromEntries(
        lines.map((line, n) => [line.id, drawn[n]?.series[i] ?? { passed: 0, failed: 0, error: 0, skipped: 0 }]),
      ),
      lone: lines
        .filter((_, n) => shareAt(n, i) !== null && shareAt(n, i - 1) === null && shareAt(n, i + 1) === null)
        .map((line) => line.id),
      marks: own,
      markText: markText(own),
    }
  })
  const shares = buckets.flatMap((bucket) => Object.values(bucket.shares)).filter((share) => share !== null)
  return {
    lines,
    buckets,
    gapCount: buckets.filter((bucket) => Object.values(bucket.shares).every((share) => share === null)).length,
    floor: FLOORS.find((floor) => shares.every((share) => share >= floor)) ?? 0,
  }
}

/** Shares of checks crowd near 100 %: the axis begins at the highest of these below all points, and its labels say so. */
const FLOORS = [80, 50, 0]

const LABEL = 14

function markText(marks: readonly PassMark[]): string {
  const [first, ...rest] = [...new Set(marks.map((mark) => mark.release))]
  if (first === undefined) return ""
  return rest.length === 0 ? shortenMiddle(first, LABEL) : `${shortenMiddle(first, LABEL)} + ${rest.length}`
}

function marksOf({ items }: Pick<ReleaseHistories, "items">): PassMark[] {
  return items.flatMap(({ check, workflow, drop }) =>
    drop === null
      ? []
      : [{ at: drop.at, release: drop.to, text: `${check} got worse with ${workflow ?? "no workflow"} ${drop.to}` }],
  )
}
