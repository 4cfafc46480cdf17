import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { getJson, inProject } from "@/components/data/http"
import type { Search } from "@/lib/contracts/search"

/** Runs by id and names of workflows, models and the like, few and best. */
export const searchQuery = (project: string | null, q: string) =>
  queryOptions({
    queryKey: ["search", project, q],
    queryFn: ({ signal }) => getJson<Search>(inProject("/api/v1/search", project, { q: q.slice(0, 200) }), signal),
    enabled: q !== "",
    placeholderData: keepPreviousData,
  })
