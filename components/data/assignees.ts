import { queryOptions } from "@tanstack/react-query"
import { getJson, inProject } from "@/components/data/http"
import type { AssigneeList } from "@/lib/contracts/assignees"

/** Whom an exception can be given to. */
export const assigneesQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["assignees", project],
    queryFn: ({ signal }) => getJson<AssigneeList>(inProject("/api/v1/exceptions/assignees", project), signal),
    staleTime: 60_000,
  })
