import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { getJson, withQuery } from "@/components/data/http"
import type { SourceQuality } from "@/lib/contracts/quality"
import type { DataQuality } from "@/lib/contracts/read"
import { type Filters, filterKey, type PageDefaults, toQuery } from "@/lib/filters"

/** How ingest went over the range: the strip under every page with money on it. */
export const qualityQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ["quality", filterKey(filters)],
    queryFn: ({ signal }) => getJson<DataQuality>(withQuery("/api/v1/quality", toQuery(filters)), signal),
    placeholderData: keepPreviousData,
  })

export const QUALITY_DEFAULTS: PageDefaults = { last: "7d" }

/** The same, by source. */
export const sourceQualityQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ["quality", "sources", filterKey(filters)],
    queryFn: ({ signal }) => getJson<SourceQuality>(withQuery("/api/v1/quality/sources", toQuery(filters)), signal),
    placeholderData: keepPreviousData,
  })
