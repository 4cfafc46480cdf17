import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { getJson, inProject, sendJson, withQuery } from "@/components/data/http"
import type {
  BulkAnswer,
  BulkInput,
  ExceptionActInput,
  ExceptionDetail,
  ExceptionList,
  ExceptionRunList,
} from "@/lib/contracts/exceptions"
import { type Filters, filterKey, type PageDefaults, toQuery } from "@/lib/filters"
import type { ExceptionAct, ExceptionKind } from "@/lib/vocabulary"

/** What needs a person stays, however old it is: there is no range of time. */
export const EXCEPTIONS_DEFAULTS: PageDefaults = {}

const PATH = "/api/v1/exceptions"

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

export const actOnMany = (project: string | null, input: BulkInput) =>
  sendJson<BulkAnswer>("POST", inProject(`${PATH}/acts`, project), input)

/** Under either address it is the same page; that of a halt leads back to the halts. @param of a bare id is that of a halt. */
export function exceptionHref(
  project: string | null,
  of: string | { id: string; kind: ExceptionKind },
  more: Record<string, string> = {},
): string {
  const { id, kind } = typeof of === "string" ? { id: of, kind: "halt" } : of
  return inProject(`${kind === "halt" ? "/halted" : "/exceptions"}/${id}`, project, more)
}
