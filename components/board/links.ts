import { BOARD_DEFAULTS, RUNS_DEFAULTS, SPEND_DEFAULTS, VERIFICATIONS_DEFAULTS } from "@/components/data/defaults"
import { pageHref } from "@/components/data/href"
import { DEFAULT_FILTERS, type Filters } from "@/lib/filters"
import type { Dimension } from "@/lib/vocabulary"

type Range = { from: string; to: string }
type Dimensions = Filters["dimensions"]

/** What is kept of the board's own address: project, zone, and what narrows it. */
function keep({ project, tz, dimensions }: Filters, more: Dimensions): Filters {
  return { ...DEFAULT_FILTERS, project, tz, last: "today", dimensions: { ...dimensions, ...more } }
}

const over = (filters: Filters, range: Range | Filters["last"]): Filters =>
  typeof range === "string"
    ? { ...filters, last: range, from: null, to: null }
    : range === null
      ? filters
      : { ...filters, last: null, from: range.from, to: range.to }

/** The runs behind a count, of today unless a range is named. */
export function runsHref(filters: Filters, narrow: Partial<Filters> = {}, more: Dimensions = {}): string {
  return pageHref("/runs", { ...keep(filters, more), ...narrow }, RUNS_DEFAULTS)
}

/** The spend page over a range: its headline is the figure that led there. */
export function spendHref(
  filters: Filters,
  range: Range | Filters["last"],
  by: Dimension[] = ["model"],
  more: Dimensions = {},
  compare: Filters["compare"] = "none",
): string {
  return pageHref("/spend", { ...over(keep(filters, more), range), by, compare }, SPEND_DEFAULTS)
}

/** The calls that add up to a figure. */
export function callsHref(filters: Filters, narrow: Partial<Filters> = {}, more: Dimensions = {}): string {
  return pageHref("/spend/spans", { ...keep(filters, more), by: SPEND_DEFAULTS.by ?? [], ...narrow }, SPEND_DEFAULTS)
}

/** The results behind a count. */
export function resultsHref(filters: Filters, outcome: Filters["outcome"], more: Dimensions = {}): string {
  return pageHref("/verifications/results", { ...keep(filters, more), outcome }, VERIFICATIONS_DEFAULTS)
}

/** The halts behind a count; null where the board is narrowed by more than a workflow, which is all that a halt is known by. */
export function haltedHref(filters: Filters, more: Dimensions = {}): string | null {
  const kept = keep(filters, more)
  if (Object.keys(kept.dimensions).some((dimension) => dimension !== "workflow")) return null
  // Without a range: the page of halts has none.
  return pageHref("/halted", kept, BOARD_DEFAULTS)
}

export function boardHref(filters: Filters, more: Record<string, string> = {}): string {
  return pageHref("/", keep(filters, {}), BOARD_DEFAULTS, more)
}
