import { readJson } from "@/access/body"
import { idOf, route } from "@/access/guard"
import { authorize } from "@/access/project"
import { RepricingAct } from "@/lib/contracts/prices"
import { AppError } from "@/lib/errors"
import { jsonAnswer } from "@/lib/http"
import { applyAct, undoAct } from "../../_lib/remappings"

const ACTS: Record<string, typeof applyAct> = { apply: applyAct, undo: undoAct }

/** Body `{reason}`. 202: it goes on by itself. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "mapping.manage")
  const act = ACTS[context.params.act ?? ""]
  if (!act) throw new AppError("not_found", "There is nothing here.")
  const { reason } = await readJson(context.request, RepricingAct)
  return jsonAnswer(202, await act(actor, idOf(context.params.id), reason, context))
})
