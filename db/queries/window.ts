import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { TimeSort } from "@/lib/filters"
import { toIso } from "@/lib/time"
import { rollupRows } from "./conditions"
import { iso, type Segment } from "./range"
import { readCount, readText, selectRows } from "./rows"

/** How many rows of a list lie in each bucket of a roll-up, in the list's order; `lines` of the roll-up say so. */
export type Density = { level: 15 | 1440; bucket: string; rows: number; lines: number }[]

/**
 * Where in time the rows of a filtered list are, from the roll-up that counts them: a list can then be read where its rows are, and its count
 * is exact whatever the number of rows.
 */
export async function readDensity(
  tx: ProjectTx,
  table: "spend_rollup" | "health_rollup" | "verification_rollup",
  measure: "calls" | "unpriced_calls" | "differing_calls" | "errors" | "runs" | "verifications",
  segments: readonly Segment[],
  narrowing: SQL[],
  sort: TimeSort,
): Promise<Density> {
  const column = sql`r.${sql.identifier(measure)}`
  const rows = await selectRows(
    tx,
    sql`select r.grain, ${iso(sql`r.bucket`)} as bucket, sum(${column})::text as rows, count(*)::int as lines
        from (${rollupRows(tx, table, segments, [...narrowing, sql`${column} > 0`])}) r
        group by r.grain, r.bucket order by r.bucket ${sort === "newest" ? sql`desc` : sql`asc`}`,
  )
  return rows.map((row) => ({
    level: readCount(row, "grain") === 15 ? 15 : 1440,
    bucket: readText(row, "bucket"),
    rows: readCount(row, "rows"),
    lines: readCount(row, "lines"),
  }))
}

export const countOf = (density: Density): number => density.reduce((sum, { rows }) => sum + rows, 0)

/** Where a bucket surely begins and ends: a day has up to 25 hours, and its label may be an hour after its start. */
export function extent({ level, bucket }: Pick<Density[number], "level" | "bucket">): [from: number, to: number] {
  const start = Date.parse(bucket)
  return level === 15 ? [start, start + 900_000] : [start - 3_600_000, start + 25 * 3_600_000]
}

/** The buckets past the cursor that together hold at least `needed` rows, in the list's order; what the cursor cuts is taken, not counted. */
export function take(density: Density, cursorAt: string | null, needed: number, sort: TimeSort): Density {
  const limit = cursorAt === null ? null : Date.parse(cursorAt)
  const taken: Density = []
  let rows = 0
  for (const entry of density) {
    const [from, to] = extent(entry)
    if (limit !== null && (sort === "newest" ? from > limit : to <= limit)) continue
    taken.push(entry)
    if (limit === null || (sort === "newest" ? to <= limit : from > limit)) rows += entry.rows
    if (rows >= needed) break
  }
  return taken
}

/** The stretch that holds these buckets, within the range; null when there are none. */
export function hull(
  density: Pick<Density[number], "level" | "bucket">[],
  range: { from: string; to: string },
): { from: string; to: string } | null {
  if (density.length === 0) return null
  const extents = density.map(extent)
  const from = Math.max(Date.parse(range.from), Math.min(...extents.map(([start]) => start)))
  const to = Math.min(Date.parse(range.to), Math.max(...extents.map(([, end]) => end)))
  return { from: toIso(from), to: toIso(to) }
}
