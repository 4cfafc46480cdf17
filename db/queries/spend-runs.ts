import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { CostlyRuns } from "@/lib/contracts/spend"
import type { Filters } from "@/lib/filters"
import { HOLDS, PROOFS, RUN_STATUSES } from "@/lib/vocabulary"
import { all, dimensionConditions, intArray, matchingSets, rollupRows, textArray } from "./conditions"
import { known } from "./known"
import { dayStart, iso, type ResolvedRange, resolveRange } from "./range"
import { type Row, readCount, readMoney, readText, readTextOrNull, readWord, readWordOrNull, selectRows } from "./rows"
import { RUN_DIMENSIONS, SPAN_DIMENSIONS } from "./run-dimensions"

const SHOWN = 10
/** Runs that one answer reads: wide rows, about 10 ms of them. No index is kept by cost: every change of a run would have to move it. */
const MOST_RUNS = 10_000
/** Runs of which the calls are summed when the filters are about calls. */
const MOST_SUMMED = 100

/** A workflow on a day: what it spent and how many runs it started. */
type Cell = { day: string; level: number; workflow: string | null; cost: string; runs: number }
type Found = CostlyRuns["items"][number] & { from: string | null; to: string | null }

/**
 * The ten costliest runs that started in the range. Looks where the money went: workflow by workflow and day by day, the dearest first, until
 * `MOST_RUNS` have been read; `is_complete` says that nothing was left out.
 * With filters about calls (model, provider, step, key) what counts is the cost of those calls, among the costliest runs found.
 * @throws AppError `invalid_filter`. Source: spend_rollup and health_rollup to choose, runs, and spans by key for at most a hundred runs.
 */
export async function listCostlyRuns(tx: ProjectTx, filters: Filters, now: number): Promise<CostlyRuns> {
  const range = await resolveRange(tx, filters, now)
  const ofCalls = SPAN_DIMENSIONS.some((dimension) => filters.dimensions[dimension] !== undefined)
  const cells = await listCells(tx, filters, range)
  const taken: Cell[] = []
  let seen = 0
  for (const cell of cells) {
    if (seen > 0 && seen + cell.runs > MOST_RUNS) break
    taken.push(cell)
    seen += Math.min(cell.runs, MOST_RUNS)
  }
  const found =
    taken.length === 0
      ? []
      : await readRuns(tx, filters, range, taken.length === cells.length && seen <= MOST_RUNS ? null : taken, ofCalls)
  const summed = ofCalls ? await sumCalls(tx, filters, range, found) : found
  const items = summed.slice(0, SHOWN)
  const runs = cells.reduce((sum, cell) => sum + cell.runs, 0)
  return {
    currency: range.currency,
    items: items.map(({ from: _from, to: _to, ...item }) => item),
    of: ofCalls ? "calls" : "runs",
    seen,
    runs,
    is_complete: seen === runs && (!ofCalls || found.length < MOST_SUMMED),
  }
}

/** Cells that started runs, the dearest first. */
async function listCells(tx: ProjectTx, filters: Filters, range: ResolvedRange): Promise<Cell[]> {
  const sets = sql`select d.id, d.workflow from dimension_sets d where ${all([sql`d.project_id = ${tx.projectId}`, ...dimensionConditions(filters, RUN_DIMENSIONS)])}`
  await tx.execute(sql`select set_config('enable_nestloop', 'off', true)`)
  const rows = await selectRows(
    tx,
    sql`
    with sets as materialized (${sets}),
    spent as (
      select r.grain, r.bucket, sets.workflow, sum(r.cost) as cost from (${rollupRows(tx, "spend_rollup", range.days, [])}) r
      join sets on sets.id = r.dimension_set_id group by 1, 2, 3
    ),
    started as (
      select r.grain, r.bucket, sets.workflow, sum(r.runs)::int as runs from (${rollupRows(tx, "health_rollup", range.days, [sql`r.runs > 0`])}) r
      join sets on sets.id = r.dimension_set_id group by 1, 2, 3
    )
    select s.grain as level, ${iso(sql`s.bucket`)} as day, s.workflow, trim_scale(coalesce(c.cost, 0))::text as cost, s.runs
    from started s left join spent c on c.grain = s.grain and c.bucket = s.bucket and (c.workflow is not distinct from s.workflow)
    order by coalesce(c.cost, 0) desc, s.bucket desc, s.workflow`,
  )
  await tx.execute(sql`select set_config('enable_nestloop', 'on', true)`)
  return rows.map((row) => ({
    day: readText(row, "day"),
    level: readCount(row, "level"),
    workflow: readTextOrNull(row, "workflow"),
    cost: readMoney(row, "cost"),
    runs: readCount(row, "runs"),
  }))
}

const BY_COST = sql`order by r.cost desc, r.started_at desc, r.id desc`

