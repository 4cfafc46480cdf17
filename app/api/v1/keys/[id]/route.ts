import { idOf, route } from "@/access/guard"
import { revokeKey } from "@/access/keys"
import { authorize } from "@/access/project"

/** Revokes the key: at once here, within a second on every other instance. */
export const DELETE = route(async (context) => {
  const actor = await authorize(context, "keys.manage")
  return await revokeKey(actor, idOf(context.params.id), context)
})
