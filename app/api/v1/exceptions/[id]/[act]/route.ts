import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { AppError } from "@/lib/errors"
import { EXCEPTION_ACTS } from "@/lib/vocabulary"
import { actFromRequest } from "../../_lib/act"

/** `POST …/{acknowledge|assign|comment|snooze|resolve|reopen}`; to suppress needs more and has a route of its own. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "exceptions.act")
  const act = EXCEPTION_ACTS.find((one) => one === context.params.act && one !== "suppress")
  if (!act) throw new AppError("not_found", "There is no such act.")
  return await actFromRequest(context, actor, act)
})
