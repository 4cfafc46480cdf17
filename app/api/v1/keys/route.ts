import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { createKey, listKeys } from "@/access/keys"
import { authorize } from "@/access/project"
import { KeyInput } from "@/lib/contracts/access"
import { jsonAnswer } from "@/lib/http"

export const GET = route(async (context) => await listKeys(await authorize(context, "keys.manage")))

/** Body `{name, scopes, environment?, expires_in_days?}`. 201 `{key, secret}`: the only answer with the whole key. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "keys.manage")
  return jsonAnswer(201, await createKey(actor, await readJson(context.request, KeyInput), context))
})
