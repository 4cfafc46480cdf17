import { route } from "@/access/guard"
import { requireUser } from "@/access/project"
import { endSession } from "@/access/sessions"

/** Ends one of one's own sessions. 204. */
export const DELETE = route(async ({ request, params, ...origin }) => {
  await endSession(await requireUser(request.headers), params.id ?? "", origin)
  return new Response(null, { status: 204 })
})
