import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import { DIFFERING } from "@/db/differing"
import type { SpanList, SpanRow } from "@/lib/contracts/read"
import { AppError } from "@/lib/errors"
import type { Filters } from "@/lib/filters"
import { all, intArray, matchingSets, textArray } from "./conditions"
import { type Cursor, decodeCursor, listLimit, page } from "./cursor"
import { findQuarters, quartersPast } from "./quarters"
import { resolveRange } from "./range"
import { selectRows } from "./rows"
import { moneyDate, SPAN_COLUMNS, toSpanRow } from "./span-rows"
import { countOf, hull, readDensity, take } from "./window"

/**
 * The calls behind a figure of spend, newest first: those that the same filters count there, so that their costs sum to it.
 * `filters.unpriced` keeps the calls without a price, `filters.failed` those that failed, `filters.differing` those whose reported cost is off the computed
 * one: one of the three, because each is counted alone.
 * @returns `count` exact: the figure's own number of calls.
 * @throws AppError `invalid_filter`.
 * Source: spans, read only in the quarter hours in which spend_rollup has calls of the dimension sets asked for.
 */
export async function listSpans(tx: ProjectTx, filters: Filters, now: number): Promise<SpanList> {
  const range = await resolveRange(tx, filters, now)
  const limit = listLimit(filters.limit)
  const cursor = decodeCursor(filters.cursor, 2)
  const sets = await matchingSets(tx, filters)
  const kinds = (["failed", "unpriced", "differing"] as const).filter((kind) => filters[kind])
  if (kinds.length > 1)
    throw new AppError("invalid_filter", `${kinds[0]} cannot go with ${kinds[1]}.`, { field: kinds[0] as string })
  const measure = kinds[0] === undefined ? "calls" : MEASURES[kinds[0]]
  const narrowing = sets === null ? [] : [sql`r.dimension_set_id = any(${intArray(sets)})`]
  const days = await readDensity(tx, "spend_rollup", measure, range.days, narrowing, "newest")
  const count = { value: countOf(days), is_capped: false }
  const needed = limit + 1
  const taken = take(days, cursor?.at ?? null, needed, "newest")
  const window = hull(taken, range)
  if (window === null) return { items: [], next_cursor: null, count }
  const conditions = [
    sql`s.project_id = ${tx.projectId} and s.is_call`,
    ...(filters.unpriced ? [sql`s.cost is null`] : []),
    ...(filters.failed ? [sql`s.status = 'error'`] : []),
    ...(filters.differing ? [sql.raw(DIFFERING)] : []),
    ...(sets === null ? [] : [sql`s.dimension_set_id = any(${intArray(sets)})`]),
    ...past(cursor),
  ]
  // Without a narrowing filter the newest rows are the answer; with one they may be far apart, so the quarters that hold them are looked up.
  const quarters =
    narrowing.length === 0 && measure === "calls"
      ? null
      : quartersPast(await findQuarters(tx, taken, measure, narrowing, window), cursor?.at ?? null, needed)
  const rows = await selectRows(tx, statement(window, quarters, conditions, needed))
  return { ...page(rows.map(toSpanRow), limit, cursorOf), count }
}

const MEASURES = { failed: "errors", unpriced: "unpriced_calls", differing: "differing_calls" } as const

function statement(
  window: { from: string; to: string },
  quarters: string[] | null,
  conditions: SQL[],
  needed: number,
): SQL {
  const bounds = sql`s.started_at >= ${window.from}::timestamptz and s.started_at < ${window.to}::timestamptz`
  const order = sql`order by s.started_at desc nulls last, s.run_id desc, s.span_id desc limit ${needed}`
  if (quarters === null) return sql`select ${SPAN_COLUMNS} from spans s where ${bounds} and ${all(conditions)} ${order}`
  const starts = textArray(quarters)
  // The inner limit also keeps the planner from turning the look-ups into one walk over all that lies between.
  return sql`
    select ${SPAN_COLUMNS} from unnest(${starts}::timestamptz[]) q cross join lateral (
      select * from spans s where ${bounds} and s.started_at >= q and s.started_at < q + interval '15 minutes' and ${all(conditions)} ${order}
    ) s ${order}`
}

function past(cursor: Cursor | null): SQL[] {
  if (cursor === null) return []
  const [run, span] = cursor.ids
  return [sql`(s.started_at, s.run_id, s.span_id) < (${cursor.at}::timestamptz, ${run}::text, ${span}::text)`]
}

const cursorOf = (span: SpanRow): Cursor => ({ at: moneyDate(span), ids: [span.run ?? "", span.id] })
