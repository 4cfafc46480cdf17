import { authenticateKey } from "@/access/authenticate-key"
import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { withProject } from "@/db/client"
import { answerDirective } from "@/db/queries/directives"
import { DIRECTIVE_ACTS, DirectiveActInput } from "@/lib/contracts/acts"
import { AppError } from "@/lib/errors"

/** `POST …/{ack|complete|reject}` with the token of the lease. */
export const POST = route(async ({ headers, params, remoteIp, request }) => {
  const key = await authenticateKey(headers.get("authorization") ?? undefined, "directives", remoteIp)
  const act = DIRECTIVE_ACTS.find((one) => one === params.act)
  if (!act) throw new AppError("not_found", "There is no such act.")
  const input = await readJson(request, DirectiveActInput)
  return await withProject(key.project.id, (tx) => answerDirective(tx, params.id ?? "", act, input))
})
