import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { getJson, inProject } from "@/components/data/http"
import type { Comparison } from "@/lib/contracts/compare"

export const compareQuery = (project: string | null, a: string, b: string) =>
  queryOptions({
    queryKey: ["run", project, a, "compare", b],
    queryFn: ({ signal }) => getJson<Comparison>(inProject("/api/v1/compare", project, { a, b }), signal),
    placeholderData: keepPreviousData,
  })
