import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { RunList, RunRow } from "@/lib/contracts/read"
import type { Filters, Sort } from "@/lib/filters"
import { OTHER } from "@/lib/vocabulary"
import { all, intArray, matchingSets, textArray } from "./conditions"
import { type Cursor, decodeCursor, encodeCursor, listLimit, page } from "./cursor"
import { iso, resolveRange } from "./range"
import { type Row, readBoolean, readText, selectRows } from "./rows"
import { RUN_DIMENSIONS, SPAN_DIMENSIONS } from "./run-dimensions"
import { RUN_COLUMNS, toRunRow } from "./run-rows"
import { countOf, hull, readDensity, take } from "./window"

/** How many runs are looked at, per page, for spans of a model, provider, step or key. */
const CANDIDATES = 2000

/**
 * Runs that started in the range, newest first (`sort=oldest`: the other way), by (started_at, id).
 * Filters: status, proof, the dimensions, `q` (beginning of the id), `check` (has a result of one of these checks).
 * @returns `count` exact, from health_rollup; null when the filter is about ids, checks or spans. With a filter about spans a page may hold
 *   fewer runs than its limit: it ends where it stopped looking, and `next_cursor` goes on there.
 * @throws AppError `invalid_filter`.
 */
export async function listRuns(tx: ProjectTx, filters: Filters, now: number): Promise<RunList> {
  const range = await resolveRange(tx, filters, now)
  const limit = listLimit(filters.limit)
  const cursor = decodeCursor(filters.cursor, 1)
  const shared = await runConditions(tx, filters)
  const isCounted = filters.q === null && filters.check.length === 0 && !asksForSpans(filters)
  let window: { from: string; to: string } | null = range
  let count: RunList["count"] = null
  if (isCounted) {
    const density = await readDensity(tx, "health_rollup", "runs", range.days, shared, filters.sort)
    count = { value: countOf(density), is_capped: false }
    window = hull(take(density, cursor?.at ?? null, limit + 1, filters.sort), range)
  }
  if (window === null) return { items: [], next_cursor: null, count }
  const where = [
    sql`r.project_id = ${tx.projectId}`,
    ...within(window),
    ...shared,
    ...detailConditions(tx, filters),
    ...past(cursor, filters.sort),
  ]
  if (asksForSpans(filters)) return { ...(await withSpans(tx, filters, where, limit)), count }
  const rows = await selectRows(
    tx,
    sql`select ${RUN_COLUMNS} from runs r where ${all(where)} order by ${order(filters.sort)} limit ${limit + 1}`,
  )
  return { ...page(rows.map(toRunRow), limit, cursorOf), count }
}

/** Conditions that `runs r` and `health_rollup r` share. Sets rather than names: a name counted as "(other)" is "(other)" here too. */
export async function runConditions(tx: ProjectTx, filters: Filters): Promise<SQL[]> {
  const sets = await matchingSets(tx, filters, RUN_DIMENSIONS)
  return [
    ...(sets === null ? [] : [sql`r.dimension_set_id = any(${intArray(sets)})`]),
    ...(filters.status.length === 0 ? [] : [sql`r.status = any(${textArray(filters.status)})`]),
    ...(filters.proof.length === 0 ? [] : [sql`r.proof = any(${textArray(filters.proof)})`]),
  ]
}

function detailConditions(tx: ProjectTx, filters: Filters): SQL[] {
  const conditions: SQL[] = []
  const workflows = filters.dimensions.workflow ?? []
  // Said twice, by set and by name, because the index of a workflow's runs knows it by name.
  if (workflows.length === 1 && workflows[0] !== null && workflows[0] !== OTHER)
    conditions.push(sql`r.workflow = ${workflows[0]}::text`)
  // The operator takes the text as it is (`%` and `_` are no wildcards) and can use the key where the collation is bytewise.
  if (filters.q !== null) conditions.push(sql`r.id ^@ ${filters.q}::text`)
  if (filters.check.length > 0)
    conditions.push(sql`exists (select 1 from verifications v
      where v.project_id = ${tx.projectId} and v.run_id = r.id and v.check_name = any(${textArray(filters.check)}))`)
  return conditions
}

const asksForSpans = (filters: Filters): boolean =>
  SPAN_DIMENSIONS.some((dimension) => filters.dimensions[dimension] !== undefined)

/** Looks at one run after the other for a call of the sets wanted, within the bounds that its row keeps: no scan of spans, no unbounded search. */
async function withSpans(
  tx: ProjectTx,
  filters: Filters,
  where: SQL[],
  limit: number,
): Promise<Pick<RunList, "items" | "next_cursor">> {
  const sets = (await matchingSets(tx, filters, SPAN_DIMENSIONS)) ?? []
  const candidates = await selectRows(
    tx,
    sql`select r.id, ${iso(sql`r.started_at`)} as at, coalesce((select true from spans s where s.project_id = ${tx.projectId} and s.run_id = r.id
          and s.started_at >= r.first_span_at and s.started_at <= r.last_span_at and s.is_call
          and s.dimension_set_id = any(${intArray(sets)}) limit 1), false) as matches
        from (select r.id, r.started_at, r.first_span_at, r.last_span_at from runs r where ${all(where)}
          order by ${order(filters.sort)} limit ${CANDIDATES}) r order by ${order(filters.sort)}`,
  )
  const found = candidates.filter((row) => readBoolean(row, "matches"))
  const ids = found.slice(0, limit).map((row) => readText(row, "id"))
  const rows = await selectRows(
    tx,
    sql`select ${RUN_COLUMNS} from runs r where r.project_id = ${tx.projectId} and r.id = any(${textArray(ids)}) order by ${order(filters.sort)}`,
  )
  const stopped =
    found.length > limit ? found[limit - 1] : candidates.length === CANDIDATES ? candidates.at(-1) : undefined
  return { items: rows.map(toRunRow), next_cursor: stopped ? encodeCursor(candidateCursor(stopped)) : null }
}

const candidateCursor = (row: Row): Cursor => ({ at: readText(row, "at"), ids: [readText(row, "id")] })
export const cursorOf = (run: RunRow): Cursor => ({ at: run.started_at, ids: [run.id] })

export const within = (window: { from: string; to: string }): SQL[] => [
  sql`r.started_at >= ${window.from}::timestamptz and r.started_at < ${window.to}::timestamptz`,
]

/** Rows after the cursor in the list's order; ties on the instant are broken by id, so that none is shown twice or left out. */
export function past(cursor: Cursor | null, sort: Sort): SQL[] {
  if (cursor === null) return []
  const after = sql`(${cursor.at}::timestamptz, ${cursor.ids[0]}::text)`
  return [sort === "newest" ? sql`(r.started_at, r.id) < ${after}` : sql`(r.started_at, r.id) > ${after}`]
}

export function order(sort: Sort): SQL {
  return sort === "newest" ? sql`r.started_at desc, r.id desc` : sql`r.started_at asc, r.id asc`
}
