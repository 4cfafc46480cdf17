import { pool } from "@/db/client"
import { announceHalts, type ConditionChange, settleConditions } from "./exceptions"
import { openScope } from "./writer"

const BATCH = 500

type HaltedRow = {
  id: string
  is_halted: boolean
  workflow: string | null
  rule: string | null
  step: string | null
  reason: string | null
  observed: string | null
  limit: string | null
  unit: string | null
  at: string
}

const COLUMNS = `r.id, r.status in ('halted', 'halting') as is_halted, r.workflow, r.halt_rule as rule, r.halt_step as step, r.halt_reason as reason,
  r.halt_observed as observed, r.halt_limit as "limit", r.halt_unit as unit,
  to_char(coalesce(r.ended_at, r.last_event_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`
/** A run that a writer holds is that writer's to settle; what it leaves, the next sweep finds. */
const MISSING = `select ${COLUMNS} from runs r where r.project_id = $1 and r.status in ('halted', 'halting') and not exists (
    select from exception_runs x where x.project_id = r.project_id and x.run_id = r.id and x.kind = 'halt')
  order by r.started_at, r.id limit ${BATCH} for update of r skip locked`
const GONE = `select ${COLUMNS} from exception_runs x join runs r on r.project_id = x.project_id and r.id = x.run_id
  where x.project_id = $1 and x.kind = 'halt' and x.cleared_at is null and r.status not in ('halted', 'halting')
  limit ${BATCH} for update of r skip locked`

/**
 * Raises what is missing and clears what is gone, in every project: halts from before there were exceptions, and whatever a rebuild has found
 * to be otherwise. A sweep that finds nothing changes nothing.
 * @returns runs that were brought in line.
 */
export async function sweepExceptions(): Promise<number> {
  const projects = await pool("maintenance")<{ id: number }[]>`select id from projects order by id`
  let settled = 0
  for (const { id } of projects)
    for (const found of [MISSING, GONE])
      for (;;) {
        const count = await sweepBatch(id, found)
        settled += count
        if (count < BATCH) break
      }
  return settled
}

async function sweepBatch(projectId: number, found: string): Promise<number> {
  return (await pool("maintenance").begin(async (tx) => {
    await openScope(tx, [projectId], "shared")
    const rows = await tx.unsafe<HaltedRow[]>(found, [projectId])
    const changes = rows.map(
      ({ id, is_halted, workflow, rule, step, reason, at, ...figures }): ConditionChange => ({
        projectId,
        runId: id,
        kind: "halt",
        severity: "critical",
        isActive: is_halted,
        at,
        about: { kind: "halt", workflow, rule, step, reason },
        ...figures,
      }),
    )
    if (changes.length > 0) {
      await settleConditions(tx, changes, "sweep")
      await announceHalts(tx, new Set([projectId]))
    }
    return changes.length
  })) as number
}
