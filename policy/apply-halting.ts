import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"

/**
 * Tells runs to halt, and moves them in what counts them. The runner confirms it by the run's own end; until then they are halting.
 * @param moved the update of `runs`, returning project_id, id, dimension_set_id, proof, started_at, and the status that it was as `was`.
 */
export async function moveToHalting(tx: ProjectTx, moved: SQL): Promise<void> {
  await tx.execute(sql`
    with moved as (${moved}),
    placed as (
      select m.project_id, g.grain, case g.grain when 15 then q.at else date_trunc('day', q.at, p.zone) end as bucket, m.dimension_set_id,
        c.status, m.proof, sum(c.runs) as runs
      from moved m join projects p on p.id = m.project_id cross join (values (15::smallint), (1440::smallint)) as g(grain)
        cross join lateral (select date_bin('15 minutes', m.started_at, '2000-01-01Z'::timestamptz) as at) as q
        cross join lateral (values (m.was, -1), ('halting', 1)) as c(status, runs) group by 1, 2, 3, 4, 5, 6)
    insert into health_rollup as h (project_id, grain, bucket, dimension_set_id, status, proof, runs)
    select * from placed order by grain, bucket, dimension_set_id, status
    on conflict (project_id, grain, bucket, dimension_set_id, status, proof) do update set runs = h.runs + excluded.runs`)
}

/**
 * A runner that says nothing more is taken to have stopped: the watchdog looks at its runs for that. A run that no policy judges is pinned to none.
 * @param runs a query of their ids.
 */
export async function watchHalting(tx: ProjectTx, runs: SQL): Promise<void> {
  await tx.execute(sql`
    insert into run_policies as p (project_id, run_id, pin, due_at)
    select ${tx.projectId}, r.id, 0, now() + interval '30 seconds' from (${runs}) as r(id) order by r.id
    on conflict (project_id, run_id) do update set due_at = least(p.due_at, excluded.due_at)`)
}
