import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { withProject } from "@/db/client"
import { listExceptionRuns } from "@/db/queries/exception"
import { parseFilters } from "@/lib/filters"

/** `?similar=1`: of its fingerprint, in the last 30 days. */
export const GET = route(async (context) => {
  const actor = await authorize(context, "runs.read")
  const { cursor, limit } = parseFilters(context.url.searchParams)
  const similar = context.url.searchParams.get("similar") === "1"
  return await withProject(actor.project.id, (tx) =>
    listExceptionRuns(tx, context.params.id ?? "", { similar, cursor, limit }, Date.now()),
  )
})
