import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { VerdictCounts } from "@/lib/contracts/verifications"
import type { Filters } from "@/lib/filters"
import type { Verdict } from "@/lib/vocabulary"
import { intArray, matchingSets, refuseDimensions, textArray } from "./conditions"
import { type Row, readCount } from "./rows"
import { RUN_DIMENSIONS } from "./run-dimensions"

const WHY = "A verification belongs to a run"
/** Which models a run called is not in the roll-ups: only lists and the split by model look. */
export const withModel = [...RUN_DIMENSIONS, "model"] as const

/** Groups with figures, and how many of them come with their course over time. */
export const GROUPS_CAP = 50
export const LINES_CAP = 8

/**
 * Conditions that `verifications r` and `verification_rollup r` share. `model` is not among them.
 * @throws AppError `invalid_filter` for a dimension that neither has.
 */
export async function verificationConditions(
  tx: ProjectTx,
  filters: Filters,
  known: readonly (typeof withModel)[number][] = RUN_DIMENSIONS,
): Promise<SQL[]> {
  refuseDimensions(filters, known, WHY)
  const sets = await matchingSets(tx, filters, RUN_DIMENSIONS)
  return [
    ...(sets === null ? [] : [sql`r.dimension_set_id = any(${intArray(sets)})`]),
    ...(filters.check.length === 0 ? [] : [sql`r.check_name = any(${textArray(filters.check)})`]),
    ...(filters.outcome.length === 0 ? [] : [sql`r.outcome = any(${textArray(filters.outcome)})`]),
  ]
}

/** What the partial index of results that did not pass holds, said in its words; nothing where passed ones are asked for. */
export const notPassed = (outcome: readonly Verdict[]): SQL[] =>
  outcome.length > 0 && !outcome.includes("passed") ? [sql`r.outcome <> 'passed'`] : []

/** Sums per outcome over rows that have `outcome` and `verifications`. */
export const COUNT_COLUMNS: SQL = sql`
  coalesce(sum(r.verifications) filter (where r.outcome = 'passed'), 0)::text as passed,
  coalesce(sum(r.verifications) filter (where r.outcome = 'failed'), 0)::text as failed,
  coalesce(sum(r.verifications) filter (where r.outcome = 'error'), 0)::text as error,
  coalesce(sum(r.verifications) filter (where r.outcome = 'skipped'), 0)::text as skipped`

export const toCounts = (row: Row): VerdictCounts => ({
  passed: readCount(row, "passed"),
  failed: readCount(row, "failed"),
  error: readCount(row, "error"),
  skipped: readCount(row, "skipped"),
})

export const noCounts = (): VerdictCounts => ({ passed: 0, failed: 0, error: 0, skipped: 0 })

export function addCounts(to: VerdictCounts, more: VerdictCounts): VerdictCounts {
  to.passed += more.passed
  to.failed += more.failed
  to.error += more.error
  to.skipped += more.skipped
  return to
}
