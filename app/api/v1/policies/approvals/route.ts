import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { PolicyApproval } from "@/lib/contracts/policies"
import { jsonAnswer } from "@/lib/http"
import { approvePolicy } from "../_lib/save"

/** Body `{workflow, version, reason}`. 201: the same document, with a second name to it. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "policies.manage")
  return jsonAnswer(201, await approvePolicy(actor, await readJson(context.request, PolicyApproval), context))
})
