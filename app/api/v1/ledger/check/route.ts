import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { checkLedger } from "@/access/ledger-check"
import { authorize } from "@/access/project"
import { LedgerCheckInput } from "@/lib/contracts/settings"
import { jsonAnswer } from "@/lib/http"

/** Body `{with_events}`. 202: the check goes on by itself; `GET /api/v1/ledger` says how far it is. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "project.manage")
  const { with_events } = await readJson(context.request, LedgerCheckInput)
  return jsonAnswer(202, checkLedger(actor, with_events, context))
})
