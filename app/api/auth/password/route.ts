import { readJson } from "@/access/body"
import { route, withCookies } from "@/access/guard"
import { changePassword } from "@/access/login"
import { requireUser } from "@/access/project"
import { PasswordInput } from "@/lib/contracts/access"

/** Body `{current_password, new_password}`. 204 with a new session cookie; every other session of the person ends. */
export const POST = route(async ({ request, ...origin }) => {
  const user = await requireUser(request.headers)
  const input = await readJson(request, PasswordInput)
  return withCookies(new Response(null, { status: 204 }), await changePassword(user, input, request.headers, origin))
})
