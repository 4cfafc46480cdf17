import { RUNS_DEFAULTS, VERIFICATIONS_DEFAULTS } from "@/components/data/defaults"
import { pageHref } from "@/components/data/href"
import { uncheckedFilters } from "@/components/data/verifications"
import type { VerificationGroup, VerificationSeries, VerificationSplit } from "@/lib/contracts/verifications"
import type { Filters } from "@/lib/filters"
import type { Verdict } from "@/lib/vocabulary"

export const RESULTS = "/verifications/results"
/** The two outcomes that gave no verdict. */
export const NO_VERDICT: Verdict[] = ["error", "skipped"]
export const JUDGED: Verdict[] = ["passed", "failed"]

/** The filters that keep one group, on top of those that hold. */
export function narrowTo(filters: Filters, by: VerificationSplit, name: string | null): Filters {
  if (by === "check") return { ...filters, check: name === null ? filters.check : [name], cursor: null }
  return { ...filters, dimensions: { ...filters.dimensions, [by]: [name] }, cursor: null }
}

/** The list that has exactly the rows of a figure. */
export function resultsHref(filters: Filters, outcome: Verdict[]): string {
  return pageHref(
    RESULTS,
    { ...filters, outcome, by: [], grain: null, cursor: null, limit: null },
    VERIFICATIONS_DEFAULTS,
  )
}

/** The same of one group; null for "other", which no filter can name. By model only what was looked into is meant. */
export function groupHref(
  filters: Filters,
  series: Pick<VerificationSeries, "by" | "part" | "range">,
  group: Pick<VerificationGroup, "name" | "is_other">,
  outcome: Verdict[],
): string | null {
  if (group.is_other) return null
  return resultsHref(narrowTo(pinned(filters, series), series.by, group.name), outcome)
}

type Timed = Pick<VerificationSeries, "by" | "part" | "range" | "buckets">

/** The same of one group in one bucket. */
export function bucketHref(
  filters: Filters,
  series: Timed,
  group: Pick<VerificationGroup, "name" | "is_other">,
  index: number,
  outcome: Verdict[],
): string | null {
  const within = inBucket(filters, series, index)
  return within && groupHref(within, { ...series, part: null }, group, outcome)
}

/** The same of all groups in one bucket. */
export function wholeBucketHref(filters: Filters, series: Timed, index: number, outcome: Verdict[]): string | null {
  const within = inBucket(filters, series, index)
  return within && resultsHref(within, outcome)
}

/** The first and the last bucket may reach past the range, and only what lies in it was counted. */
function inBucket(filters: Filters, series: Timed, index: number): Filters | null {
  const at = series.buckets[index]
  if (at === undefined) return null
  const start = series.part?.since ?? series.range.from
  const until = series.buckets[index + 1] ?? series.range.to
  const range = { last: null, from: at < start ? start : at, to: until > series.range.to ? series.range.to : until }
  return range.from >= range.to ? null : { ...filters, ...range }
}

/** The same of everything that was counted. */
export function totalHref(
  filters: Filters,
  series: Pick<VerificationSeries, "part" | "range">,
  outcome: Verdict[],
): string {
  return resultsHref(pinned(filters, series), outcome)
}

function pinned(filters: Filters, { part, range }: Pick<VerificationSeries, "part" | "range">): Filters {
  return part === null ? filters : { ...filters, last: null, from: part.since, to: range.to }
}

export function uncheckedHref(filters: Filters): string {
  return pageHref("/runs", uncheckedFilters(filters), RUNS_DEFAULTS)
}
