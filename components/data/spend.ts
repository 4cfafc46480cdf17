import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query"
import { getJson, inProject, withQuery } from "@/components/data/http"
import type { SpanDetail, SpanList, Spend } from "@/lib/contracts/read"
import type { CostlyRuns } from "@/lib/contracts/spend"
import { DEFAULT_FILTERS, type Filters, filterKey, toQuery } from "@/lib/filters"

/** Summing up is done where it is drawn: the same answer serves, and is not asked for again. */
const drawnAlike = (filters: Filters): Filters => ({
  ...filters,
  shape: filters.shape === "per_run" ? "per_run" : "bars",
  cursor: null,
})

export const spendQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ["spend", "groups", filterKey(drawnAlike(filters))],
    queryFn: ({ signal }) => getJson<Spend>(withQuery("/api/v1/spend", toQuery(drawnAlike(filters))), signal),
    placeholderData: keepPreviousData,
  })

/** The runs on which most of it was spent. */
export const costlyRunsQuery = (filters: Filters) => {
  const asked = totalFilters(filters)
  return queryOptions({
    queryKey: ["spend", "runs", filterKey(asked)],
    queryFn: ({ signal }) => getJson<CostlyRuns>(withQuery("/api/v1/spend/runs", toQuery(asked)), signal),
    placeholderData: keepPreviousData,
  })
}

/** The same filters with nothing apart: what the calls that they name add up to. */
export const totalFilters = (filters: Filters): Filters => ({
  ...DEFAULT_FILTERS,
  project: filters.project,
  last: filters.last,
  from: filters.from,
  to: filters.to,
  tz: filters.tz,
  dimensions: filters.dimensions,
})

/** The figure that a list of calls stands behind. */
export const callsTotalQuery = (filters: Filters) => spendQuery(totalFilters(filters))

/** The spans that add up to a figure, newest first. */
export const spansQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ["spend", "spans", filterKey(filters)],
    queryFn: ({ signal, pageParam }) =>
      getJson<SpanList>(withQuery("/api/v1/spans", toQuery({ ...filters, cursor: pageParam })), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  })

/** A span without a run: the money of a `cost` event. */
export const costSpanQuery = (project: string | null, span: string) =>
  queryOptions({
    queryKey: ["spend", "span", project, span],
    queryFn: ({ signal }) =>
      getJson<SpanDetail>(inProject(`/api/v1/spans/${encodeURIComponent(span)}`, project), signal),
    placeholderData: keepPreviousData,
  })
