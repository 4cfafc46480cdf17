import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import { all, rollupRows, textArray } from "./conditions"
import { iso } from "./range"
import { readText, selectRows } from "./rows"
import { type Density, hull } from "./window"

/** Below this many dimension sets in a day each of their quarter hours is looked up by key; above, the day's quarter hours are read. */
const SPARSE_LINES = 100

/**
 * The quarter hours that hold calls, out of the buckets in which they are known to lie: rare calls of ninety days are found by key, one probe a
 * quarter hour of each day and set that has any, and never by reading what lies between them.
 * @returns starts, the newest first. Source: spend_rollup.
 */
export async function findQuarters(
  tx: ProjectTx,
  buckets: Density,
  measure: "calls" | "unpriced_calls" | "differing_calls" | "errors",
  narrowing: SQL[],
  range: { from: string; to: string },
): Promise<string[]> {
  const quarters = buckets.filter((entry) => entry.level === 15).map((entry) => entry.bucket)
  const days = buckets.filter((entry) => entry.level === 1440)
  const sparse = days.filter((entry) => entry.lines <= SPARSE_LINES)
  const found = [...(await probe(tx, sparse, measure, narrowing, range))]
  for (const day of days.filter((entry) => entry.lines > SPARSE_LINES)) {
    const window = hull([day], range)
    if (window) found.push(...(await read(tx, window, measure, narrowing)))
  }
  return [...new Set([...quarters, ...found])].sort().reverse()
}

async function probe(
  tx: ProjectTx,
  days: Density,
  measure: string,
  narrowing: SQL[],
  range: { from: string; to: string },
): Promise<string[]> {
  if (days.length === 0) return []
  const column = sql.identifier(measure)
  const rows = await selectRows(
    tx,
    sql`with lines as materialized (
          select r.bucket, r.dimension_set_id from spend_rollup r
          where ${all([
            sql`r.project_id = ${tx.projectId} and r.grain = 1440 and r.bucket = any(${textArray(days.map((day) => day.bucket))}::timestamptz[])`,
            sql`r.${column} > 0`,
            ...narrowing,
          ])}
        )
        select distinct ${iso(sql`q.bucket`)} as bucket
        from lines l cross join generate_series(0, 103) g cross join lateral (
          select r.bucket from spend_rollup r
          where r.project_id = ${tx.projectId} and r.grain = 15 and r.bucket = l.bucket + (g - 4) * interval '15 minutes'
            and r.dimension_set_id = l.dimension_set_id and r.${column} > 0 limit 1
        ) q
        where q.bucket >= ${range.from}::timestamptz and q.bucket < ${range.to}::timestamptz`,
  )
  return rows.map((row) => readText(row, "bucket"))
}

async function read(
  tx: ProjectTx,
  window: { from: string; to: string },
  measure: string,
  narrowing: SQL[],
): Promise<string[]> {
  const conditions = [...narrowing, sql`r.${sql.identifier(measure)} > 0`]
  const rows = await selectRows(
    tx,
    sql`select distinct ${iso(sql`r.bucket`)} as bucket from (${rollupRows(tx, "spend_rollup", [{ level: 15, ...window }], conditions)}) r`,
  )
  return rows.map((row) => readText(row, "bucket"))
}

/** Quarter hours past the cursor, enough of them for a page: each holds a row at least, and the one that the cursor cuts may be used up. */
export function quartersPast(quarters: readonly string[], cursorAt: string | null, needed: number): string[] {
  const left = cursorAt === null ? quarters : quarters.filter((bucket) => Date.parse(bucket) <= Date.parse(cursorAt))
  return left.slice(0, needed + 1)
}
