import { type AuditAction, actorName, auditAct } from "@/access/audit"
import { readJson } from "@/access/body"
import type { RouteContext } from "@/access/guard"
import type { authorize } from "@/access/project"
import { withProject } from "@/db/client"
import { getException } from "@/db/queries/exception"
import { ACT_INPUTS, type ExceptionActInput, type ExceptionDetail } from "@/lib/contracts/exceptions"
import { AppError } from "@/lib/errors"
import type { ExceptionAct } from "@/lib/vocabulary"
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

/** One act on one exception with its line in the audit log, in a transaction of its own. @returns the exception as it is then. */
export async function actOnOne(
  context: RouteContext,
  actor: Awaited<ReturnType<typeof authorize>>,
  act: ExceptionAct,
  id: string,
  input: ExceptionActInput,
): Promise<ExceptionDetail> {
  return await withProject(actor.project.id, async (tx) => {
    const { from, to, version } = await applyAct(tx, id, act, input, actorName(actor.actor))
    await auditAct(
      tx,
      actor,
      {
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
}

/**
 * What the body of a request asks for, in the version that the person has seen. Answers the exception as it is now; a refusal because somebody acted
 * first holds that too, as `current`.
 */
export async function actFromRequest(
  context: RouteContext,
  actor: Awaited<ReturnType<typeof authorize>>,
  act: ExceptionAct,
): Promise<ExceptionDetail> {
  const input: ExceptionActInput = await readJson(context.request, ACT_INPUTS[act])
  const id = context.params.id ?? ""
  try {
    return await actOnOne(context, actor, act, id, input)
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== "conflict" && error.code !== "illegal_transition")) throw error
    const current = await withProject(actor.project.id, (tx) => getException(tx, id, Date.now()))
    throw new AppError(error.code, error.message, { cause: error, current })
  }
}
