import { readJson } from "@/access/body"
import { cancelDemo, demoState, makeDemo } from "@/access/demo"
import { route } from "@/access/guard"
import { requireUser } from "@/access/project"
import { assertAdmin } from "@/access/projects"
import { DemoInput } from "@/lib/contracts/settings"
import { jsonAnswer } from "@/lib/http"

export const GET = route(async ({ request }) => await demoState(await requireUser(request.headers)))

/** Body `{scale}`; administrators only. 202: it goes on by itself. */
export const POST = route(async ({ request, ...origin }) => {
  const user = await requireUser(request.headers)
  assertAdmin(user)
  const { scale } = await readJson(request, DemoInput)
  return jsonAnswer(202, await makeDemo(user, scale, origin))
})

/** Stops what is being made. */
export const DELETE = route(
  async ({ request, ...origin }) => await cancelDemo(await requireUser(request.headers), origin),
)
