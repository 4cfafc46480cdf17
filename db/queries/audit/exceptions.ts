import type { Comparison } from "./statements"

const HALTED = "r.status in ('halted', 'halting')"

/**
 * Exceptions against the runs that they stand for: every halted run stands in one, what stands in one as halted is, and counts are the number
 * of their runs. Acts of people have nothing to be compared with.
 */
export function* compareExceptions(): Generator<Comparison> {
  yield {
    table: "exceptions",
    differences: `select 'exceptions' as "table", jsonb_build_object('project_id', e.project_id, 'id', e.id) as key, 'count' as "column",
        e.count::text as stored, count(x.run_id)::text as computed
      from exceptions e left join exception_runs x on x.project_id = e.project_id and x.exception_id = e.id
      group by e.project_id, e.id, e.count having e.count <> count(x.run_id)
      union all
      select 'exceptions', jsonb_build_object('project_id', r.project_id, 'run_id', r.id), 'run', null, r.status from runs r
      where ${HALTED} and not exists (select from exception_runs x where x.project_id = r.project_id and x.run_id = r.id and x.kind = 'halt')
      union all
      select 'exceptions', jsonb_build_object('project_id', x.project_id, 'run_id', x.run_id), 'run', 'halted', r.status
      from exception_runs x join runs r on r.project_id = x.project_id and r.id = x.run_id
      where x.kind = 'halt' and (x.cleared_at is null) <> (${HALTED})
      order by 2, 3`,
    counts: "select count(*)::int as compared, 0 as sealed from runs",
  }
}
