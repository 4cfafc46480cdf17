import { readJson } from "@/access/body"
import { idOf, route } from "@/access/guard"
import { rotateKey } from "@/access/keys"
import { authorize } from "@/access/project"
import { KeyRotation } from "@/lib/contracts/access"
import { jsonAnswer } from "@/lib/http"

/** Body `{overlap_hours?, expires_in_days?}`. 201 `{key, secret}`; the old key works on for the overlap. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "keys.manage")
  const input = await readJson(context.request, KeyRotation)
  return jsonAnswer(201, await rotateKey(actor, idOf(context.params.id), input, context))
})
