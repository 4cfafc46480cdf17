import { inProject, withQuery } from "@/components/data/http"
import { type Filters, type PageDefaults, toQuery } from "@/lib/filters"

/** The address of a page with filters and whatever else it keeps in its URL. */
export function pageHref(
  path: string,
  filters: Filters,
  defaults: PageDefaults = {},
  more: Record<string, string> = {},
): string {
  const query = new URLSearchParams(toQuery(filters, defaults))
  for (const [name, value] of Object.entries(more)) query.set(name, value)
  query.sort()
  return withQuery(path, query.toString())
}

/** A run's trace, with a span open when one is named. Ids hold any character: both are encoded. */
export function traceHref(project: string | null, run: string, span?: string): string {
  return inProject(`/runs/${encodeURIComponent(runToSegment(run))}`, project, span === undefined ? {} : { span })
}

/** The page of prices; one that may give a model its price finds the form open. */
export function unpricedHref(project: string | null, provider: string | null, model: string | null): string {
  return inProject("/settings/prices", project, { price: unpricedKey(provider, model) })
}
export const unpricedKey = (provider: string | null, model: string | null): string => JSON.stringify([provider, model])

/** `compare` is a page among the runs: a run of that name has one `~` before it in an address, and one that has them already one more. */
const TAKEN = /^~*compare$/
const runToSegment = (run: string): string => (TAKEN.test(run) ? `~${run}` : run)

/** @param segment decoded. */
export const segmentToRun = (segment: string): string =>
  segment.startsWith("~") && TAKEN.test(segment) ? segment.slice(1) : segment

/** Writes the address without asking the server for the page again. @returns false when it changes nothing: that makes no entry in the history. */
export function pushAddress(href: string): boolean {
  if (href === `${window.location.pathname}${window.location.search}`) return false
  window.history.pushState(null, "", href)
  return true
}
