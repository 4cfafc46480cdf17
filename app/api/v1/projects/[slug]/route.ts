import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { assertCan } from "@/access/permissions"
import { enterProjectOf, requireUser } from "@/access/project"
import { updateProject } from "@/access/projects"
import type { ProjectTx } from "@/db/client"
import { dayLevelStatements } from "@/ingest/rebuild"
import { ProjectChange } from "@/lib/contracts/access"

/** Body `{name?, zone?, prefers_reported_cost?}`; administrators only. Another zone cuts all days again before it answers. */
export const PATCH = route(async ({ request, params, ...origin }) => {
  const actor = await enterProjectOf(await requireUser(request.headers), params.slug ?? "")
  assertCan(actor, "project.manage")
  const change = await readJson(request, ProjectChange)
  return await updateProject(actor, change, cutDaysAgain, origin)
})

async function cutDaysAgain(tx: ProjectTx): Promise<void> {
  for (const statement of dayLevelStatements(tx.projectId)) await tx.execute(statement)
}
