import { queryOptions } from "@tanstack/react-query"
import { getJson, inProject, sendJson } from "@/components/data/http"
import type { SavedView, SavedViewChange, SavedViewList } from "@/lib/contracts/views"

const VIEWS = "/api/v1/views"

/** One's own views and the shared ones, by name. */
export const viewsQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["views", project],
    queryFn: ({ signal }) => getJson<SavedViewList>(inProject(VIEWS, project), signal),
  })

export type ViewDraft = { name: string; path: string; query: string; is_shared: boolean }
export const saveView = (project: string | null, draft: ViewDraft) =>
  sendJson<SavedView>("POST", inProject(VIEWS, project), draft)
export const changeView = (project: string | null, id: number, change: SavedViewChange) =>
  sendJson<SavedView>("PATCH", inProject(`${VIEWS}/${id}`, project), change)
export const deleteView = (project: string | null, id: number) =>
  sendJson<null>("DELETE", inProject(`${VIEWS}/${id}`, project))

/** Parameters that belong to a moment, not to a view. */
const PASSING = ["project", "cursor", "span"]

/** What of an address a view keeps. */
export function viewQueryOf(params: URLSearchParams): string {
  const kept = new URLSearchParams(params)
  for (const name of PASSING) kept.delete(name)
  kept.sort()
  return kept.toString()
}
