import { queryOptions } from "@tanstack/react-query"
import { getJson, inProject, sendJson } from "@/components/data/http"
import type { Line, LineActInput, LineList, RunActInput, RunControl } from "@/lib/contracts/acts"
import type { Filters } from "@/lib/filters"

const runPath = (run: string) => `/api/v1/runs/${encodeURIComponent(run)}/acts`
const linePath = (workflow: string) => `/api/v1/workflows/${encodeURIComponent(workflow)}/acts`

/** What holds of a run and what may be done about it; stale with the run. */
export const runControlQuery = (project: string | null, run: string) =>
  queryOptions({
    queryKey: ["run", project, run, "control"],
    queryFn: ({ signal }) => getJson<RunControl>(inProject(runPath(run), project), signal),
  })

export const actOnRun = (project: string | null, run: string, input: RunActInput) =>
  sendJson<RunControl>("POST", inProject(runPath(run), project), input)

/** The workflow whose page a list narrowed to it is; null where it is of several, or of all. */
export function oneWorkflow({ dimensions }: Filters): string | null {
  const [only = null, ...others] = dimensions.workflow ?? []
  return others.length === 0 ? only : null
}

/** Lines that are not simply live. */
export const linesQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["runs", "lines", project],
    queryFn: ({ signal }) => getJson<LineList>(inProject("/api/v1/workflows", project), signal),
  })

export const lineQuery = (project: string | null, workflow: string) =>
  queryOptions({
    queryKey: ["runs", "line", project, workflow],
    queryFn: ({ signal }) => getJson<Line>(inProject(linePath(workflow), project), signal),
  })

export const actOnLine = (project: string | null, workflow: string, input: LineActInput) =>
  sendJson<Line>("POST", inProject(linePath(workflow), project), input)
