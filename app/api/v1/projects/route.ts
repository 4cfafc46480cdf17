import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { listProjects, requireUser } from "@/access/project"
import { assertAdmin, createProject } from "@/access/projects"
import { ProjectInput, type ProjectList } from "@/lib/contracts/access"
import { jsonAnswer } from "@/lib/http"

export const GET = route(async ({ request }): Promise<ProjectList> => {
  const items = await listProjects(await requireUser(request.headers))
  return { items, next_cursor: null, count: null }
})

/** Body `{name, zone, slug?, currency?}`; administrators only. 201. */
export const POST = route(async ({ request, ...origin }) => {
  const user = await requireUser(request.headers)
  assertAdmin(user)
  return jsonAnswer(201, await createProject(user, await readJson(request, ProjectInput), origin))
})
