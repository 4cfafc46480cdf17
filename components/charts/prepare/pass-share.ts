import { type Paint, paintSeries } from "@/components/charts/prepare/colour"
import { labelledIndexes } from "@/components/charts/prepare/ticks"
import type { VerificationSeries } from "@/lib/contracts/read"
import { formatBucket, formatShare } from "@/lib/format"

type Counts = { passed: number; failed: number; error: number; skipped: number }
export type PassLine = { id: string; check: string; paint: Paint; totals: Counts; shareText: string | null }
export type PassBucket = {
  at: string
  label: string
  isLabelled: boolean
  isOpen: boolean
  /** Share passed in percent by line id, of those that gave a verdict; null is a gap: none did. */
  shares: Record<string, number | null>
  counts: Record<string, Counts>
  /** Line ids whose point has no neighbour on either side: drawn as a dot, or it would not be seen. */
  lone: string[]
}
export type PassShare = {
  lines: PassLine[]
  buckets: PassBucket[]
  /** Every check, those with most failures first; the first of them are the lines. */
  checks: VerificationSeries["checks"]
}

export const LINES_MAX = 8

/** A check that broke or was skipped gave no verdict on the work: the share is passed of passed and failed. */
export const verdicts = (counts: Counts): number => counts.passed + counts.failed

/** The checks with most failures as lines over time. No verdict in a bucket is a gap, never 0 % and never 100 %. */
export function preparePassShare(series: VerificationSeries, now: number): PassShare {
  const checks = series.checks.toSorted(
    (a, b) => b.failed + b.error - (a.failed + a.error) || verdicts(b) - verdicts(a) || (a.check < b.check ? -1 : 1),
  )
  const drawn = checks.slice(0, LINES_MAX)
  const paints = paintSeries(drawn.map((check) => check.check))
  const lines = drawn.map((check, i): PassLine => {
    const { passed, failed, error, skipped } = check
    return {
      id: `c${i}`,
      check: check.check,
      paint: paints[i] as Paint,
      totals: { passed, failed, error, skipped },
      shareText: formatShare(passed, passed + failed),
    }
  })
  const shareAt = (line: number, bucket: number): number | null => {
    const counts = drawn[line]?.series[bucket]
    return counts && verdicts(counts) > 0 ? (counts.passed * 100) / verdicts(counts) : null
  }
  const labelled = labelledIndexes(series.buckets.length, 8)
  const buckets = series.buckets.map((at, i): PassBucket => {
    const until = series.buckets[i + 1] ?? series.range.to
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
    }
  })
  return { lines, buckets, checks }
}
