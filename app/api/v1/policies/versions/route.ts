import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { withProject } from "@/db/client"
import { listPolicyVersions } from "@/db/queries/policies"
import { AppError } from "@/lib/errors"

/** `?workflow=` (absent: the project's own), newest first. */
export const GET = route(async (context) => {
  const { project } = await authorize(context, "runs.read")
  const cursor = context.url.searchParams.get("cursor")
  if (cursor !== null && !/^\d{1,9}$/.test(cursor))
    throw new AppError("invalid_filter", "The cursor is not one of ours.", { field: "cursor" })
  const workflow = context.url.searchParams.get("workflow") ?? ""
  const page = await withProject(project.id, (tx) =>
    listPolicyVersions(tx, workflow, cursor === null ? null : Number(cursor)),
  )
  return { ...page, count: null }
})
