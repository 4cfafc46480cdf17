import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { getJson, inProject } from "@/components/data/http"
import type { Run, SpanDetail, SpanList } from "@/lib/contracts/read"
import type { Baseline, SpanEventList } from "@/lib/contracts/trace"

/** Spans that come with the page, and how many each later request brings. */
export const FIRST_SPANS = 200
export const MORE_SPANS = 5000

const runPath = (run: string) => `/api/v1/runs/${encodeURIComponent(run)}`

export const runQuery = (project: string | null, run: string) =>
  queryOptions({
    queryKey: ["run", project, run, "head"],
    queryFn: ({ signal }) => getJson<Run>(inProject(runPath(run), project), signal),
  })

/**
 * The spans of a run in order of start: the first page is in the HTML, the rest follows in big pages. A key of its own, because reading a long run
 * again costs many pages: the trace decides when, not every change of the run.
 */
export const runSpansQuery = (project: string | null, run: string) =>
  infiniteQueryOptions({
    queryKey: ["trace", project, run],
    queryFn: ({ signal, pageParam }) => {
      const page: Record<string, string> =
        pageParam === null ? { limit: String(FIRST_SPANS) } : { limit: String(MORE_SPANS), cursor: pageParam }
      return getJson<SpanList>(inProject(`${runPath(run)}/spans`, project, page), signal)
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    // Comparing 50,000 spans field by field with what was there would cost more than drawing them.
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** The last verified run before this one: it started earlier, so it only changes when an old run is verified late. */
export const runBaselineQuery = (project: string | null, run: string) =>
  queryOptions({
    queryKey: ["baseline", project, run],
    queryFn: ({ signal }) => getJson<Baseline>(inProject(`${runPath(run)}/baseline`, project), signal),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const spanEventsQuery = (project: string | null, run: string, span: string) =>
  infiniteQueryOptions({
    queryKey: ["run", project, run, "events", span],
    queryFn: ({ signal, pageParam }) => {
      const page: Record<string, string> = pageParam === null ? {} : { cursor: pageParam }
      const path = `${runPath(run)}/spans/${encodeURIComponent(span)}/events`
      return getJson<SpanEventList>(inProject(path, project, page), signal)
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  })

export const runSpanQuery = (project: string | null, run: string, span: string) =>
  queryOptions({
    queryKey: ["run", project, run, "span", span],
    queryFn: ({ signal }) =>
      getJson<SpanDetail>(inProject(`${runPath(run)}/spans/${encodeURIComponent(span)}`, project), signal),
    // The span before stays until this one is here, unless it was of another run.
    placeholderData: (before: SpanDetail | undefined, query) => (query?.queryKey[2] === run ? before : undefined),
  })
