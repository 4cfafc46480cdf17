import { removeDemo } from "@/access/demo"
import { route } from "@/access/guard"
import { requireUser } from "@/access/project"
import { jsonAnswer } from "@/lib/http"

/** Removes a demo project with all its rows; administrators only. 202: it goes on by itself. */
export const DELETE = route(async ({ request, params, ...origin }) =>
  jsonAnswer(202, await removeDemo(await requireUser(request.headers), params.slug ?? "", origin)),
)
