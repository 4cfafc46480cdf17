import { SPEND_DEFAULTS } from "@/components/data/defaults"
import { pageHref } from "@/components/data/href"
import { inProject } from "@/components/data/http"
import { type Filters, TOP_DEFAULT } from "@/lib/filters"
import { monthFilters } from "@/lib/month"
import { QUARTER_HOUR_MS, toIso } from "@/lib/time"
import type { Dimension } from "@/lib/vocabulary"

/** The month's filters, narrowed to one row when there is one. */
function of(filters: Filters, month: string, by: Dimension, row?: { key: string | null }): Filters {
  const dimensions = row ? { ...filters.dimensions, [by]: [row.key] } : filters.dimensions
  return { ...monthFilters(filters, month), by: SPEND_DEFAULTS.by ?? [], top: TOP_DEFAULT, dimensions }
}

/** The calls that add up to a figure of the report. */
export function callsHref(
  filters: Filters,
  month: string,
  by: Dimension,
  row?: { key: string | null },
  unpriced = false,
): string {
  return pageHref("/spend/spans", { ...of(filters, month, by, row), unpriced }, SPEND_DEFAULTS)
}

/** Spend over the month: why it is what it is. A total stays grouped as it is here. */
export function spendHref(filters: Filters, month: string, by: Dimension, row?: { key: string | null }): string {
  const narrowed = of(filters, month, by, row)
  return pageHref("/spend", row ? narrowed : { ...narrowed, by: [by] }, SPEND_DEFAULTS)
}

export function unpricedHref(filters: Filters, month: string, kind: { provider: string | null; model: string | null }) {
  const narrowed = of(filters, month, "model")
  const dimensions = { ...narrowed.dimensions, provider: [kind.provider], model: [kind.model] }
  return pageHref("/spend/spans", { ...narrowed, dimensions, unpriced: true }, SPEND_DEFAULTS)
}

/** The report of another month, of the whole project. */
export const monthHref = (project: string | null, month: string): string => inProject("/reports", project, { month })

/** The first quarter of an hour of a month: corrections of earlier months are booked there. */
export function lateHref(project: string | null, from: string): string {
  const to = toIso(Date.parse(from) + QUARTER_HOUR_MS)
  return inProject("/spend/spans", project, { from, to })
}
