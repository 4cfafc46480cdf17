import { pool } from "@/db/client"
import { seeAllProjects } from "@/db/see"
import { announceHalts, type ConditionChange, settleConditions } from "./exceptions"
import { openScope } from "./writer"

const BATCH = 500

/** The same runs whenever and wherever it is asked: by the id alone. */
const HASH = "('x' || substr(md5(r.id), 1, 8))::bit(32)::bigint"
/**
 * Of the runs of this week and the last that passed: one in a hundred, and of the week that is over the five first by their hash where that were
 * fewer. What already stands in an exception is looked at anyway.
 */
const DRAWN = `select s.id, s.workflow, to_char(s.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
  from (select r.id, r.workflow, coalesce(r.ended_at, r.last_event_at) as at, ${HASH} % 100 = 0 as is_hundredth, r.started_at < date_trunc('week', now()) as is_over,
      row_number() over (partition by r.started_at < date_trunc('week', now()) order by ${HASH} % 100 <> 0, ${HASH}, r.id) as place
    from runs r where r.project_id = $1 and r.proof = 'verified' and r.status = 'succeeded' and r.hold is null
      and r.started_at >= date_trunc('week', now()) - interval '7 days' and r.last_received_at < now() - interval '15 minutes') s
  where (s.is_hundredth or (s.is_over and s.place <= 5))
    and not exists (select from exception_runs x where x.project_id = $1 and x.run_id = s.id)
  order by s.at, s.id limit ${BATCH}`

/**
 * Draws passed runs for a person to look at, to find what the rules miss: one exception a run, in projects that have a policy; without one nothing was
 * judged and nobody asked for work.
 * @returns runs that were drawn.
 */
export async function drawSamples(): Promise<number> {
  let drawn = 0
  for (const { id } of await judgedProjects())
    drawn += (await pool("maintenance").begin(async (tx) => {
      await openScope(tx, [id], "shared")
      const rows = await tx.unsafe<{ id: string; workflow: string | null; at: string }[]>(DRAWN, [id])
      const changes = rows.map(
        (row): ConditionChange => ({
          projectId: id,
          runId: row.id,
          kind: "audit_sample",
          severity: "low",
          isActive: true,
          at: row.at,
          about: {
            kind: "audit_sample",
            workflow: row.workflow,
            rule: null,
            step: null,
            own: row.id,
            reason: "Drawn from the runs that passed: is there something that no rule sees?",
          },
        }),
      )
      if (changes.length > 0) {
        await settleConditions(tx, changes, "sweep")
        await announceHalts(tx, new Set([id]))
      }
      return changes.length
    })) as number
  return drawn
}

async function judgedProjects(): Promise<{ id: number }[]> {
  return (await pool("maintenance").begin(async (tx) => {
    await seeAllProjects(tx)
    return [...(await tx<{ id: number }[]>`select distinct project_id as id from policies order by 1`)]
  })) as { id: number }[]
}
