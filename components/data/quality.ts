import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { getJson, withQuery } from "@/components/data/http"
import type { DataQuality } from "@/lib/contracts/read"
import { type Filters, filterKey, toQuery } from "@/lib/filters"

/** How ingest went over the range: the strip under every page with money on it. */
export const qualityQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ["quality", filterKey(filters)],
    queryFn: ({ signal }) => getJson<DataQuality>(withQuery("/api/v1/quality", toQuery(filters)), signal),
    placeholderData: keepPreviousData,
  })
