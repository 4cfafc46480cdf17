import { MOST_SERIES, OTHER_PAINT, paintSeries, seriesKey } from "@/components/charts/prepare/colour"
import { dotBand, endLabels, endOf, linePath } from "@/components/charts/prepare/geometry"
import { placeMarks } from "@/components/charts/prepare/marks"
import {
  openBucket,
  type PlotBucket,
  type PlotModel,
  type PlotSeries,
  prepareBuckets,
} from "@/components/charts/prepare/plot"
import type {
  ReleaseHistories,
  VerdictCounts,
  VerificationGroup,
  VerificationSeries,
} from "@/lib/contracts/verifications"
import { formatCount, formatShare, shortenMiddle } from "@/lib/format"

export type PassLine = PlotSeries & { group: VerificationGroup; path: string; dots: string }
/** A release with which a check got worse, at its first result. */
export type PassMark = { at: string; release: string; text: string }
export type PassBucket = PlotBucket & {
  /** Share passed in percent by line id, of those that gave a verdict; null is a gap: none did. */
  shares: Record<string, number | null>
  counts: Record<string, VerdictCounts>
  /** Share and counts in words; a line without any result has none. */
  texts: Record<string, string>
  marks: PassMark[]
}
export type PassShare = PlotModel<PassBucket, PassLine> & {
  /** Buckets without any verdict: said under the chart. */
  gapCount: number
  /** Foot of the axis in percent: 0, or nearer where all shares are high. */
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
  const drawn = series.groups.filter((group) => group.series.length > 0).slice(0, MOST_SERIES)
  const paints = paintSeries(drawn.map((group) => seriesKey([group.name])))
  const length = series.buckets.length
  const shares = drawn.map((group) => Array.from({ length }, (_, i) => shareOf(group.series[i] ?? NONE)))
  const known = shares.flat().filter((share) => share !== null)
  const { floor, step } = SCALES.find((scale) => known.every((share) => share >= scale.floor)) ?? WHOLE
  const place = (percent: number) => (percent - floor) / (100 - floor)
  const places = shares.map((row) => row.map((share) => (share === null ? null : place(share))))
  const byId = <T>(of: (group: VerificationGroup, line: number) => T) =>
    Object.fromEntries(drawn.map((group, line) => [`c${line}`, of(group, line)]))
  const drops = marksOf(releases)
  const buckets = prepareBuckets(series, now).map(
    (bucket, i): PassBucket => ({
      ...bucket,
      bands: byId((_, line) => dotBand(places[line]?.[i] ?? null)),
      shares: byId((_, line) => shares[line]?.[i] ?? null),
      counts: byId((group) => group.series[i] ?? NONE),
      texts: Object.fromEntries(
        drawn.flatMap((group, line) => {
          const text = textOf(group.series[i] ?? NONE)
          return text === null ? [] : [[`c${line}`, text]]
        }),
      ),
      marks: drops.filter((mark) => mark.at >= bucket.at && mark.at < bucket.until),
    }),
  )
  const lines = drawn.map((group, line): PassLine => {
    const { line: path, dots } = linePath(places[line] ?? [], length, "middle")
    const paint = paints[line] ?? OTHER_PAINT
    return { id: `c${line}`, label: groupName(series, group.name), paint, group, path, dots }
  })
  return {
    series: lines,
    buckets,
    ticks: Array.from({ length: (100 - floor) / step + 1 }, (_, i) => floor + i * step).map((percent) => ({
      share: place(percent),
      label: `${percent} %`,
    })),
    foot: floor === 0 ? "zero" : "cut",
    isStack: false,
    labels: namesOf(lines, buckets),
    open: openBucket(buckets, () => null),
    marks: placeMarks(
      buckets.flatMap(({ marks }, i) =>
        marks.length === 0
          ? []
          : [{ at: (i + 0.5) / length, text: markText(marks), title: marks.map((mark) => mark.text).join("; ") }],
      ),
    ),
    gapCount: buckets.filter((bucket) => Object.values(bucket.shares).every((share) => share === null)).length,
    floor,
  }
}

/** All or none: where several lines end at one height, a name there would be taken for the wrong one's; the table has them all. */
function namesOf(lines: readonly PassLine[], buckets: readonly PassBucket[]): PassShare["labels"] {
  const ends = lines.map(({ id, label }) => ({
    id,
    label,
    end: endOf(
      buckets.map((bucket) => bucket.bands[id] ?? null),
      false,
    ),
  }))
  const labels = endLabels(ends)
  return labels.length === lines.length ? labels : []
}

const NONE: VerdictCounts = { passed: 0, failed: 0, error: 0, skipped: 0 }
const shareOf = (counts: VerdictCounts) => (verdicts(counts) === 0 ? null : (counts.passed * 100) / verdicts(counts))

/** `97.5 %, 39 of 40, 2 could not verify`; null without a result. */
function textOf(counts: VerdictCounts): string | null {
  const [judged, broken] = [verdicts(counts), counts.error + counts.skipped]
  if (judged + broken === 0) return null
  const share =
    judged === 0
      ? "no verdict"
      : `${formatShare(counts.passed, judged)}, ${formatCount(counts.passed)} of ${formatCount(judged)}`
  return broken === 0 ? share : `${share}, ${formatCount(broken)} could not verify`
}

/** Shares of checks crowd near 100 %: the axis begins at the highest of these below all points, and its labels say so. */
const WHOLE = { floor: 0, step: 20 }
const SCALES = [{ floor: 80, step: 5 }, { floor: 50, step: 10 }, WHOLE]

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
