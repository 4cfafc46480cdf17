import { readJson } from "@/access/body"
import { route, withCookies } from "@/access/guard"
import { login } from "@/access/login"
import { completeSetup } from "@/access/setup"
import { SetupInput } from "@/lib/contracts/access"
import { jsonAnswer, logError } from "@/lib/http"

/** Body `{token, name, email, password, project, zone}`. 201 with the first key, this once, and the session cookie; 404 ever after. */
export const POST = route(
  async ({ request, ...origin }) => {
    const input = await readJson(request, SetupInput)
    const done = await completeSetup(input, origin)
    const { status, headers, body } = jsonAnswer(201, done)
    const answer = new Response(body, { status, headers })
    try {
      return withCookies(answer, await login(input, request.headers, origin))
    } catch (error) {
      // The key is shown only now: a log-in that fails must not take it away.
      logError("log-in after set-up", error, origin.requestId)
      return answer
    }
  },
  { isOpenBeforeSetUp: true },
)
