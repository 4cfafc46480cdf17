import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { getJson, withQuery } from "@/components/data/http"
import type { Board } from "@/lib/contracts/board"
import { DEFAULT_FILTERS, type Filters, filterKey, toQuery } from "@/lib/filters"

export const boardQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ["board", filterKey(filters)],
    queryFn: ({ signal }) => getJson<Board>(withQuery("/api/v1/board", toQuery(filters)), signal),
    placeholderData: keepPreviousData,
  })

/** Ingest of today: the same in the page's prefetch and in the view. */
export const todaysQuality = ({ project, tz }: Filters): Filters => ({ ...DEFAULT_FILTERS, project, tz, last: "today" })
