import { pageHref } from "@/components/data/href"
import { withQuery } from "@/components/data/http"
import { RUNS_DEFAULTS } from "@/components/data/runs"
import { SPEND_DEFAULTS } from "@/components/data/spend"
import type { Spend, SpendGroup } from "@/lib/contracts/read"
import { type Filters, toQuery } from "@/lib/filters"
import type { Dimension } from "@/lib/vocabulary"

/** Dimensions that a run has as a whole; the others belong to its spans. */
const OF_RUNS: readonly Dimension[] = ["workflow", "environment", "release", "team", "customer"]

/** The filters that keep one group, on top of those that hold already. */
export function narrowTo(filters: Filters, by: readonly Dimension[], group: Pick<SpendGroup, "key">): Filters {
  const dimensions = { ...filters.dimensions }
  by.forEach((dimension, i) => {
    dimensions[dimension] = [group.key[i] ?? null]
  })
  return { ...filters, dimensions, cursor: null }
}

const SPANS = "/spend/spans"
const forSpans = (filters: Filters): Filters => ({
  ...filters,
  by: SPEND_DEFAULTS.by ?? [],
  grain: null,
  top: 8,
  cursor: null,
})

/** The spans that add up to a group's figures; null for "other", which no filter can name. */
export function groupHref(filters: Filters, by: readonly Dimension[], group: SpendGroup): string | null {
  return group.is_other ? null : pageHref(SPANS, forSpans(narrowTo(filters, by, group)), SPEND_DEFAULTS)
}

/** The same of one time bucket. */
export function bucketHref(
  filters: Filters,
  spend: Pick<Spend, "by">,
  group: SpendGroup,
  bucket: { at: string; until: string },
): string {
  const narrowed = group.is_other ? filters : narrowTo(filters, spend.by, group)
  return pageHref(SPANS, { ...forSpans(narrowed), last: null, from: bucket.at, to: bucket.until }, SPEND_DEFAULTS)
}

/** The calls that have no price. */
export function unpricedHref(filters: Filters, more: Filters["dimensions"] = {}): string {
  return pageHref(
    SPANS,
    { ...forSpans(filters), dimensions: { ...filters.dimensions, ...more }, unpriced: true },
    SPEND_DEFAULTS,
  )
}

/** The runs of a group, where its dimensions are those of runs; else null. */
export function runsHref(filters: Filters, by: readonly Dimension[], group: SpendGroup): string | null {
  if (group.is_other || by.length === 0 || !by.every((dimension) => OF_RUNS.includes(dimension))) return null
  const narrowed = narrowTo(filters, by, group)
  const dimensions = Object.fromEntries(
    Object.entries(narrowed.dimensions).filter(([dimension]) => OF_RUNS.includes(dimension as Dimension)),
  )
  return pageHref("/runs", { ...forSpans(narrowed), by: [], unpriced: false, dimensions }, RUNS_DEFAULTS)
}

/** The CSV of what the page shows. */
export function exportHref(filters: Filters): string {
  const query = new URLSearchParams(toQuery({ ...filters, cursor: null }))
  query.set("format", "csv")
  return withQuery("/api/v1/export", query.toString())
}
