import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { getJson, withQuery } from "@/components/data/http"
import type { VerificationList, VerificationSeries } from "@/lib/contracts/read"
import { type Filters, filterKey, type PageDefaults, toQuery } from "@/lib/filters"
import type { Verdict } from "@/lib/vocabulary"

export const VERIFICATIONS_DEFAULTS: PageDefaults = { last: "30d" }
/** What the list shows where the address names no outcome: everything that needs a look. */
export const NOT_PASSED: Verdict[] = ["failed", "error"]

/** Filters of the list: the page's own, or what needs a look. The series always shows every outcome. */
export const listFilters = (filters: Filters): Filters => ({
  ...filters,
  outcome: filters.outcome.length === 0 ? NOT_PASSED : filters.outcome,
})
export const seriesFilters = (filters: Filters): Filters => ({ ...filters, outcome: [], cursor: null, limit: null })

export const verificationsQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ["verifications", "list", filterKey(filters)],
    queryFn: ({ signal }) => getJson<VerificationList>(withQuery("/api/v1/verifications", toQuery(filters)), signal),
    placeholderData: keepPreviousData,
  })

export const verificationSeriesQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ["verifications", "series", filterKey(filters)],
    queryFn: ({ signal }) =>
      getJson<VerificationSeries>(withQuery("/api/v1/verifications/series", toQuery(filters)), signal),
    placeholderData: keepPreviousData,
  })
