import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { getJson, sendJson, withQuery } from "@/components/data/http"
import type { ExceptionActInput, ExceptionDetail, ExceptionList, ExceptionRunList } from "@/lib/contracts/exceptions"
import { type Filters, filterKey, type PageDefaults, toQuery } from "@/lib/filters"
import type { ExceptionAct } from "@/lib/vocabulary"

/** What needs a person stays, however old it is: there is no range of time. */
export const EXCEPTIONS_DEFAULTS: PageDefaults = {}

const PATH = "/api/v1/exceptions"
const inProject = (path: string, project: string | null, more: Record<string, string> = {}) =>
  withQuery(path, new URLSearchParams({ ...(project === null ? {} : { project }), ...more }).toString())

/** `halts` is the topic that makes these stale. */
export const exceptionsQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ["halts", "list", filterKey(filters)],
    queryFn: ({ signal }) => getJson<ExceptionList>(withQuery(PATH, toQuery(filters)), signal),
    placeholderData: keepPreviousData,
  })

export const exceptionQuery = (project: string | null, id: string) =>
  queryOptions({
    queryKey: ["halts", "one", project, id],
    queryFn: ({ signal }) => getJson<ExceptionDetail>(inProject(`${PATH}/${id}`, project), signal),
  })

/** Runs of an exception, or with `similar` those of its fingerprint in the last 30 days. */
export type RunsOf = { similar: boolean; cursor: string | null }
export const exceptionRunsQuery = (project: string | null, id: string, { similar, cursor }: RunsOf) =>
  queryOptions({
    queryKey: ["halts", "runs", project, id, similar, cursor],
    queryFn: ({ signal }) =>
      getJson<ExceptionRunList>(
        inProject(`${PATH}/${id}/runs`, project, {
          ...(similar ? { similar: "1" } : {}),
          ...(cursor === null ? {} : { cursor }),
        }),
        signal,
      ),
    placeholderData: keepPreviousData,
  })

export const actOn = (project: string | null, id: string, act: ExceptionAct, input: ExceptionActInput) =>
  sendJson<ExceptionDetail>("POST", inProject(`${PATH}/${id}/${act}`, project), input)

export function exceptionHref(project: string | null, id: string, more: Record<string, string> = {}): string {
  return inProject(`/halted/${id}`, project, more)
}
