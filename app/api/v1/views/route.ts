import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { createView, listViews } from "@/access/views"
import { SavedViewInput } from "@/lib/contracts/views"
import { jsonAnswer } from "@/lib/http"

export const GET = route(async (context) => await listViews(await authorize(context, "views.save")))

/** Body `{name, path, query?, is_shared?}`. 201. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "views.save")
  return jsonAnswer(201, await createView(actor, await readJson(context.request, SavedViewInput), context))
})
