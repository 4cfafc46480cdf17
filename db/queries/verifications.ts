import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { VerificationList, VerificationSeries } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"
import { VERDICTS, type Verdict } from "@/lib/vocabulary"
import { all, intArray, matchingSets, refuseDimensions, rollupRows, textArray } from "./conditions"
import { decodeCursor, listLimit, page } from "./cursor"
import { bucketOf, chooseGrain, iso, listBuckets, resolveRange, segmentsFor } from "./range"
import { readCount, readText, readWord, selectRows } from "./rows"
import { RUN_DIMENSIONS } from "./run-dimensions"
import { toVerificationRow, VERIFICATION_COLUMNS } from "./verification-rows"
import { countOf, hull, readDensity, take } from "./window"

/** Conditions that `verifications r` and `verification_rollup r` share. */
async function conditionsOf(tx: ProjectTx, filters: Filters): Promise<SQL[]> {
  refuseDimensions(filters, RUN_DIMENSIONS, "A verification belongs to a run")
  const sets = await matchingSets(tx, filters, RUN_DIMENSIONS)
  return [
    ...(sets === null ? [] : [sql`r.dimension_set_id = any(${intArray(sets)})`]),
    ...(filters.check.length === 0 ? [] : [sql`r.check_name = any(${textArray(filters.check)})`]),
    ...(filters.outcome.length === 0 ? [] : [sql`r.outcome = any(${textArray(filters.outcome)})`]),
  ]
}

/**
 * Verifications of the range, newest first. Filters: `outcome`, `check`, the dimensions of a run.
 * @param options `withPayload` false leaves evidence out (null).
 * @returns `count` exact, from verification_rollup. @throws AppError `invalid_filter`.
 */
export async function listVerifications(
  tx: ProjectTx,
  filters: Filters,
  now: number,
  options: { withPayload?: boolean } = {},
): Promise<VerificationList> {
  const range = await resolveRange(tx, filters, now)
  const limit = listLimit(filters.limit)
  const cursor = decodeCursor(filters.cursor, 1)
  const conditions = await conditionsOf(tx, filters)
  const density = await readDensity(tx, "verification_rollup", "verifications", range.days, conditions, "newest")
  const count = { value: countOf(density), is_capped: false }
  const window = hull(take(density, cursor?.at ?? null, limit + 1, "newest"), range)
  if (window === null) return { items: [], next_cursor: null, count }
  const where = all([
    sql`r.project_id = ${tx.projectId} and r.at >= ${window.from}::timestamptz and r.at < ${window.to}::timestamptz`,
    ...conditions,
    // What the partial index holds, said in its words.
    ...(filters.outcome.length > 0 && !filters.outcome.includes("passed") ? [sql`r.outcome <> 'passed'`] : []),
    ...(cursor === null ? [] : [sql`(r.at, r.id) < (${cursor.at}::timestamptz, ${cursor.ids[0]}::text)`]),
  ])
  // The page first, its runs after: otherwise every row of the range is joined.
  const rows = await selectRows(
    tx,
    sql`select ${VERIFICATION_COLUMNS}
        from (select * from verifications r where ${where} order by r.at desc nulls last, r.id desc nulls last limit ${limit + 1}) v
        left join runs r on r.project_id = ${tx.projectId} and r.id = v.run_id order by v.at desc, v.id desc`,
  )
  const items = rows.map((row) => toVerificationRow(row, options))
  return { ...page(items, limit, (item) => ({ at: item.at, ids: [item.id] })), count }
}

/**
 * Per check and bucket, how many of each outcome; checks by name. `filters.outcome` does not narrow: a share needs them all.
 * @throws AppError `invalid_filter`, `range_too_large`. Source: verification_rollup.
 */
export async function getVerificationSeries(tx: ProjectTx, filters: Filters, now: number): Promise<VerificationSeries> {
  const range = await resolveRange(tx, filters, now)
  const grain = chooseGrain(filters, range)
  const buckets = await listBuckets(tx, range, grain)
  const conditions = await conditionsOf(tx, { ...filters, outcome: [] })
  const rows = await selectRows(
    tx,
    sql`select r.check_name, r.outcome, ${iso(bucketOf(sql`r.bucket`, grain, range.tz))} as bucket, sum(r.verifications)::text as verifications
        from (${rollupRows(tx, "verification_rollup", segmentsFor(range, grain), conditions)}) r
        group by 1, 2, 3 order by 1, 3`,
  )
  const position = new Map(buckets.map((bucket, i) => [bucket, i]))
  const checks = new Map<string, VerificationSeries["checks"][number]>()
  for (const row of rows) {
    const check = readText(row, "check_name")
    const known = checks.get(check) ?? { check, ...none(), series: buckets.map(none) }
    checks.set(check, known)
    const outcome = readWord(row, "outcome", VERDICTS)
    const count = readCount(row, "verifications")
    const point = known.series[position.get(readText(row, "bucket")) ?? -1]
    if (!point) throw new Error("a roll-up row lies outside the range")
    known[outcome] += count
    point[outcome] += count
  }
  return { range: range.wire, tz: range.tz, grain, buckets, checks: [...checks.values()] }
}

const none = (): Record<Verdict, number> => ({ passed: 0, failed: 0, error: 0, skipped: 0 })
