import { and, desc, eq, inArray, isNull, lt, or, type SQL } from "drizzle-orm"
import type { Actor, ProjectActor } from "@/access/actor"
import { assertCan } from "@/access/permissions"
import { withProject } from "@/db/client"
import { auditLog } from "@/db/schema/ledger"
import type { Tx } from "@/db/scope"
import type { AuditList } from "@/lib/contracts/access"
import { toIso } from "@/lib/time"

/** Where an action came from; every mutation takes it beside its actor. */
export type Origin = { requestId: string; remoteIp: string | null }

const AUDIT_ACTIONS = [
  "setup.completed",
  "login.succeeded",
  "login.failed",
  "login.alarm",
  "logout",
  "password.changed",
  "session.revoked",
  "project.created",
  "project.updated",
  "member.added",
  "member.updated",
  "member.removed",
  "key.created",
  "key.rotated",
  "key.revoked",
  "dead_letter.replayed",
  "spend.exported",
  "exception.acknowledged",
  "exception.assigned",
  "exception.commented",
  "exception.resolved",
  "exception.reopened",
  "exception.snoozed",
  "exception.suppressed",
  "report.exported",
  "ledger.checked",
  "price.added",
  "prices.imported",
  "discount.added",
  "repricing.previewed",
  "repricing.applied",
  "repricing.undone",
  "repricing.finished",
  "remapping.previewed",
  "remapping.applied",
  "remapping.undone",
  "remapping.finished",
  "period.closed",
  "period.reopened",
  "budget.added",
  "budget.changed",
  "budget.ended",
  "alert_channel.added",
  "alert_channel.changed",
  "alert_channel.removed",
  "alert_channel.tested",
  "alert.sent_again",
  "alert_settings.changed",
  "policy.saved",
  "policy.approved",
  "demo.started",
  "demo.cancelled",
  "demo.removed",
  "view.shared",
  "view.unshared",
  "view.removed",
  "run.halted",
  "run.quarantined",
  "run.released",
  "run.rejected",
  "line.paused",
  "line.tightened",
  "line.resumed",
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

/** What finance answers for. */
const FINANCE_ACTIONS: AuditAction[] = [
  ...(["project.created", "project.updated", "spend.exported", "report.exported"] as const),
  ...(["price.added", "prices.imported", "discount.added"] as const),
  ...(["repricing.previewed", "repricing.applied", "repricing.undone", "repricing.finished"] as const),
  ...(["remapping.previewed", "remapping.applied", "remapping.undone", "remapping.finished"] as const),
  ...(["period.closed", "period.reopened"] as const),
  ...(["budget.added", "budget.changed", "budget.ended"] as const),
]

export type AuditEntry = {
  /** null: belongs to the installation; else the transaction must see the project. */
  projectId: number | null
  actor: string
  action: AuditAction
  target?: string
  before?: unknown
  after?: unknown
  reason?: string
}

/** Writes one row in the transaction of what it records: both or neither. Never holds a secret. */
export async function audit(tx: Tx, entry: AuditEntry, origin: Origin): Promise<void> {
  await tx.insert(auditLog).values({
    project_id: entry.projectId,
    actor: entry.actor,
    action: entry.action,
    target: entry.target ?? null,
    before: entry.before ?? null,
    after: entry.after ?? null,
    reason: entry.reason ?? null,
    request_id: origin.requestId,
    ip: origin.remoteIp,
  })
}

/** What somebody did in a project. As `audit`. */
export async function auditAct(
  tx: Tx,
  { actor, project }: Pick<ProjectActor, "actor" | "project">,
  act: Omit<AuditEntry, "projectId" | "actor">,
  origin: Origin,
): Promise<void> {
  await audit(tx, { ...act, projectId: project.id, actor: actorName(actor) }, origin)
}

/** How an actor is named in the log, readable years after the account is gone. */
export function actorName(actor: Actor): string {
  return actor.kind === "user" ? `user:${actor.email}` : `key:${actor.publicId}`
}

/**
 * Newest first. Administrators read the project's rows and the installation's, operators the project's, finance what finance answers for
 * and their own, viewers their own.
 */
export async function listAudit(
  actor: ProjectActor,
  page: { cursor: string | null; limit: number },
): Promise<AuditList> {
  assertCan(actor, "audit.read")
  return await withProject(actor.project.id, async (tx) => {
    const conditions = [visibleRows(actor), page.cursor ? lt(auditLog.id, BigInt(page.cursor)) : undefined]
    const rows = await tx
      .select()
      .from(auditLog)
      .where(and(...conditions))
      .orderBy(desc(auditLog.id))
      .limit(page.limit + 1)
    const items = rows
      .slice(0, page.limit)
      .map(({ id, at, actor, action, target, before, after, reason, request_id, ip }) => ({
        id: String(id),
        at: toIso(Date.parse(at)),
        actor,
        action,
        target,
        before,
        after,
        reason,
        request_id,
        ip,
      }))
    return { items, next_cursor: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null, count: null }
  })
}

function visibleRows(actor: ProjectActor): SQL | undefined {
  const ofProject = eq(auditLog.project_id, actor.project.id)
  const own = and(or(ofProject, isNull(auditLog.project_id)), eq(auditLog.actor, actorName(actor.actor)))
  switch (actor.role) {
    case "admin":
      return or(ofProject, isNull(auditLog.project_id))
    case "operator":
      return or(ofProject, own)
    case "finance":
      return or(and(ofProject, inArray(auditLog.action, FINANCE_ACTIONS)), own)
    case "viewer":
    case "key":
      return own
    default:
      return actor.role satisfies never
  }
}
