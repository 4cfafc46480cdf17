import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { BoardPace, BoardStation, BoardSum } from "@/lib/contracts/board"
import type { Filters } from "@/lib/filters"
import { usualBand } from "./board-band"
import { BAND_DAYS, type BoardWindows, type Window } from "./board-windows"
import { all, dimensionConditions, matches, rollupRows } from "./conditions"
import { known } from "./known"
import { bucketOf, iso, listBuckets, segmentsFor } from "./range"
import { type Row, readCount, readMoney, readText, readTextOrNull, selectRows } from "./rows"

/**
 * Today and the month so far, each beside the same stretch of earlier periods: yesterday and the same weekday for a day, last month for a month.
 * @param narrowing conditions on the roll-up `r`. Source: spend_rollup, every sum from one statement.
 */
export async function readPaces(
  tx: ProjectTx,
  windows: BoardWindows,
  narrowing: SQL[],
): Promise<{ today: BoardPace; month: BoardPace }> {
  const { today, month, closed } = windows
  const named: Record<string, Window> = { now_today: today, now_month: month, ...closed }
  const parts = Object.entries(named).map(
    ([name, window]) =>
      sql`select ${name}::text as name, trim_scale(coalesce(sum(cost), 0))::text as cost, coalesce(sum(calls), 0)::text as calls,
            coalesce(sum(unpriced_calls), 0)::text as unpriced_calls from (${rollupRows(tx, "spend_rollup", window.segments, narrowing)}) r`,
  )
  const rows = await selectRows(tx, sql.join(parts, sql` union all `))
  const byName = new Map(rows.map((row) => [readText(row, "name"), row]))
  const sum = (name: string, { from, to }: Window): BoardSum => ({
    range: { from, to },
    ...figures(byName.get(name) as Row),
  })
  return {
    today: {
      ...sum("now_today", today),
      compare: closed && {
        own: sum("today", closed.today),
        before: [
          { against: "last_week", ...sum("lastWeek", closed.lastWeek) },
          { against: "yesterday", ...sum("yesterday", closed.yesterday) },
        ],
      },
    },
    month: {
      ...sum("now_month", month),
      compare: closed && {
        own: sum("month", closed.month),
        before: [{ against: "last_month", ...sum("lastMonth", closed.lastMonth) }],
      },
    },
  }
}

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
        select s.workflow, ${iso(bucketOf(sql`r.bucket`, "day", range.tz))} as bucket, trim_scale(sum(r.cost))::text as cost,
          sum(r.calls)::text as calls, sum(r.unpriced_calls)::text as unpriced_calls
        from (${rollupRows(tx, "spend_rollup", segmentsFor(range, "day"), [])}) r join sets s on s.id = r.dimension_set_id
        group by 1, 2`,
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
  const calls = readCount(row, "calls")
  const unpricedCalls = readCount(row, "unpriced_calls")
  return { cost: known(readMoney(row, "cost"), calls, unpricedCalls), calls, unpriced_calls: unpricedCalls }
}
