import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { RunList, RunRow } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"
import { OTHER } from "@/lib/vocabulary"
import { all, intArray, matchingSets, textArray } from "./conditions"
import { type Cursor, decodeCursor, listLimit, page } from "./cursor"
import { needsProbe, probeRuns } from "./probe-runs"
import { resolveRange } from "./range"
import { readText, selectRows } from "./rows"
import { RUN_DIMENSIONS } from "./run-dimensions"
import { order, past } from "./run-order"
import { RUN_COLUMNS, toRunRow } from "./run-rows"
import { countOf, hull, readDensity, take } from "./window"

/**
 * Runs that started in the range, newest first (`sort=oldest`: the other way), by (started_at, id).
 * Filters: status, proof, the dimensions, `q` (beginning of the id), `check` (has a result of one of these checks).
 * @returns `count` exact, from health_rollup; null when the filter is about ids, checks or spans. With a filter about checks or spans a page may
 *   hold fewer runs than its limit: it ends where it stopped looking, and `next_cursor` goes on there.
 * @throws AppError `invalid_filter`.
 */
export async function listRuns(tx: ProjectTx, filters: Filters, now: number): Promise<RunList> {
  const range = await resolveRange(tx, filters, now)
  const limit = listLimit(filters.limit)
  const cursor = decodeCursor(filters.cursor, 1)
  const shared = await runConditions(tx, filters)
  const isProbed = needsProbe(filters)
  const isCounted = filters.q === null && !isProbed
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
    ...(await detailConditions(tx, filters)),
  ]
  if (isProbed) return { ...(await probeRuns(tx, filters, where, cursor, limit)), count }
  const rows = await selectRows(
    tx,
    sql`select ${RUN_COLUMNS} from runs r where ${all([...where, ...past(cursor, filters.sort)])} order by ${order(filters.sort)} limit ${limit + 1}`,
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

async function detailConditions(tx: ProjectTx, filters: Filters): Promise<SQL[]> {
  const conditions: SQL[] = []
  const workflows = filters.dimensions.workflow ?? []
  // Said twice, by set and by name, because the index of a workflow's runs knows it by name.
  if (workflows.length === 1 && workflows[0] !== null && workflows[0] !== OTHER)
    conditions.push(sql`r.workflow = ${workflows[0]}::text`)
  if (filters.q !== null) conditions.push(await startsWith(tx, filters.q))
  return conditions
}

/** Ids found by their beginning are named; when a beginning fits many, the list is walked in its own order instead of sorting them all. */
const FEW_IDS = 1000

/** The operator takes the text as it is (`%` and `_` are no wildcards) and can use the key where the collation is bytewise. */
async function startsWith(tx: ProjectTx, q: string): Promise<SQL> {
  const rows = await selectRows(
    tx,
    sql`select r.id from runs r where r.project_id = ${tx.projectId} and r.id ^@ ${q}::text limit ${FEW_IDS + 1}`,
  )
  if (rows.length > FEW_IDS) return sql`(r.id || '') ^@ ${q}::text`
  return sql`r.id = any(${textArray(rows.map((row) => readText(row, "id")))})`
}

const cursorOf = (run: RunRow): Cursor => ({ at: run.started_at, ids: [run.id] })

const within = (window: { from: string; to: string }): SQL[] => [
  sql`r.started_at >= ${window.from}::timestamptz and r.started_at < ${window.to}::timestamptz`,
]
