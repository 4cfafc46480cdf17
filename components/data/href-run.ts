import { RUNS_DEFAULTS } from "@/components/data/defaults"
import { pageHref } from "@/components/data/href"
import { withQuery } from "@/components/data/http"
import { DEFAULT_FILTERS } from "@/lib/filters"
import { DAY_MS, toIso } from "@/lib/time"
import type { Dimension } from "@/lib/vocabulary"

/** Two runs side by side: `a` is what `b` is held against. */
export function compareHref(project: string | null, a: string, b: string): string {
  const query = new URLSearchParams({ a, b, ...(project === null ? {} : { project }) })
  query.sort()
  return withQuery("/runs/compare", query.toString())
}

/** Where a check stands on the page of its run; a name may hold anything. */
export const checkId = (check: string): string => `check-${encodeURIComponent(check)}`

/** Where a declared step stands in the plan of its run. */
export const stepId = (step: string): string => `step-${encodeURIComponent(step)}`

/** As much as a filter takes. */
const LONGEST = 1024
/** The usual range of the list of runs, less the day under way. */
const USUAL_MS = 29 * DAY_MS
const AROUND_MS = 15 * DAY_MS

/** Runs that share a value with this one, of the usual range or, for an older run, of the month around it. Null for a value that no filter takes. */
export function alikeHref(
  project: string | null,
  startedAt: string,
  now: number,
  dimension: Dimension,
  value: string,
): string | null {
  if (value.length > LONGEST) return null
  const at = Date.parse(startedAt)
  const isUsual = at <= now && now - at < USUAL_MS
  const range = isUsual ? {} : { last: null, from: toIso(at - AROUND_MS), to: toIso(at + AROUND_MS) }
  return pageHref(
    "/runs",
    { ...DEFAULT_FILTERS, ...range, project, dimensions: { [dimension]: [value] } },
    RUNS_DEFAULTS,
  )
}
