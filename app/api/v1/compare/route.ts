import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { withProject } from "@/db/client"
import { compareRuns } from "@/db/queries/compare-runs"
import { AppError } from "@/lib/errors"

const LONGEST = 800

export const GET = route(async (context) => {
  const { project } = await authorize(context, "runs.read")
  const named = (side: string) => {
    const id = context.url.searchParams.get(side)
    if (!id || id.length > LONGEST || /[\0\p{Surrogate}]/u.test(id))
      throw new AppError("invalid_filter", `${side} must be the id of a run.`, { field: side })
    return id
  }
  const [a, b] = [named("a"), named("b")]
  return await withProject(project.id, (tx) => compareRuns(tx, a, b))
})
