import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { RunPage } from "@/lib/contracts/runs"
import type { Filters } from "@/lib/filters"
import { OTHER } from "@/lib/vocabulary"
import { all, intArray, matchingSets, textArray } from "./conditions"
import { listLimit } from "./cursor"
import { probeRuns } from "./probe-runs"
import { resolveRange } from "./range"
import { first, readCount, selectRows } from "./rows"
import { RUN_DIMENSIONS } from "./run-dimensions"
import { isRanked, order, pageOf, past, placeOf, sortKey, timeSortOf, walkOf } from "./run-order"
import { RUN_COLUMNS, toRunRow } from "./run-rows"
import { type FoundRuns, findRuns } from "./runs-found"
import { countOf, type Density, hull, readDensity, take } from "./window"

/** A ranking reads every run that it ranks; of more than this many it ranks the newest, and says so. */
const RANKED = 250_000

/**
 * Runs that started in the range, in the order of `sort`, by (its measure, started_at, id); what has no measure (no price, no end) comes last.
 * Filters: status, proof, the dimensions (of a call: runs that made one), `q` (see `searchRuns`), `check` (has a result of one of these checks).
 * @param known what `findRuns` said of the same filters and range, where it was asked already.
 * @returns `count` exact; null when the filter is about checks, or about calls that very many runs made. Then a page may hold fewer runs than its
 *   limit and be `is_unfinished`: it ends where it stopped looking, and `next_cursor` goes on there.
 * @throws AppError `invalid_filter`.
 * Source: runs, read where health_rollup says that they are.
 */
export async function listRuns(
  tx: ProjectTx,
  filters: Filters,
  now: number,
  known: FoundRuns | null = null,
): Promise<RunPage> {
  const range = await resolveRange(tx, filters, now)
  const limit = listLimit(filters.limit)
  const walk = walkOf(filters)
  const shared = await runConditions(tx, filters)
  const found = known ?? (await findRuns(tx, filters, range, now))
  const density =
    found.ids === null ? await readDensity(tx, "health_rollup", "runs", range.days, shared, timeSortOf(walk)) : null
  const window = density === null ? range : hull(pick(density, walk, limit, found.isProbed), range)
  const answer = {
    count: null as RunPage["count"],
    search: null as RunPage["search"],
    ranked: null as RunPage["ranked"],
    is_unfinished: false,
  }
  if (density !== null && !found.isProbed) answer.count = { value: countOf(density), is_capped: false }
  if (density !== null && isRanked(walk.sort) && countOf(density) > RANKED)
    answer.ranked = { among: RANKED, of: countOf(density) }
  const where =
    window === null
      ? [sql`false`]
      : [
          sql`r.project_id = ${tx.projectId}`,
          sql`r.started_at >= ${window.from}::timestamptz and r.started_at < ${window.to}::timestamptz`,
          ...shared,
          ...byWorkflow(filters),
          ...(found.ids === null ? [] : [sql`r.id = any(${textArray(found.ids)})`]),
        ]
  if (found.ids !== null && !found.isProbed) answer.count = { value: await count(tx, where), is_capped: false }
  const page = found.isProbed ? await probeRuns(tx, filters, where, walk, limit) : await read()
  const items = page.rows.map(toRunRow)
  return {
    ...answer,
    items,
    next_cursor: page.next,
    previous_cursor: page.previous,
    search: found.search?.(items.map((run) => run.id)) ?? null,
    is_unfinished: page.isUnfinished,
  }

  async function read() {
    const matching = sql`${all([...where, ...past(walk)])} order by ${order(walk)} limit ${limit + 1}`
    // Ranked by key alone: sorted with all of their columns, every run of the range would have them formatted first.
    const chosen = isRanked(walk.sort)
      ? [sql`r.project_id = ${tx.projectId}`, sql`r.id = any(array(select r.id from runs r where ${matching}))`]
      : null
    const rows = await selectRows(
      tx,
      sql`select ${RUN_COLUMNS}, ${sortKey(walk.sort)} from runs r where ${chosen ? sql`${all(chosen)} order by ${order(walk)}` : matching}`,
    )
    const shown = rows.slice(0, limit)
    const last = shown.at(-1)
    return { ...pageOf(walk, shown, rows.length > limit && last ? placeOf(last) : null), isUnfinished: false }
  }
}

/** The buckets to read: enough of them for a page, or for a ranking as many as it ranks. A walk that looks into runs skips most of them. */
function pick(density: Density, walk: ReturnType<typeof walkOf>, limit: number, isProbed: boolean): Density {
  if (isRanked(walk.sort)) return take(density, null, RANKED, "newest")
  return isProbed ? density : take(density, walk.start?.at ?? null, limit + 1, timeSortOf(walk))
}

async function count(tx: ProjectTx, where: SQL[]): Promise<number> {
  return readCount(
    first(await selectRows(tx, sql`select count(*)::int as runs from runs r where ${all(where)}`)),
    "runs",
  )
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

/** Said twice, by set and by name, because the index of a workflow's runs knows it by name. */
function byWorkflow(filters: Filters): SQL[] {
  const [name, ...others] = filters.dimensions.workflow ?? []
  return others.length === 0 && name && name !== OTHER ? [sql`r.workflow = ${name}::text`] : []
}
