import type { TransactionSql } from "postgres"
import { pool } from "@/db/client"
import { seeAllProjects } from "@/db/see"
import { ESCALATES_AFTER_MS } from "@/lib/exception-states"
import { tell } from "@/policy/apply-alerts"
import { actByItself, type Standing } from "./exception-members"
import { announceHalts } from "./exceptions"

const BATCH = 500

/** An exception that nobody has looked at in time: channels are told of it with the commit. */
export type Escalated = { projectId: number; id: string; level: number }

const DUE = `select project_id, id::text, kind, state, version from exceptions
  where until_at <= now() and state in ('snoozed', 'suppressed_by_design') order by project_id, id limit ${BATCH} for update skip locked`
const IS_ACTIVE =
  "select exists (select from exception_runs where project_id = $1 and exception_id = $2::bigint and cleared_at is null) as is"
const [TO_NEXT, TO_ALL] = ESCALATES_AFTER_MS.map((ms) => `interval '${ms} milliseconds'`)
const LEVEL = `case when waits_since <= now() - ${TO_ALL} then 2 when waits_since <= now() - ${TO_NEXT} then 1 else 0 end`
/** Neither state nor version changes: who acknowledges at that moment must not be refused for it. */
const ESCALATE = `update exceptions e set escalation = k.level, escalated_at = now()
  from (select project_id, id, ${LEVEL} as level from exceptions
    where state = 'unack_active' and severity = 'critical' and escalation < 2 and waits_since <= now() - ${TO_NEXT} and escalation < ${LEVEL}
    order by project_id, id limit ${BATCH} for update skip locked) as k
  where e.project_id = k.project_id and e.id = k.id returning e.project_id as "projectId", e.id::text, e.escalation as level`

/**
 * What time alone does to exceptions, in every project: a snooze and a suppression end, a critical one that nobody has looked at is carried further. What
 * another instance holds is that instance's to do.
 */
export async function sweepDue(): Promise<{ woken: number; escalated: Escalated[] }> {
  return (await pool("maintenance").begin(async (tx) => {
    await seeAllProjects(tx)
    const due = await tx.unsafe<Standing[]>(DUE)
    for (const exception of due) await wake(tx, exception)
    const escalated = [...(await tx.unsafe<Escalated[]>(ESCALATE))]
    const projects = new Set([...due.map((row) => row.project_id), ...escalated.map((row) => row.projectId)])
    for (const project of new Set(escalated.map((row) => row.projectId))) {
      const ids = escalated.filter((row) => row.projectId === project).map((row) => row.id)
      await tell(tx, project, ids, "escalate")
    }
    if (projects.size > 0) await announceHalts(tx, projects)
    return { woken: due.length, escalated }
  })) as { woken: number; escalated: Escalated[] }
}

async function wake(tx: TransactionSql, exception: Standing): Promise<void> {
  const awake = await actByItself(tx, exception, exception.state === "snoozed" ? "wake" : "lift")
  const [active] = await tx.unsafe<{ is: boolean }[]>(IS_ACTIVE, [exception.project_id, exception.id])
  if (!active?.is) await actByItself(tx, awake, "clear")
}
