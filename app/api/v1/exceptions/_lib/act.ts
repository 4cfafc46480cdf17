import { type AuditAction, actorName, audit } from "@/access/audit"
import type { RouteContext } from "@/access/guard"
import type { authorize } from "@/access/project"
import { withProject } from "@/db/client"
import { getException } from "@/db/queries/exception"
import type { ExceptionActInput, ExceptionDetail } from "@/lib/contracts/exceptions"
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
}
