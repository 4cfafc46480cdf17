import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { getJson, withQuery } from "@/components/data/http"
import type { Comparison } from "@/lib/contracts/compare"

export const compareQuery = (project: string | null, a: string, b: string) =>
  queryOptions({
    queryKey: ["run", project, a, "compare", b],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ a, b, ...(project === null ? {} : { project }) })
      return getJson<Comparison>(withQuery("/api/v1/compare", query.toString()), signal)
    },
    placeholderData: keepPreviousData,
  })
