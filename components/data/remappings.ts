import { queryOptions } from "@tanstack/react-query"
import { getJson, sendJson, withQuery } from "@/components/data/http"
import { isBusy, WHILE_BUSY_MS } from "@/components/data/prices"
import type { Remapping, RemappingInput, RemappingList } from "@/lib/contracts/remappings"

const at = (project: string | null, path = "") =>
  withQuery(`/api/v1/remappings${path}`, new URLSearchParams(project === null ? {} : { project }).toString())

/** Asked again while one of them is under way. */
export const remappingsQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["settings", "remappings", project],
    queryFn: ({ signal }) => getJson<RemappingList>(at(project), signal),
    refetchInterval: ({ state }) => (state.data?.items.some(isBusy) ? WHILE_BUSY_MS : false),
  })
export const beginRemapping = (project: string | null, draft: RemappingInput) =>
  sendJson<Remapping>("POST", at(project), draft)
export const actOnRemapping = (project: string | null, id: number, act: "apply" | "undo", reason: string) =>
  sendJson<Remapping>("POST", at(project, `/${id}/${act}`), { reason })