/** @param cells null = all of the range. */
async function readRuns(
  tx: ProjectTx,
  filters: Filters,
  range: ResolvedRange,
  cells: readonly Cell[] | null,
  ofCalls: boolean,
): Promise<Found[]> {
  const sets = await matchingSets(tx, filters, RUN_DIMENSIONS)
  const conditions = [
    sql`r.project_id = ${tx.projectId} and r.started_at >= ${range.from}::timestamptz and r.started_at < ${range.to}::timestamptz`,
    ...(sets === null ? [] : [sql`r.dimension_set_id = any(${intArray(sets)})`]),
  ]
  const columns = sql`r.id, r.workflow, r.release, r.status, r.proof, r.hold, r.started_at, r.cost, r.calls, r.unpriced_calls, r.first_span_at, r.last_span_at`
  const order = sql`${BY_COST} limit ${ofCalls ? MOST_SUMMED : SHOWN}`
  // Apart, so that both can look their workflow up in the index: `case when … then workflow = … else workflow is null` reads whole days.
  const ofCells = (chosen: readonly Cell[], workflow: SQL): SQL => sql`
    select ${columns} from ${stretches(chosen, range)} cross join lateral (
      select * from runs r where ${all([...conditions, workflow])} and r.started_at >= c.a and r.started_at < c.b
      order by r.started_at desc nulls last, r.id desc nulls last limit ${MOST_RUNS}
    ) r`
  const source =
    cells === null
      ? sql`select ${columns} from runs r where ${all(conditions)}`
      : sql`${ofCells(
          cells.filter((cell) => cell.workflow !== null),
          sql`r.workflow = c.w`,
        )} union all ${ofCells(
          cells.filter((cell) => cell.workflow === null),
          sql`r.workflow is null`,
        )}`
  const rows = await selectRows(
    tx,
    // Ordered and cut before it is written out: PostgreSQL would format every run that it reads, which took three quarters of the time.
    sql`select id, workflow, release, status, proof, hold, ${iso(sql`started_at`)} as started_at, trim_scale(cost)::text as cost, calls, unpriced_calls,
      ${iso(sql`first_span_at`)} as first_at, ${iso(sql`last_span_at`)} as last_at
      from (select * from (${source}) r ${order}) r ${BY_COST}`,
  )
  return rows.map(toFound)
}

/** When the runs of each cell began: days as the roll-ups are cut, so that no run is found in two of them. */
function stretches(cells: readonly Cell[], { zone }: ResolvedRange): SQL {
  const days = textArray(cells.map((cell) => cell.day))
  const isDay = textArray(cells.map((cell) => String(cell.level === 1440)))
  const names = textArray(cells.map((cell) => cell.workflow ?? ""))
  const start = (of: SQL) => dayStart(of, sql`${zone}::text`)
  const date = sql`(c.at at time zone ${zone}::text)::date`
  return sql`(select c.w, case when c.is_day then ${start(date)} else c.at end as a,
    case when c.is_day then ${start(sql`(${date} + 1)`)} else c.at + interval '15 minutes' end as b
    from unnest(${days}::timestamptz[], ${isDay}::boolean[], ${names}) c(at, is_day, w)) c`
}

/** What each run spent on the calls that the filters let through, in the range; the costliest first, those without such calls left out. */
async function sumCalls(
  tx: ProjectTx,
  filters: Filters,
  range: ResolvedRange,
  found: readonly Found[],
): Promise<Found[]> {
  const spent = found.filter((run) => run.from !== null)
  if (spent.length === 0) return []
  const sets = (await matchingSets(tx, filters)) ?? []
  const rows = await selectRows(
    tx,
    sql`select f.id, trim_scale(coalesce(s.cost, 0))::text as cost, s.calls, s.unpriced_calls
      from unnest(${textArray(spent.map((run) => run.id))}, ${textArray(spent.map((run) => run.from ?? ""))}::timestamptz[], ${textArray(spent.map((run) => run.to ?? ""))}::timestamptz[]) f(id, a, b)
      cross join lateral (
        select sum(s.cost) as cost, count(*)::int as calls, (count(*) filter (where s.cost is null))::int as unpriced_calls from spans s
        where s.project_id = ${tx.projectId} and s.run_id = f.id and s.started_at >= greatest(f.a, ${range.from}::timestamptz)
          and s.started_at < ${range.to}::timestamptz and s.started_at < f.b + interval '1 millisecond' and s.is_call and s.dimension_set_id = any(${intArray(sets)})
      ) s where s.calls > 0 order by s.cost desc nulls last, f.id`,
  )
  const byId = new Map(spent.map((run) => [run.id, run]))
  return rows.flatMap((row) => {
    const run = byId.get(readText(row, "id"))
    return run ? [{ ...run, ...figures(row) }] : []
  })
}

function figures(row: Row): Pick<Found, "cost" | "calls" | "unpriced_calls"> {
  const [calls, unpriced] = [readCount(row, "calls"), readCount(row, "unpriced_calls")]
  return { cost: known(readMoney(row, "cost"), calls, unpriced), calls, unpriced_calls: unpriced }
}

function toFound(row: Row): Found {
  return {
    id: readText(row, "id"),
    workflow: readTextOrNull(row, "workflow"),
    release: readTextOrNull(row, "release"),
    status: readWord(row, "status", RUN_STATUSES),
    proof: readWord(row, "proof", PROOFS),
    hold: readWordOrNull(row, "hold", HOLDS),
    started_at: readText(row, "started_at"),
    ...figures(row),
    from: readTextOrNull(row, "first_at"),
    to: readTextOrNull(row, "last_at"),
  }
}
