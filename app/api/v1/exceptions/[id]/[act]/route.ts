import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { withProject } from "@/db/client"
import { getException } from "@/db/queries/exception"
import { ACT_INPUTS, type ExceptionActInput } from "@/lib/contracts/exceptions"
import { AppError } from "@/lib/errors"
import { EXCEPTION_ACTS } from "@/lib/vocabulary"
import { actOnOne } from "../../_lib/act"

/**
 * `POST …/{acknowledge|assign|comment|snooze|resolve|suppress|reopen}` with the version that the person has seen. Answers the exception as it is
 * now; a refusal because somebody acted first holds that too, as `current`.
 */
export const POST = route(async (context) => {
  const act = EXCEPTION_ACTS.find((one) => one === context.params.act)
  const actor = await authorize(context, act === "suppress" ? "exceptions.suppress" : "exceptions.act")
  if (!act) throw new AppError("not_found", "There is no such act.")
  const input: ExceptionActInput = await readJson(context.request, ACT_INPUTS[act])
  const id = context.params.id ?? ""
  try {
    return await actOnOne(context, actor, act, id, input)
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== "conflict" && error.code !== "illegal_transition")) throw error
    const current = await withProject(actor.project.id, (tx) => getException(tx, id, Date.now()))
    throw new AppError(error.code, error.message, { cause: error, current })
  }
})
