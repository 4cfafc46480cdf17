import type { TransactionSql } from "postgres"
import { DEFAULTS } from "./document"

export type Silence = { workflow: string; isSilent: boolean; silentS: number; limitS: number; since: number }

/** Workflows whose own policy has a schedule, the last start of each (else when the policy was saved), and whether an exception tells of it already. */
const SCHEDULED = `select p.workflow, (p.document->'schedule'->>'every_s')::int as every, (p.document->'schedule'->>'grace_s')::int as grace,
    (extract(epoch from greatest(p.created_at, r.started_at)) * 1000)::float8 as since,
    coalesce((select state = 'paused' from workflow_states w where w.project_id = p.project_id and w.workflow = p.workflow), false) as is_paused,
    exists (select from exception_runs x where x.project_id = p.project_id and x.run_id = '' and x.kind = 'silence' and x.subject = p.workflow
      and x.cleared_at is null) as is_told
  from policies p left join lateral (select started_at from runs where project_id = p.project_id and workflow = p.workflow
    order by started_at desc nulls last, id desc nulls last limit 1) as r on true
  where p.project_id = $1 and p.workflow <> '' and p.document ? 'schedule' and p.document->'on_breach'->>'T16' is distinct from 'off'
    and not exists (select from policies n where n.project_id = p.project_id and n.workflow = p.workflow and n.version > p.version)`
type Row = {
  workflow: string
  every: number
  grace: number | null
  since: number
  is_paused: boolean
  is_told: boolean
}

/** T16, only what changes: no run began for longer than the schedule and its grace, or one did again. A paused line is silent on purpose. */
export async function readSilence(tx: TransactionSql, projectId: number, now: number): Promise<Silence[]> {
  const rows = await tx.unsafe<Row[]>(SCHEDULED, [projectId], { prepare: true })
  return rows.flatMap(({ workflow, every, grace, since, is_paused, is_told }) => {
    const limitS = every + (grace ?? DEFAULTS.scheduleGraceS)
    const silentS = Math.floor((now - since) / 1000)
    const isSilent = !is_paused && now - since > limitS * 1000
    return isSilent === is_told ? [] : [{ workflow, isSilent, silentS, limitS, since }]
  })
}

const RESUMED = `select x.subject as workflow from exception_runs x join workflow_states w on w.project_id = x.project_id and w.workflow = x.subject
  where x.project_id = $1 and x.run_id = '' and x.kind = 'line_stop' and x.cleared_at is null and w.state = 'live'`

/** Lines that people have started again while an exception still says that they stand. */
export async function readResumedLines(tx: TransactionSql, projectId: number): Promise<string[]> {
  const rows = await tx.unsafe<{ workflow: string }[]>(RESUMED, [projectId], { prepare: true })
  return rows.map(({ workflow }) => workflow)
}
