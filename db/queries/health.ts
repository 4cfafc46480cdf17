import { type ProjectTx, sql } from "@/db/client"
import type { Health } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"
import { PROOFS, RUN_STATUSES } from "@/lib/vocabulary"
import { refuseDimensions, rollupRows } from "./conditions"
import { bucketOf, chooseGrain, iso, listBuckets, resolveRange, segmentsFor } from "./range"
import { readCount, readText, readWord, selectRows } from "./rows"
import { RUN_DIMENSIONS } from "./run-dimensions"
import { runConditions } from "./runs"

/**
 * Runs by status and proof, in all and per bucket of their start. Filters: status, proof, the dimensions of a run.
 * @throws AppError `invalid_filter`, `range_too_large`. Source: health_rollup.
 */
export async function getHealth(tx: ProjectTx, filters: Filters, now: number): Promise<Health> {
  refuseDimensions(filters, RUN_DIMENSIONS, "Health counts runs")
  const range = await resolveRange(tx, filters, now)
  const grain = chooseGrain(filters, range)
  const buckets = await listBuckets(tx, range, grain)
  const conditions = await runConditions(tx, filters)
  const rows = await selectRows(
    tx,
    sql`select r.status, r.proof, ${iso(bucketOf(sql`r.bucket`, grain, range.tz))} as bucket, sum(r.runs)::text as runs
        from (${rollupRows(tx, "health_rollup", segmentsFor(range, grain), conditions)}) r
        where r.runs > 0 group by 1, 2, 3 order by 1, 2, 3`,
  )
  const position = new Map(buckets.map((bucket, i) => [bucket, i]))
  const series = new Map<string, Health["series"][number]>()
  for (const row of rows) {
    const status = readWord(row, "status", RUN_STATUSES)
    const proof = readWord(row, "proof", PROOFS)
    const line = series.get(`${status} ${proof}`) ?? { status, proof, runs: buckets.map(() => 0) }
    series.set(`${status} ${proof}`, line)
    const at = position.get(readText(row, "bucket"))
    if (at === undefined) throw new Error("a roll-up row lies outside the range")
    line.runs[at] = readCount(row, "runs")
  }
  const lines = [...series.values()]
  const totals = lines.map(({ status, proof, runs }) => ({ status, proof, runs: runs.reduce((sum, n) => sum + n, 0) }))
  return { range: range.wire, tz: range.tz, grain, buckets, totals, series: lines }
}
