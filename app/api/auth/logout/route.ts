import { route, withCookies } from "@/access/guard"
import { logout } from "@/access/login"
import { requireUser } from "@/access/project"

/** Ends this session. 204, and the cookie goes. */
export const POST = route(async ({ request, ...origin }) => {
  const user = await requireUser(request.headers)
  return withCookies(new Response(null, { status: 204 }), await logout(user, request.headers, origin))
})
