import { queryOptions } from "@tanstack/react-query"
import { getJson, inProject } from "@/components/data/http"
import type { ExceptionNumbers } from "@/lib/contracts/exception-numbers"

/** How the queue has done in 30 days. Not made stale by what happens: in a flood it would be asked for every second. */
export const exceptionNumbersQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["exception numbers", project],
    queryFn: ({ signal }) => getJson<ExceptionNumbers>(inProject("/api/v1/exceptions/numbers", project), signal),
    staleTime: 60_000,
    refetchInterval: 60_000,
  })
