import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { getJson, inProject, withQuery } from "@/components/data/http"
import type { Health, VerificationList } from "@/lib/contracts/read"
import type {
  FailureGroups,
  ReleaseHistories,
  VerificationDetail,
  VerificationSeries,
} from "@/lib/contracts/verifications"
import { type Filters, filterKey, toQuery } from "@/lib/filters"
import type { Dimension, Verdict } from "@/lib/vocabulary"

/** What the list shows where the address names no outcome: everything that needs a look. */
export const NOT_PASSED: Verdict[] = ["failed", "error"]

/** Rows of the list at the foot of Verifications, unless its address says how many: the figures above come first. */
const RESULTS_SHOWN = 20
/** Filters of that list: the address's own, or what needs a look. The series always shows every outcome. */
export const listFilters = (filters: Filters): Filters => ({
  ...filters,
  limit: filters.limit ?? RESULTS_SHOWN,
  by: [],
  grain: null,
  outcome: filters.outcome.length === 0 ? NOT_PASSED : filters.outcome,
})
/** Filters that a share over time cannot have: they belong to calls, of which a run has many. Lists know the model, and no other. */
export const foreignTo = (filters: Filters): Dimension[] =>
  SPAN_ONLY.filter((dimension) => filters.dimensions[dimension] !== undefined)
const SPAN_ONLY = ["model", "provider", "step", "key"] as const satisfies readonly Dimension[]
const whole = (filters: Filters): Filters => ({ ...filters, outcome: [], cursor: null, limit: null })
export const seriesFilters = (filters: Filters): Filters => whole(filters)
export const releaseFilters = (filters: Filters): Filters => ({ ...whole(filters), by: [], grain: null })
/** Results of a group that its open row shows. */
export const GROUP_SHOWN = 10
/** Failures keep the outcomes asked for; the page of the list below is none of theirs. */
export const failureFilters = (filters: Filters): Filters => ({ ...listFilters(filters), cursor: null, limit: null })
/** Filters of the page of results: what the address names and nothing else, so that a figure's link shows its rows. */
export const resultsFilters = (filters: Filters): Filters => ({ ...filters, by: [], grain: null })
/** Runs that claim success and declared no check. A run has no check and no outcome of its own. */
export const uncheckedFilters = (filters: Filters): Filters => ({
  ...releaseFilters(filters),
  check: [],
  proof: ["unchecked"],
})

const PATH = "/api/v1/verifications"

export const verificationsQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ["verifications", "list", filterKey(filters)],
    queryFn: ({ signal }) => getJson<VerificationList>(withQuery(PATH, toQuery(filters)), signal),
    placeholderData: keepPreviousData,
  })

export const verificationSeriesQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ["verifications", "series", filterKey(filters)],
    queryFn: ({ signal }) => getJson<VerificationSeries>(withQuery(`${PATH}/series`, toQuery(filters)), signal),
    placeholderData: keepPreviousData,
  })

export const releasesQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ["verifications", "releases", filterKey(filters)],
    queryFn: ({ signal }) => getJson<ReleaseHistories>(withQuery(`${PATH}/releases`, toQuery(filters)), signal),
    placeholderData: keepPreviousData,
  })

export const failuresQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ["verifications", "failures", filterKey(filters)],
    queryFn: ({ signal }) => getJson<FailureGroups>(withQuery(`${PATH}/failures`, toQuery(filters)), signal),
    placeholderData: keepPreviousData,
  })

/** The results of one group of failures. */
export const failureQuery = (filters: Filters, fingerprint: string) =>
  queryOptions({
    queryKey: ["verifications", "failure", fingerprint, filterKey(filters)],
    queryFn: ({ signal }) =>
      getJson<VerificationList>(
        withQuery(`${PATH}/failures/${encodeURIComponent(fingerprint)}`, toQuery(filters)),
        signal,
      ),
    placeholderData: keepPreviousData,
  })

export const verificationQuery = (project: string | null, id: string) =>
  queryOptions({
    queryKey: ["verifications", "one", project, id],
    queryFn: ({ signal }) =>
      getJson<VerificationDetail>(inProject(`${PATH}/results/${encodeURIComponent(id)}`, project), signal),
  })

/** How many runs claim success with no check declared, exactly as the list of runs counts them. */
export const uncheckedQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ["runs", "unchecked", filterKey(filters)],
    queryFn: ({ signal }) => getJson<Health>(withQuery("/api/v1/health", toQuery(filters)), signal),
    placeholderData: keepPreviousData,
  })
