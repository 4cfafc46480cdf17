import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { VerificationGroup, VerificationSeries, VerificationSplit } from "@/lib/contracts/verifications"
import { AppError } from "@/lib/errors"
import type { Filters } from "@/lib/filters"
import { matches, rollupRows } from "./conditions"
import { bucketOf, chooseGrain, iso, listBuckets, resolveRange, segmentsFor } from "./range"
import { type Row, readCount, readText, readTextOrNull, selectRows } from "./rows"
import {
  addCounts,
  COUNT_COLUMNS,
  GROUPS_CAP,
  LINES_CAP,
  noCounts,
  toCounts,
  verificationConditions,
} from "./verification-conditions"
import { seriesByModel } from "./verification-models"

/** What the filters split by: a check where they name nothing. @throws AppError `invalid_filter`. */
function splitOf({ by }: Pick<Filters, "by">): VerificationSplit {
  const [first, second] = by
  if (second !== undefined) throw new AppError("invalid_filter", "by takes one dimension here.", { field: "by" })
  switch (first) {
    case undefined:
      return "check"
    case "provider":
    case "step":
    case "key":
      throw new AppError("invalid_filter", `A verification belongs to a run, which has no ${first}.`, { field: "by" })
    default:
      return first
  }
}

/**
 * Outcomes over time by check, or by what `filters.by` names; those with most failures first. `filters.outcome` does not narrow: a share needs
 * them all.
 * @returns at most 50 groups and "other", the first 8 with their course over time.
 * @throws AppError `invalid_filter`, `range_too_large`. Source: verification_rollup; by model: `verification-models.ts`.
 */
export async function getVerificationSeries(tx: ProjectTx, filters: Filters, now: number): Promise<VerificationSeries> {
  const by = splitOf(filters)
  const range = await resolveRange(tx, filters, now)
  const grain = chooseGrain(filters, range)
  const buckets = await listBuckets(tx, range, grain)
  const conditions = await verificationConditions(tx, { ...filters, outcome: [] })
  const head = { range: range.wire, tz: range.tz, grain, by, buckets }
  if (by === "model") return { ...head, ...(await seriesByModel(tx, range, grain, buckets, conditions)) }

  const source = rollupRows(tx, "verification_rollup", segmentsFor(range, grain), conditions)
  const name = by === "check" ? sql`r.check_name` : sql`d.${sql.identifier(by)}`
  const from =
    by === "check"
      ? sql`(${source}) r`
      : sql`(${source}) r join dimension_sets d on d.project_id = ${tx.projectId} and d.id = r.dimension_set_id`
  // The sums of the groups past the cap come with the rows: a window is over all groups, before the limit.
  const rows = await selectRows(
    tx,
    sql`with g as (select ${name} as name, ${COUNT_COLUMNS}, sum(r.verifications) as n from ${from} group by 1)
        select name, passed, failed, error, skipped, count(*) over ()::int as groups,
          sum(passed::numeric) over ()::text as all_passed, sum(failed::numeric) over ()::text as all_failed,
          sum(error::numeric) over ()::text as all_error, sum(skipped::numeric) over ()::text as all_skipped
        from g where n > 0 order by failed::numeric desc, error::numeric desc, n desc, name limit ${GROUPS_CAP}`,
  )
  const groups = rows.map((row): VerificationGroup => {
    return { name: readTextOrNull(row, "name"), is_other: false, ...toCounts(row), series: [] }
  })
  await fillSeries(tx, groups.slice(0, LINES_CAP), {
    name,
    from,
    bucket: bucketOf(sql`r.bucket`, grain, range.tz),
    buckets,
  })
  const [first] = rows
  const total = first ? totalOf(first) : noCounts()
  const count = first ? readCount(first, "groups") : 0
  return {
    ...head,
    total,
    groups: count > groups.length ? [...groups, otherOf(total, groups)] : groups,
    group_count: count,
    part: null,
  }
}

type Course = { name: SQL; from: SQL; bucket: SQL; buckets: readonly string[] }

async function fillSeries(tx: ProjectTx, groups: VerificationGroup[], course: Course): Promise<void> {
  if (groups.length === 0) return
  for (const group of groups) group.series = course.buckets.map(noCounts)
  const wanted = matches(
    course.name,
    groups.map((group) => group.name),
  )
  const rows = await selectRows(
    tx,
    sql`select ${course.name} as name, ${iso(course.bucket)} as bucket, ${COUNT_COLUMNS} from ${course.from} where ${wanted} group by 1, 2`,
  )
  const byName = new Map(groups.map((group) => [group.name, group]))
  const position = new Map(course.buckets.map((bucket, i) => [bucket, i]))
  for (const row of rows) {
    const point = byName.get(readTextOrNull(row, "name"))?.series[position.get(readText(row, "bucket")) ?? -1]
    if (!point) throw new Error("a roll-up row lies outside the range")
    addCounts(point, toCounts(row))
  }
}

const totalOf = (row: Row) => ({
  passed: readCount(row, "all_passed"),
  failed: readCount(row, "all_failed"),
  error: readCount(row, "all_error"),
  skipped: readCount(row, "all_skipped"),
})

function otherOf(total: VerificationSeries["total"], groups: readonly VerificationGroup[]): VerificationGroup {
  const shown = groups.reduce(addCounts, noCounts())
  return {
    name: null,
    is_other: true,
    passed: total.passed - shown.passed,
    failed: total.failed - shown.failed,
    error: total.error - shown.error,
    skipped: total.skipped - shown.skipped,
    series: [],
  }
}
