import { readJson } from "@/access/body"
import { idOf, route } from "@/access/guard"
import { authorize } from "@/access/project"
import { changeView, removeView } from "@/access/views"
import { SavedViewChange } from "@/lib/contracts/views"

/** Body `{name?, path?, query?, is_shared?}`. */
export const PATCH = route(async (context) => {
  const actor = await authorize(context, "views.save")
  return await changeView(actor, idOf(context.params.id), await readJson(context.request, SavedViewChange), context)
})

export const DELETE = route(async (context) => {
  const actor = await authorize(context, "views.save")
  await removeView(actor, idOf(context.params.id), context)
  return new Response(null, { status: 204 })
})
