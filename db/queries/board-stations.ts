import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { Board, BoardCounts, BoardStation } from "@/lib/contracts/board"
import type { Filters } from "@/lib/filters"
import { ENDED_STATUSES } from "@/lib/vocabulary"
import type { BoardWindows } from "./board-windows"
import { all, dimensionConditions, rollupRows, textArray } from "./conditions"
import { known } from "./known"
import { iso } from "./range"
import { type Row, readCount, readMoney, readTextOrNull, selectRows } from "./rows"
import { RUN_DIMENSIONS } from "./run-dimensions"

/** Stations shown one by one; the rest is counted. */
export const STATION_CAP = 24

export type StationHead = Pick<BoardStation, "workflow" | "today" | "halted" | "checks">
export type Stations = {
  heads: StationHead[]
  all: Omit<StationHead, "workflow"> & { week: { finished: number; verified: number } }
  count: number
  needing: number
}

/** Sums that a station and the whole project have alike; over `c`. */
const SUMS = {
  week_finished: sql`sum(c.week) filter (where c.status = any(${textArray(ENDED_STATUSES)}))`,
  week_verified: sql`sum(c.week) filter (where c.proof = 'verified')`,
  runs: sql`sum(c.runs)`,
  claimed: sql`sum(c.runs) filter (where c.status = 'succeeded')`,
  halted: sql`sum(c.runs) filter (where c.light = 'halted')`,
  failed: sql`sum(c.runs) filter (where c.light = 'failed')`,
  unproven: sql`sum(c.runs) filter (where c.light = 'unproven')`,
  running: sql`sum(c.runs) filter (where c.light = 'running')`,
  verified: sql`sum(c.runs) filter (where c.light = 'verified')`,
  unchecked: sql`sum(c.runs) filter (where c.light = 'unchecked')`,
  checks_total: sql`sum(c.checks)`,
  checks_failed: sql`sum(c.checks) filter (where c.outcome = 'failed')`,
  checks_broken: sql`sum(c.checks) filter (where c.outcome = 'error')`,
  stopped: sql`sum(c.stopped)`,
  stopped_calls: sql`sum(c.calls)`,
  stopped_unpriced: sql`sum(c.unpriced)`,
} as const

/** As `runLight` has it: what was stopped, then what failed, then what lacks proof. */
const LIGHT = sql`case when status in ('halted', 'halting') then 'halted' when proof = 'failed' then 'failed' when proof = 'unproven' then 'unproven'
  when status in ('running', 'waiting') then 'running' when proof in ('verified', 'unchecked') then proof else 'other' end`

/**
 * Every workflow with a run in the last seven days or a halted run: what its runs of today came to, what stands still, how its checks went.
 * @returns the first by need (halted, then failed or unproven, then broken checks, then most runs), and the sums over all of them.
 * @param halted from `readHalted`. Source: health_rollup, verification_rollup.
 */
export async function readStations(
  tx: ProjectTx,
  filters: Filters,
  windows: BoardWindows,
  halted: string,
): Promise<Stations> {
  const { week, today } = windows
  const columns = Object.keys(SUMS)
  const sums = sql.join(
    Object.entries(SUMS).map(([name, sum]) => sql`coalesce(${sum}, 0) as ${sql.identifier(name)}`),
    sql`, `,
  )
  const shown = (of: (column: SQL) => SQL) =>
    sql.join(
      columns.map((name) => sql`${of(sql`${sql.identifier(name)}`)}::text as ${sql.identifier(name)}`),
      sql`, `,
    )
  const rows = await selectRows(
    tx,
    sql`with sets as materialized (
          select d.id, d.workflow from dimension_sets d
          where ${all([sql`d.project_id = ${tx.projectId}`, ...dimensionConditions(filters, RUN_DIMENSIONS)])}
        ),
        c as (
          select dimension_set_id, status, proof, ${LIGHT} as light, runs::int as week,
            case when bucket >= ${today.from}::timestamptz then runs::int else 0 end as runs,
            null::text as outcome, 0 as checks, 0 as stopped, null::timestamptz as since, 0::numeric as cost, 0 as calls, 0 as unpriced
          from (${rollupRows(tx, "health_rollup", week.segments, [sql`r.runs > 0`])}) r
          union all
          select dimension_set_id, null, null, null, 0, 0, outcome, verifications::int, 0, null, 0, 0, 0
          from (${rollupRows(tx, "verification_rollup", today.segments, [sql`r.verifications > 0`])}) r
          union all
          select h.id, null, null, null, 0, 0, null, 0, h.stopped, h.since, h.cost, h.calls, h.unpriced
          from jsonb_to_recordset(${halted}::jsonb) as h(id int, stopped int, since timestamptz, cost numeric, calls int, unpriced int)
        ),
        w as (
          select s.workflow, ${sums}, min(c.since) as since, coalesce(sum(c.cost), 0) as cost
          from c join sets s on s.id = c.dimension_set_id group by s.workflow
        ),
        ranked as (
          select *, row_number() over (order by need, stopped desc, failed + unproven desc, checks_broken desc, runs desc, workflow collate "C" nulls last) as place
          from (select *, case when stopped > 0 then 0 when failed + unproven > 0 then 1 when checks_broken > 0 then 2 else 3 end as need from w) n
        )
        select place::text, null::text as stations, null::text as needing, workflow, ${shown((column) => column)}, ${iso(sql`since`)} as since,
          trim_scale(cost)::text as cost from ranked where place <= ${STATION_CAP}
        union all
        select null, count(*)::text, count(*) filter (where need < 3)::text, null, ${shown((column) => sql`coalesce(sum(${column}), 0)`)},
          ${iso(sql`min(since)`)}, trim_scale(coalesce(sum(cost), 0))::text from ranked
        order by 1 nulls first`,
  )
  const total = rows.find((row) => row.place === null)
  if (!total) throw new Error("sums of no rows are a row")
  const places = rows.filter((row) => row.place !== null).sort((a, b) => readCount(a, "place") - readCount(b, "place"))
  return {
    heads: places.map((row) => ({ workflow: readTextOrNull(row, "workflow"), ...partsOf(row) })),
    all: {
      ...partsOf(total),
      week: { finished: readCount(total, "week_finished"), verified: readCount(total, "week_verified") },
    },
    count: readCount(total, "stations"),
    needing: readCount(total, "needing"),
  }
}

function partsOf(row: Row): Pick<Board, "halted" | "checks"> & { today: BoardCounts } {
  const count = (name: keyof typeof SUMS) => readCount(row, name)
  const kinds = {
    halted: count("halted"),
    failed: count("failed"),
    unproven: count("unproven"),
    running: count("running"),
    verified: count("verified"),
    unchecked: count("unchecked"),
  }
  const runs = count("runs")
  const other = runs - Object.values(kinds).reduce((sum, part) => sum + part, 0)
  const calls = count("stopped_calls")
  const unpriced = count("stopped_unpriced")
  return {
    today: { runs, ...kinds, other, claimed: count("claimed") },
    halted: {
      runs: count("stopped"),
      oldest_at: readTextOrNull(row, "since"),
      cost: known(readMoney(row, "cost"), calls, unpriced),
      calls,
      unpriced_calls: unpriced,
    },
    checks: { failed: count("checks_failed"), broken: count("checks_broken"), total: count("checks_total") },
  }
}
