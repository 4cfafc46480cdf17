import { type ProjectTx, sql } from "@/db/client"
import { intArray, textArray } from "./conditions"
import { findQuarters } from "./quarters"
import type { ResolvedRange } from "./range"
import { readCount, readText, selectRows } from "./rows"
import { countOf, hull, readDensity, take } from "./window"

/** Calls of these dimension sets in the range by run, as far as `most` calls reach, the newest first. */
export type Callers = { sets: Map<string, number[]>; isComplete: boolean }

/**
 * Which runs made calls of these sets: looked up in the quarter hours in which spend_rollup has such calls, so that rare ones cost a few probes
 * and common ones no more than `most` rows.
 */
export async function runsCalling(
  tx: ProjectTx,
  sets: readonly number[],
  range: Pick<ResolvedRange, "from" | "to" | "days">,
  most: number,
): Promise<Callers> {
  const nobody: Callers = { sets: new Map(), isComplete: true }
  if (sets.length === 0) return nobody
  const narrowing = [sql`r.dimension_set_id = any(${intArray(sets)})`]
  const density = await readDensity(tx, "spend_rollup", "calls", range.days, narrowing, "newest")
  const taken = take(density, null, most, "newest")
  const window = hull(taken, range)
  if (window === null) return nobody
  const quarters = await findQuarters(tx, taken, "calls", narrowing, window)
  const rows = await selectRows(
    tx,
    sql`select c.run_id, c.dimension_set_id from (
          select s.run_id, s.dimension_set_id, s.started_at from unnest(${textArray(quarters)}::timestamptz[]) q cross join lateral (
            select s.run_id, s.dimension_set_id, s.started_at from spans s
            where s.started_at >= ${window.from}::timestamptz and s.started_at < ${window.to}::timestamptz
              and s.started_at >= q and s.started_at < q + interval '15 minutes'
              and s.project_id = ${tx.projectId} and s.is_call and s.dimension_set_id = any(${intArray(sets)})
            order by s.started_at desc nulls last limit ${most}
          ) s limit ${most}
        ) c where c.run_id <> '' group by 1, 2 order by max(c.started_at) desc`,
  )
  const found: Callers["sets"] = new Map()
  for (const row of rows) {
    const run = readText(row, "run_id")
    found.set(run, [...(found.get(run) ?? []), readCount(row, "dimension_set_id")])
  }
  return { sets: found, isComplete: countOf(density) <= most }
}
