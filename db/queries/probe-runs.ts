import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { Filters } from "@/lib/filters"
import { all, intArray, matchingSets, textArray } from "./conditions"
import { iso } from "./range"
import { type Row, readText, readTextOrNull, selectRows } from "./rows"
import { SPAN_DIMENSIONS } from "./run-dimensions"
import { order, type Page, pageOf, past, placeOf, sortKey, type Walk } from "./run-order"
import { RUN_COLUMNS } from "./run-rows"

/** How many runs one page looks at, in steps: most filters are answered by the first. */
const STEPS = [100, 400, 1500]

export const asksForSpans = (filters: Filters): boolean =>
  SPAN_DIMENSIONS.some((dimension) => filters.dimensions[dimension] !== undefined)

/**
 * Walks the list and looks into one run after the other, by key and within the bounds that its row keeps: no scan of spans, no unbounded search.
 * After 2,000 runs the page ends with what was found, and its cursor goes on from there.
 * @returns rows with the columns of a list.
 */
export async function probeRuns(
  tx: ProjectTx,
  filters: Filters,
  where: SQL[],
  walk: Walk,
  limit: number,
): Promise<Page & { isUnfinished: boolean }> {
  const sets = asksForSpans(filters) ? ((await matchingSets(tx, filters, SPAN_DIMENSIONS)) ?? []) : null
  const found: Row[] = []
  let here = walk
  let isExhausted = sets !== null && sets.length === 0
  for (const step of STEPS) {
    if (isExhausted || found.length > limit) break
    const candidates = await selectRows(
      tx,
      sql`select r.id, ${iso(sql`r.started_at`)} as started_at, ${sortKey(walk.sort)}, ${iso(sql`r.first_span_at`)} as first, ${iso(sql`r.last_span_at`)} as last
          from runs r where ${all([...where, ...past(here)])} order by ${order(here)} limit ${step}`,
    )
    const last = candidates.at(-1)
    if (last) here = { ...here, start: placeOf(last) }
    isExhausted = candidates.length < step
    found.push(...(await holding(tx, filters, sets, candidates)))
  }
  const shown = found.slice(0, limit)
  const rows = await selectRows(
    tx,
    sql`select ${RUN_COLUMNS}, ${sortKey(walk.sort)} from runs r where r.project_id = ${tx.projectId} and r.id = any(${textArray(shown.map((row) => readText(row, "id")))})
        order by ${order(walk)}`,
  )
  const lastShown = shown.at(-1)
  if (found.length > limit && lastShown) return { ...pageOf(walk, rows, placeOf(lastShown)), isUnfinished: false }
  return { ...pageOf(walk, rows, isExhausted ? null : here.start), isUnfinished: !isExhausted }
}

/** Those of the candidates that hold what is asked for, in the same order. */
async function holding(tx: ProjectTx, filters: Filters, sets: number[] | null, candidates: Row[]): Promise<Row[]> {
  let left = candidates
  if (filters.check.length > 0 && left.length > 0) left = await keep(tx, left, checkProbe(tx, filters.check))
  // A run without spans has made no call.
  if (sets !== null) left = left.filter((row) => row.first !== null)
  if (sets !== null && left.length > 0) left = await keep(tx, left, callProbe(tx, sets, left))
  return left
}

async function keep(tx: ProjectTx, candidates: Row[], probe: SQL): Promise<Row[]> {
  const ids = textArray(candidates.map((row) => readText(row, "id")))
  const rows = await selectRows(tx, sql`select c.id from unnest(${ids}) c(id) where (${probe})`)
  const kept = new Set(rows.map((row) => readText(row, "id")))
  return candidates.filter((row) => kept.has(readText(row, "id")))
}

const checkProbe = (tx: ProjectTx, checks: readonly string[]): SQL => sql`
  select true from verifications v where v.project_id = ${tx.projectId} and v.run_id = c.id and v.check_name = any(${textArray(checks)}) limit 1`

/** The bounds of all candidates together, so that only their days are planned for. */
function callProbe(tx: ProjectTx, sets: readonly number[], candidates: readonly Row[]): SQL {
  const bound = (column: "first" | "last") => candidates.map((row) => readTextOrNull(row, column) ?? "").sort()
  return sql`
    select true from spans s where s.project_id = ${tx.projectId} and s.run_id = c.id and s.is_call and s.dimension_set_id = any(${intArray(sets)})
      and s.started_at >= ${bound("first")[0]}::timestamptz and s.started_at <= ${bound("last").at(-1)}::timestamptz limit 1`
}
