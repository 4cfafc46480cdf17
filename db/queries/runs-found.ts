import type { ProjectTx } from "@/db/client"
import type { RunSearch } from "@/lib/contracts/runs"
import type { Filters } from "@/lib/filters"
import { toIso } from "@/lib/time"
import { matchingSets } from "./conditions"
import { asksForSpans } from "./probe-runs"
import { type ResolvedRange, resolveRange } from "./range"
import { SPAN_DIMENSIONS } from "./run-dimensions"
import { runsCalling } from "./runs-calling"
import { searchRuns } from "./search-runs"

/** Up to so many calls their runs are looked up; above, most runs made such a call and the list is walked. */
const CALLS_READ = 5000

export type FoundRuns = {
  /** Ids that the filter is narrowed to; null when it is not about what only a search or a look-up knows. */
  ids: string[] | null
  /** Whether each run of the list must still be looked into. */
  isProbed: boolean
  /** What the search says of the runs of a page; null without one. */
  search: ((ids: readonly string[]) => RunSearch) | null
}

/** What of a filter cannot be read from a run's own row and the roll-ups: a search, checks, calls. */
export async function findRuns(tx: ProjectTx, filters: Filters, range: ResolvedRange, now: number): Promise<FoundRuns> {
  const search = filters.q === null ? null : await searchRuns(tx, filters.q, range)
  const callers = asksForSpans(filters) ? await callersOf(tx, filters, range, now) : null
  const isProbed = filters.check.length > 0 || (callers !== null && !callers.isComplete)
  const called = callers?.isComplete ? [...callers.sets.keys()] : null
  if (search === null) return { ids: called, isProbed, search: null }
  const ids = called === null ? search.ids : search.ids.filter((id) => callers?.sets.has(id))
  return { ids, isProbed, search: search.of }
}

/** The same for a page that asks several questions of one filter. */
export async function findOnce(tx: ProjectTx, filters: Filters, now: number): Promise<FoundRuns> {
  return await findRuns(tx, filters, await resolveRange(tx, filters, now), now)
}

/** Whether anything must be looked up before runs can be listed or counted. */
export const isLookedUp = (filters: Filters): boolean => filters.q !== null || asksForSpans(filters)

/** A run of the range may make its calls after the range: they are looked for up to now. */
async function callersOf(tx: ProjectTx, filters: Filters, range: ResolvedRange, now: number) {
  const sets = (await matchingSets(tx, filters, SPAN_DIMENSIONS)) ?? []
  const until = toIso(Math.max(now, Date.parse(range.to)) + 86_400_000)
  const reach = await resolveRange(tx, { ...filters, last: null, from: range.from, to: until }, now)
  return await runsCalling(tx, sets, reach, CALLS_READ)
}
