import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { BoardPace, BoardStation, BoardSum } from "@/lib/contracts/board"
import type { Filters } from "@/lib/filters"
import { sumMoney } from "@/lib/money"
import { usualBand } from "./board-band"
import { BAND_DAYS, type BoardWindows, type Window } from "./board-windows"
import { all, dimensionConditions, matches, rollupRows } from "./conditions"
import { known } from "./known"
import { bucketOf, iso, listBuckets, segmentsFor } from "./range"
import { type Row, readCount, readMoney, readText, readTextOrNull, selectRows } from "./rows"

type Sums = { cost: string; calls: number; unpriced: number }
const ZERO: Sums = { cost: "0", calls: 0, unpriced: 0 }

/**
 * Today and the month so far, each beside the same stretch of earlier periods: yesterday and the same weekday for a day, last month for a month.
 * Every stretch is read once and the month is put together from its parts, because the quarter hours of a day are most of the rows.
 * @param narrowing conditions on the roll-up `r`. Source: spend_rollup, every sum from one statement.
 */
export async function readPaces(
  tx: ProjectTx,
  windows: BoardWindows,
  narrowing: SQL[],
): Promise<{ today: BoardPace; month: BoardPace }> {
  const { today, month, monthBeforeToday, closed } = windows
  const end = closed?.at ?? today.from
  const stretches: [string, Window | null | undefined, SQL][] = [
    ["closed", today, sql`r.bucket < ${end}::timestamptz`],
    ["open", today, sql`r.bucket >= ${end}::timestamptz`],
    ["month", monthBeforeToday, sql`true`],
    ["yesterday", closed?.yesterday, sql`true`],
    ["lastWeek", closed?.lastWeek, sql`true`],
    ["lastMonth", closed?.lastMonth, sql`true`],
  ]
  const parts = stretches.flatMap(([name, window, more]) =>
    window
      ? [
          sql`select ${name}::text as name, trim_scale(coalesce(sum(cost), 0))::text as cost, coalesce(sum(calls), 0)::text as calls,
            coalesce(sum(unpriced_calls), 0)::text as unpriced_calls
            from (${rollupRows(tx, "spend_rollup", window.segments, [...narrowing, more])}) r`,
        ]
      : [],
  )
  const read = await selectRows(tx, sql.join(parts, sql` union all `))
  const sums = new Map(read.map((row) => [readText(row, "name"), sumsOf(row)]))
  const of = (...names: string[]) => names.map((name) => sums.get(name) ?? ZERO).reduce(plus)
  const before = (against: BoardAgainst, name: string, window: Window) => ({ against, ...toSum(of(name), window) })
  return {
    today: {
      ...toSum(of("closed", "open"), today),
      compare: closed && {
        own: toSum(of("closed"), { from: today.from, to: closed.at }),
        before: [before("last_week", "lastWeek", closed.lastWeek), before("yesterday", "yesterday", closed.yesterday)],
      },
    },
    month: {
      ...toSum(of("month", "closed", "open"), month),
      compare: closed && {
        own: toSum(of("month", "closed"), { from: month.from, to: closed.at }),
        before: [before("last_month", "lastMonth", closed.lastMonth)],
      },
    },
  }
}

type BoardAgainst = NonNullable<BoardPace["compare"]>["before"][number]["against"]

const plus = (a: Sums, b: Sums): Sums => ({
  cost: sumMoney([a.cost, b.cost]) ?? "0",
  calls: a.calls + b.calls,
  unpriced: a.unpriced + b.unpriced,
})

const toSum = ({ cost, calls, unpriced }: Sums, { from, to }: { from: string; to: string }): BoardSum => ({
  range: { from, to },
  cost: known(cost, calls, unpriced),
  calls,
  unpriced_calls: unpriced,
})

const sumsOf = (row: Row): Sums => ({
  cost: readMoney(row, "cost"),
  calls: readCount(row, "calls"),
  unpriced: readCount(row, "unpriced_calls"),
})

type StationSpend = BoardStation["spend"]

/**
 * Per workflow what today has cost beside the days before it. Workflows without spend get zeros.
 * @returns by workflow; null = calls of no workflow. Source: spend_rollup, day rows where the zone is the project's.
 */
export async function readStationSpend(
  tx: ProjectTx,
  filters: Filters,
  windows: BoardWindows,
  workflows: readonly (string | null)[],
): Promise<Map<string | null, StationSpend>> {
  const range = windows.days
  const buckets = await listBuckets(tx, range, "day")
  const rows = await selectRows(
    tx,
    sql`with sets as materialized (
          select d.id, d.workflow from dimension_sets d
          where ${all([sql`d.project_id = ${tx.projectId}`, matches(sql`d.workflow`, workflows), ...dimensionConditions(filters)])}
        )
        select workflow, ${iso(sql`day`)} as bucket, trim_scale(sum(cost))::text as cost, sum(calls)::text as calls, sum(unpriced_calls)::text as unpriced_calls
        from (
          -- by stored bucket first: the calendar is asked for few rows, not for each
          select s.workflow, ${bucketOf(sql`r.bucket`, "day", range.tz)} as day, sum(r.cost) as cost, sum(r.calls) as calls, sum(r.unpriced_calls) as unpriced_calls
          from (${rollupRows(tx, "spend_rollup", segmentsFor(range, "day"), [])}) r join sets s on s.id = r.dimension_set_id
          group by s.workflow, r.bucket
        ) d
        group by 1, day`,
  )
  const position = new Map(buckets.map((bucket, i) => [bucket, i]))
  const byWorkflow = new Map(workflows.map((name) => [name, buckets.map(() => NOTHING)]))
  for (const row of rows) {
    const at = position.get(readText(row, "bucket"))
    const days = byWorkflow.get(readTextOrNull(row, "workflow"))
    if (at === undefined || !days) throw new Error("a roll-up row lies outside the range")
    days[at] = figures(row)
  }
  return new Map([...byWorkflow].map(([name, days]) => [name, toSpend(days)]))
}

const NOTHING: Figures = { cost: "0", calls: 0, unpriced_calls: 0 }

function toSpend(days: readonly Figures[]): StationSpend {
  const before = days.slice(0, -1).slice(-BAND_DAYS)
  const today = days.at(-1) ?? NOTHING
  return {
    today: today.cost,
    calls: today.calls,
    unpriced_calls: today.unpriced_calls,
    days: before.map((day) => day.cost),
    band: usualBand(before),
  }
}

type Figures = { cost: string | null; calls: number; unpriced_calls: number }

function figures(row: Row): Figures {
  const { cost, calls, unpriced } = sumsOf(row)
  return { cost: known(cost, calls, unpriced), calls, unpriced_calls: unpriced }
}
