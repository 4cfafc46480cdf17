import type { Comparison } from "./statements"

/** The last that is known of a run, by its own events or by a look of the watchdog. */
const AS_OF = "greatest(r.last_event_at, to_timestamp((r.facts->>'tick')::float8 / 1000))"
const found = (
  ...actions: string[]
) => `exists (select from run_findings f where f.project_id = r.project_id and f.run_id = r.id
  and f.action in (${actions.map((action) => `'${action}'`).join(", ")}) and (f.effective_at is null or f.effective_at < ${AS_OF}))`
const acted = (...acts: string[]) =>
  `exists (select from run_acts a where a.project_id = r.project_id and a.run_id = r.id and a.act in (${acts.map((act) => `'${act}'`).join(", ")}))`
/** Its runner was told to halt, and the run has not ended by its own word since. */
const TOLD =
  "exists (select from directives d where d.project_id = r.project_id and d.run_id = r.id and d.kind = 'halt' and d.state <> 'ended')"
const HAS_HALTED_ITSELF = `r.facts->'ends' @> '[{"kind": "halted"}]'`

/**
 * Status and hold of runs against what was found in them and what people did: nothing is halted or held back without a reason that is stored, no halt that was told
 * is undone, no success with such a finding goes free, and every finding has its run. That the findings are those of the events is what a rebuild shows.
 */
export function* compareFindings(): Generator<Comparison> {
  const row = (column: string, stored: string, computed: string, where: string) =>
    `select 'run_findings' as "table", jsonb_build_object('project_id', r.project_id, 'run_id', r.id) as key, '${column}' as "column",
      ${stored} as stored, ${computed} as computed from runs r where ${where}`
  yield {
    table: "run_findings",
    differences: `${row("hold", "r.hold", "null::text", `r.hold = 'quarantined' and not ${found("quarantine", "halt")} and not ${acted("quarantine", "halt")}`)}
      union all ${row("hold", "r.hold", "'quarantined'", `r.hold is null and r.status = 'succeeded' and ${found("quarantine", "halt")}`)}
      union all ${row("status", "r.status", "'running'", `r.status in ('halting', 'halted') and not ${HAS_HALTED_ITSELF} and not ${found("halt")} and not ${acted("halt")} and not ${TOLD}`)}
      union all ${row("status", "r.status", "'halting'", `r.status in ('pending', 'running', 'waiting', 'stalled') and ${TOLD}`)}
      union all
      select 'run_findings', jsonb_build_object('project_id', f.project_id, 'run_id', f.run_id, 'rule', f.rule, 'subject', f.subject), 'run', f.run_id, null
      from run_findings f where not exists (select from runs r where r.project_id = f.project_id and r.id = f.run_id)
      order by 2, 3`,
    counts: "select count(*)::int as compared, 0 as sealed from runs",
  }
}
