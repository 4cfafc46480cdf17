import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { getJson, withQuery } from "@/components/data/http"
import type { FacetName, Facets } from "@/lib/contracts/facets"
import { type Filters, toQuery } from "@/lib/filters"

/** What does not change a count: a page further on, or sorted another way, has the same facets. */
const counted = (filters: Filters): string => toQuery({ ...filters, cursor: null, sort: "newest", limit: null })

export const facetsQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ["runs", "facets", counted(filters)],
    queryFn: ({ signal }) => getJson<Facets>(withQuery("/api/v1/facets", counted(filters)), signal),
    placeholderData: keepPreviousData,
  })

/** The values of one facet that hold a text. */
export const facetFindQuery = (filters: Filters, facet: FacetName, find: string) =>
  queryOptions({
    queryKey: ["runs", "facets", counted(filters), facet, find],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams(counted(filters))
      query.set("facet", facet)
      query.set("find", find)
      return getJson<Facets>(withQuery("/api/v1/facets", query.toString()), signal)
    },
    placeholderData: keepPreviousData,
  })
