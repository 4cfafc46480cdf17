import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { getJson, withQuery } from "@/components/data/http"
import type { RunPage } from "@/lib/contracts/runs"
import { type Filters, filterKey, toQuery } from "@/lib/filters"

export const runsQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ["runs", "list", filterKey(filters)],
    queryFn: ({ signal }) => getJson<RunPage>(withQuery("/api/v1/runs", toQuery(filters)), signal),
    placeholderData: keepPreviousData,
  })
