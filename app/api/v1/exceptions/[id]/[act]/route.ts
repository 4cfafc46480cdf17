import { type AuditAction, actorName, audit } from "@/access/audit"
import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { type ProjectTx, withProject } from "@/db/client"
import { getException } from "@/db/queries/exception"
import { ACT_INPUTS, type ExceptionActInput } from "@/lib/contracts/exceptions"
import { AppError } from "@/lib/errors"
import { EXCEPTION_ACTS, type ExceptionAct } from "@/lib/vocabulary"
import { applyAct } from "@/policy/apply-act"

const AUDITED: Record<ExceptionAct, AuditAction> = {
  acknowledge: "exception.acknowledged",
  assign: "exception.assigned",
  comment: "exception.commented",
  resolve: "exception.resolved",
  reopen: "exception.reopened",
  snooze: "exception.snoozed",
  suppress: "exception.suppressed",
}

/**
 * `POST …/{acknowledge|assign|comment|snooze|resolve|suppress|reopen}` with the version that the person has seen. Answers the exception as it is now; a refusal
 * because somebody acted first holds that too, as `current`.
 */
export const POST = route(async (context) => {
  const act = EXCEPTION_ACTS.find((one) => one === context.params.act)
  const actor = await authorize(context, act === "suppress" ? "exceptions.suppress" : "exceptions.act")
  if (!act) throw new AppError("not_found", "There is no such act.")
  const input: ExceptionActInput = await readJson(context.request, ACT_INPUTS[act])
  const id = context.params.id ?? ""
  const inProject = <T>(work: (tx: ProjectTx) => Promise<T>) => withProject(actor.project.id, work)
  try {
    return await inProject(async (tx) => {
      const { from, to, version } = await applyAct(tx, id, act, input, actorName(actor.actor))
      await audit(
        tx,
        {
          projectId: actor.project.id,
          actor: actorName(actor.actor),
          action: AUDITED[act],
          target: `exception:${id}`,
          before: { state: from, version: input.version },
          after: {
            state: to,
            version,
            ...(act === "assign" ? { assignee: input.assignee ?? null } : {}),
            ...(input.cause ? { cause: input.cause } : {}),
            ...(input.until ? { until: input.until } : {}),
          },
          ...(input.note ? { reason: input.note } : {}),
        },
        context,
      )
      return await getException(tx, id, Date.now())
    })
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== "conflict" && error.code !== "illegal_transition")) throw error
    const current = await inProject((tx) => getException(tx, id, Date.now()))
    throw new AppError(error.code, error.message, { cause: error, current })
  }
})
