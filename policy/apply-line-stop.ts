import type { TransactionSql } from "postgres"
import type { WorkflowState } from "@/lib/vocabulary"

/** A workflow in which a run was just halted or held back, and what its policy wants done about the third within the hour. */
export type Signal = { projectId: number; workflow: string; wants: "tighten" | "pause" }
export type LineStopped = { projectId: number; workflow: string; to: WorkflowState; runs: string[] }

const STOPS = 3
/**
 * Runs that were halted or held back and heard of within the hour, since somebody last acted on the line: what a person has resumed is not stopped again
 * for what stopped it before. The time of the events counts, not that of their arrival: history that is sent in stops no line.
 */
const COUNT = `with line as (
    insert into workflow_states as w (project_id, workflow, state, version, reason, actor) values ($1, $2, 'live', 0, '', '')
    on conflict (project_id, workflow) do update set workflow = w.workflow returning state, version, case when version = 0 then '-infinity' else at end as at),
  stopped as (
    select r.id, coalesce(r.ended_at, r.last_event_at) as at from runs r where r.project_id = $1 and r.workflow = $2 and r.status in ('halted', 'halting')
      and r.started_at > now() - interval '25 hours'
    union
    select r.id, coalesce(r.ended_at, r.last_event_at) from decisions d join runs r on r.project_id = d.project_id and r.id = d.run_id
      where d.project_id = $1 and d.workflow = $2 and d.action in ('halt', 'quarantine') and d.at > now() - interval '1 hour'
      and (r.hold = 'quarantined' or r.status in ('halted', 'halting')))
  select l.state, l.version, case when l.state in ('paused', $3) then '{}' else coalesce((select array_agg(s.id order by s.at, s.id) from stopped s where s.at > now() - interval '1 hour' and s.at > l.at), '{}') end as runs
  from line l`
const MOVE = `with act as (
    insert into workflow_acts (project_id, workflow, n, actor, act, from_state, to_state, reason, evidence)
    values ($1, $2, $3::int, 'andon', $4, $5, $6, $7, ($8::text)::jsonb))
  update workflow_states set state = $6, version = $3::int, reason = $7, actor = 'andon', at = now() where project_id = $1 and workflow = $2`

/** Stops the line where this was the third; the caller raises the exception. */
export async function stopLine(
  tx: TransactionSql,
  { projectId, workflow, wants }: Signal,
): Promise<LineStopped | null> {
  const to: WorkflowState = wants === "pause" ? "paused" : "tightened"
  const [line] = await tx.unsafe<{ state: WorkflowState; version: number; runs: string[] }[]>(COUNT, [
    projectId,
    workflow,
    to,
  ])
  // A line that stands already is not counted again.
  if (!line || line.runs.length < STOPS) return null
  const runs = line.runs.slice(-20)
  const reason = `${line.runs.length} runs were halted or held back within an hour.`
  const act = wants === "pause" ? "pause" : "tighten"
  await tx.unsafe(MOVE, [projectId, workflow, line.version + 1, act, line.state, to, reason, JSON.stringify({ runs })])
  return { projectId, workflow, to, runs }
}
