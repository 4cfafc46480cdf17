import { RUNS_DEFAULTS, SPEND_DEFAULTS } from "@/components/data/defaults"
import { pageHref } from "@/components/data/href"
import { withQuery } from "@/components/data/http"
import { totalFilters } from "@/components/data/spend"
import type { Spend, SpendGroup } from "@/lib/contracts/read"
import { DEFAULT_FILTERS, type Filters, toQuery } from "@/lib/filters"
import { DIMENSIONS, type Dimension } from "@/lib/vocabulary"

/** Dimensions that a run has as a whole; the others belong to its spans. */
export const OF_RUNS: readonly Dimension[] = ["workflow", "environment", "release", "team", "customer"]
const SPANS = "/spend/spans"
/** An address that servers and mails still carry whole. */
const LONGEST = 6000

type Named = Pick<SpendGroup, "key" | "is_other" | "members">
type Stretch = { at: string; until: string }

/** The filters that keep one group, on top of those that hold already; null for a rest that no filter can name. */
export function narrowTo(filters: Filters, by: readonly Dimension[], group: Named): Filters | null {
  const dimensions = { ...filters.dimensions }
  const [only] = by
  if (group.is_other) {
    if (only === undefined || group.members === null) return null
    dimensions[only] = group.members
  } else
    by.forEach((dimension, i) => {
      dimensions[dimension] = [group.key[i] ?? null]
    })
  return { ...filters, dimensions, cursor: null }
}

/** The same filters in a stretch of time. */
const within = (filters: Filters, stretch: Stretch | null): Filters =>
  stretch === null ? filters : { ...filters, last: null, from: stretch.at, to: stretch.until }

const forSpans = (filters: Filters): Filters => ({ ...totalFilters(filters), by: SPEND_DEFAULTS.by ?? [] })

function spansHref(filters: Filters | null, more: Partial<Filters> = {}): string | null {
  if (filters === null) return null
  const href = pageHref(SPANS, { ...forSpans(filters), ...more }, SPEND_DEFAULTS)
  return href.length > LONGEST ? null : href
}

/** The calls that add up to a group's figures, in the whole range or in one stretch of it; null where no filter can name them. */
export function groupHref(
  filters: Filters,
  by: readonly Dimension[],
  group: Named,
  stretch: Stretch | null = null,
): string | null {
  const narrowed = narrowTo(filters, by, group)
  return spansHref(narrowed && within(narrowed, stretch))
}

/** The calls behind everything that the page shows, in the whole range or in one stretch of it. */
export const allHref = (filters: Filters, stretch: Stretch | null = null): string =>
  spansHref(within(filters, stretch)) ?? SPANS

/** The calls of a group, or of all, that have no price. */
export function unpricedHref(filters: Filters, more: Filters["dimensions"] = {}): string {
  return spansHref({ ...filters, dimensions: { ...filters.dimensions, ...more } }, { unpriced: true }) ?? SPANS
}
/** The calls of a group that failed. */
export function groupFailedHref(filters: Filters, by: readonly Dimension[], group: Named): string | null {
  return spansHref(narrowTo(filters, by, group), { failed: true })
}
export const differingHref = (filters: Filters): string => spansHref(filters, { differing: true }) ?? SPANS
export const failedHref = (filters: Filters): string => spansHref(filters, { failed: true }) ?? SPANS
export function groupUnpricedHref(filters: Filters, by: readonly Dimension[], group: Named): string | null {
  return spansHref(narrowTo(filters, by, group), { unpriced: true })
}

/** The runs of a group that started in the range, where its dimensions and the filters are those of runs; else null. */
export function runsHref(filters: Filters, by: readonly Dimension[], group: Named): string | null {
  if (by.length === 0) return null
  const narrowed = narrowTo(filters, by, group)
  const named = DIMENSIONS.filter((dimension) => narrowed?.dimensions[dimension] !== undefined)
  if (narrowed === null || ![...by, ...named].every((dimension) => OF_RUNS.includes(dimension))) return null
  return pageHref("/runs", { ...forSpans(narrowed), by: [] }, RUNS_DEFAULTS)
}

/** What one looks at next inside a group: who calls a model, the steps of a workflow. */
const NEXT: Record<Dimension, Dimension[]> = {
  provider: ["model", "workflow", "team"],
  model: ["workflow", "step", "team", "release"],
  workflow: ["step", "model", "release", "customer"],
  step: ["model", "workflow", "release"],
  environment: ["workflow", "model", "release"],
  release: ["workflow", "model", "step"],
  team: ["workflow", "model", "customer"],
  customer: ["workflow", "model", "release"],
  key: ["workflow", "model", "team"],
}

/** Into a group: its own value becomes a filter, and the money is split by the next thing that it is made of. */
export function drillInto(filters: Filters, spend: Pick<Spend, "by">, group: Named): Partial<Filters> | null {
  const narrowed = narrowTo(filters, spend.by, group)
  const [only] = spend.by
  if (narrowed === null || only === undefined) return null
  if (group.is_other) return { dimensions: narrowed.dimensions }
  const isFree = (dimension: Dimension) =>
    narrowed.dimensions[dimension]?.length !== 1 && (filters.shape !== "per_run" || OF_RUNS.includes(dimension))
  const next = NEXT[only].find(isFree)
  return { dimensions: narrowed.dimensions, by: next ? [next] : [...spend.by] }
}

/** The CSV of exactly what the page shows. */
export const shownCsvHref = (filters: Filters): string =>
  withQuery("/api/v1/spend/csv", toQuery({ ...filters, cursor: null }))

/** The CSV of every line: each bucket and combination of all dimensions. */
export function exportHref(filters: Filters): string {
  const query = new URLSearchParams(toQuery({ ...DEFAULT_FILTERS, ...totalFilters(filters), grain: filters.grain }))
  query.set("format", "csv")
  return withQuery("/api/v1/export", query.toString())
}
