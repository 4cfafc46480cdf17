import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { Window } from "./board-windows"
import { all } from "./conditions"
import { iso } from "./range"
import { first, readCount, selectRows } from "./rows"

/**
 * The halted runs that wait for a person, summed per dimension set: those of exceptions that nobody has resolved, as the page of halts counts them.
 * @param narrowing conditions on `runs r`.
 * @returns JSON for `jsonb_to_recordset`, so that the sums take part in a statement of roll-ups without a join to runs there.
 */
export async function readHalted(tx: ProjectTx, narrowing: SQL[]): Promise<string> {
  const rows = await selectRows(
    tx,
    sql`select r.dimension_set_id as id, count(*)::text as stopped, ${iso(sql`min(x.at)`)} as since, sum(r.cost)::text as cost,
          sum(r.calls)::text as calls, sum(r.unpriced_calls)::text as unpriced
        from exceptions e
        join exception_runs x on x.project_id = e.project_id and x.exception_id = e.id and x.cleared_at is null
        join runs r on r.project_id = x.project_id and r.id = x.run_id
        where ${all([sql`e.project_id = ${tx.projectId} and e.kind = 'halt' and e.state <> 'resolved'`, ...narrowing])}
        group by r.dimension_set_id`,
  )
  return JSON.stringify(rows)
}

/** Verified runs of a stretch on whose exception a person has acted: they were not done without one. A look at a passed run, drawn to see what the
 * rules miss, is none. */
export async function countTouched(tx: ProjectTx, window: Window, narrowing: SQL[]): Promise<number> {
  const rows = await selectRows(
    tx,
    sql`select count(distinct r.id)::int as touched
        from exception_log l
        join exception_runs x on x.project_id = l.project_id and x.exception_id = l.exception_id
        join runs r on r.project_id = x.project_id and r.id = x.run_id
        where ${all([
          sql`l.project_id = ${tx.projectId} and l.actor like 'user:%' and x.kind <> 'audit_sample' and r.proof = 'verified'`,
          sql`r.started_at >= ${window.from}::timestamptz and r.started_at < ${window.to}::timestamptz`,
          ...narrowing,
        ])}`,
  )
  return readCount(first(rows), "touched")
}
