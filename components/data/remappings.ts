import { queryOptions } from "@tanstack/react-query"
import { getJson, inProject, sendJson } from "@/components/data/http"
import { isBusy, WHILE_BUSY_MS } from "@/components/data/prices"
import type { Remapping, RemappingInput, RemappingList } from "@/lib/contracts/remappings"

const REMAPPINGS = "/api/v1/remappings"

/** Asked again while one of them is under way. */
export const remappingsQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["settings", "remappings", project],
    queryFn: ({ signal }) => getJson<RemappingList>(inProject(REMAPPINGS, project), signal),
    refetchInterval: ({ state }) => (state.data?.items.some(isBusy) ? WHILE_BUSY_MS : false),
  })
export const beginRemapping = (project: string | null, draft: RemappingInput) =>
  sendJson<Remapping>("POST", inProject(REMAPPINGS, project), draft)
export const actOnRemapping = (project: string | null, id: number, act: "apply" | "undo", reason: string) =>
  sendJson<Remapping>("POST", inProject(`${REMAPPINGS}/${id}/${act}`, project), { reason })
