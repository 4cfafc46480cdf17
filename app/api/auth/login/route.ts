import { readJson } from "@/access/body"
import { route, withCookies } from "@/access/guard"
import { login } from "@/access/login"
import { LoginInput } from "@/lib/contracts/access"

/** Body `{email, password}`. 204 with the session cookie; 401 with one text for every reason; 429 with Retry-After. */
export const POST = route(async ({ request, ...origin }) => {
  const input = await readJson(request, LoginInput)
  return withCookies(new Response(null, { status: 204 }), await login(input, request.headers, origin))
})
