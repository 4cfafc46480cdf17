import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { MonthFigures, MonthReport, MonthRow } from "@/lib/contracts/reports"
import { AppError } from "@/lib/errors"
import { DEFAULT_FILTERS, type Filters, toQuery } from "@/lib/filters"
import { formatMoney, parseMoney, sumMoney } from "@/lib/money"
import { addMonths, monthFilters } from "@/lib/month"
import { type MonthBook, monthFile } from "@/lib/month-csv"
import { toIso } from "@/lib/time"
import { type Dimension, TOKEN_BUCKETS, type Usage } from "@/lib/vocabulary"
import { all, dimensionColumn, dimensionConditions, rollupRows } from "./conditions"
import { known } from "./known"
import { getDataQuality } from "./quality"
import { type ResolvedRange, resolveRange, segmentsFor } from "./range"
import {
  first,
  type Row,
  readBoolean,
  readCount,
  readMoney,
  readText,
  readTextOrNull,
  readUsage,
  selectRows,
} from "./rows"

/** Rows that the page shows; a project may have 10,000 names of a dimension, the file holds them all. */
const ROWS = 300
const UNPRICED = 20
const FIGURES = ["cost", "reported_cost", "computed_cost", "calls", "unpriced_calls", ...TOKEN_BUCKETS] as const
const PREVIOUS = ["cost", "calls", "unpriced_calls"] as const

type Gathered = { book: MonthBook; unpriced: MonthReport["unpriced"]; range: ResolvedRange; previous: ResolvedRange }

/**
 * One calendar month of the zone by one dimension, beside the whole month before it.
 * @param month `YYYY-MM`; null: the last whole month if anything ran in it, else this one.
 * @returns exact money in the project's currency. The total is the sum of all rows, and equals Spend's over the same range.
 * @throws AppError `invalid_filter` unless `by` names exactly one dimension.
 * Source: spend_rollup; never touches spans.
 */
export async function getMonthReport(
  tx: ProjectTx,
  filters: Filters,
  month: string | null,
  now: number,
): Promise<MonthReport> {
  const { available, chosen } = await readMonths(tx, filters, month, now)
  const { book, unpriced, range, previous } = await gather(tx, filters, chosen)
  const rest = book.rows.slice(ROWS)
  return {
    month: chosen,
    previous_month: book.previous_month,
    range: range.wire,
    previous_range: previous.wire,
    tz: range.tz,
    currency: range.currency,
    by: book.by,
    is_open: toIso(now) < range.to,
    generated_at: toIso(now),
    rows: book.rows.slice(0, ROWS),
    rest: rest.length === 0 ? null : { ...sumFigures(rest), rows: rest.length },
    total: book.total,
    control: { cost: book.total.cost, rows: book.rows.length, sha256: monthFile(book).sha256 },
    unpriced: unpriced.slice(0, UNPRICED),
    unpriced_count: unpriced.length,
    quality: await getDataQuality(tx, monthFilters(filters, chosen), now),
    available,
  }
}

/** The whole report as a file's content, every row of it; the same bytes for the same data. @throws as `getMonthReport`. */
export async function getMonthBook(
  tx: ProjectTx,
  filters: Filters,
  month: string | null,
  now: number,
): Promise<MonthBook> {
  const { chosen } = await readMonths(tx, filters, month, now)
  return (await gather(tx, filters, chosen)).book
}

type Months = { available: MonthReport["available"]; chosen: string }

async function readMonths(tx: ProjectTx, filters: Filters, month: string | null, now: number): Promise<Months> {
  // Refuses a zone that the database does not know, before anything is cut in it.
  const { tz, from } = await resolveRange(tx, { ...filters, last: "mtd", from: null, to: null }, now)
  const days = sql`spend_rollup r where r.project_id = ${tx.projectId} and r.grain = 1440 and r.calls > 0`
  const name = (at: SQL) => sql`to_char(${at} at time zone ${tz}::text, 'YYYY-MM')`
  const start = sql`${from}::timestamptz`
  const row = first(
    await selectRows(
      tx,
      sql`select ${name(start)} as current, ${name(sql`(select min(r.bucket) from ${days})`)} as first,
        ${name(sql`(select max(r.bucket) from ${days})`)} as last,
        exists (select from ${days} and r.bucket < ${start} and r.bucket >= (${start} at time zone ${tz}::text - interval '1 month') at time zone ${tz}::text)
          as has_whole`,
    ),
  )
  const current = readText(row, "current")
  const [oldest, newest] = [readTextOrNull(row, "first"), readTextOrNull(row, "last")]
  return {
    available: oldest === null || newest === null ? null : { first: oldest, last: newest, current },
    chosen: month ?? (readBoolean(row, "has_whole") ? addMonths(current, -1) : current),
  }
}

async function gather(tx: ProjectTx, filters: Filters, month: string): Promise<Gathered> {
  const [by, ...more] = filters.by
  if (by === undefined || more.length > 0)
    throw new AppError("invalid_filter", "by takes one dimension in a report.", { field: "by" })
  const before = addMonths(month, -1)
  const range = await resolveRange(tx, monthFilters(filters, month), 0)
  const previous = await resolveRange(tx, monthFilters(filters, before), 0)
  const rows: MonthRow[] = []
  const unpriced: MonthReport["unpriced"] = []
  for (const row of await selectRows(tx, statement(tx, filters, by, range, previous))) {
    if (readText(row, "kind") === "row") rows.push(toRow(row))
    else
      unpriced.push({
        provider: readTextOrNull(row, "k"),
        model: readTextOrNull(row, "k2"),
        calls: readCount(row, "unpriced_calls"),
      })
  }
  const narrowed = toQuery({ ...DEFAULT_FILTERS, dimensions: filters.dimensions })
  const { tz, currency } = range
  return {
    book: { month, previous_month: before, by, currency, tz, rows, total: sumFigures(rows), narrowed },
    unpriced,
    range,
    previous,
  }
}

/** One statement, hence one snapshot of both months. The order is total: the same data gives the same file. */
function statement(tx: ProjectTx, filters: Filters, by: Dimension, range: ResolvedRange, previous: ResolvedRange) {
  const columns = (of: (name: SQL, column: string) => SQL) =>
    sql.join(
      FIGURES.map((column) => of(sql`${sql.identifier(column)}`, column)),
      sql`, `,
    )
  const month = (which: 0 | 1, of: ResolvedRange) =>
    sql`select ${sql.raw(String(which))} as m, dimension_set_id, ${columns((name) => sql`sum(${name}) as ${name}`)}
      from (${rollupRows(tx, "spend_rollup", segmentsFor(of, "month"), [sql`r.calls > 0`])}) r group by 2`
  const text = (value: SQL, column: string) =>
    column.endsWith("cost") ? sql`trim_scale(${value})::text` : sql`${value}::text`
  return sql`
    with sets as materialized (
      select d.id, d.provider, d.model, ${dimensionColumn(by)} as k from dimension_sets d
      where ${all([sql`d.project_id = ${tx.projectId}`, ...dimensionConditions(filters)])}
    ),
    r as materialized (${month(1, range)} union all ${month(0, previous)}),
    grouped as (
      select k, ${columns((name) => sql`coalesce(sum(${name}) filter (where m = 1), 0) as ${name}`)},
        ${sql.join(
          PREVIOUS.map(
            (name) =>
              sql`coalesce(sum(${sql.identifier(name)}) filter (where m = 0), 0) as ${sql.identifier(`previous_${name}`)}`,
          ),
          sql`, `,
        )}
      from r join sets on sets.id = r.dimension_set_id group by k
    ),
    unpriced as (
      select provider, model, sum(unpriced_calls) as calls from r join sets on sets.id = r.dimension_set_id
      where m = 1 and unpriced_calls > 0 group by 1, 2
    ),
    listed as (
      select 'row' as kind, row_number() over (order by cost desc, calls desc, previous_cost desc, previous_calls desc, k collate "C" nulls first) as place, k, null as k2,
        ${columns((name, column) => sql`${text(name, column)} as ${name}`)},
        ${sql.join(
          PREVIOUS.map((name) => {
            const column = sql.identifier(`previous_${name}`)
            return sql`${text(sql`${column}`, name)} as ${column}`
          }),
          sql`, `,
        )}
      from grouped
      union all
      select 'unpriced', row_number() over (order by calls desc, provider collate "C" nulls first, model collate "C" nulls first), provider, model,
        null, null, null, null, calls::text ${sql.raw(", null".repeat(TOKEN_BUCKETS.length + PREVIOUS.length))}
      from unpriced
    )
    select * from listed order by kind, place`
}

function toRow(row: Row): MonthRow {
  const [calls, unpricedCalls] = [readCount(row, "calls"), readCount(row, "unpriced_calls")]
  const cost = known(readMoney(row, "cost"), calls, unpricedCalls)
  const before = { calls: readCount(row, "previous_calls"), unpriced_calls: readCount(row, "previous_unpriced_calls") }
  const previous = { cost: known(readMoney(row, "previous_cost"), before.calls, before.unpriced_calls), ...before }
  return {
    key: readTextOrNull(row, "k"),
    presence: previous.calls === 0 ? "new" : calls === 0 ? "gone" : "both",
    cost,
    reported_cost: readMoney(row, "reported_cost"),
    computed_cost: readMoney(row, "computed_cost"),
    calls,
    unpriced_calls: unpricedCalls,
    tokens: readUsage(row),
    previous,
    change: difference(cost, previous.cost),
  }
}

function sumFigures(rows: readonly MonthRow[]): MonthFigures {
  const count = (of: (row: MonthRow) => number) => rows.reduce((sum, row) => sum + of(row), 0)
  const money = (of: (row: MonthRow) => string | null) => sumMoney(rows.map(of)) ?? "0"
  const calls = count((row) => row.calls)
  const unpricedCalls = count((row) => row.unpriced_calls)
  const before = {
    calls: count((row) => row.previous.calls),
    unpriced_calls: count((row) => row.previous.unpriced_calls),
  }
  const cost = known(
    money((row) => row.cost),
    calls,
    unpricedCalls,
  )
  const previous = {
    cost: known(
      money((row) => row.previous.cost),
      before.calls,
      before.unpriced_calls,
    ),
    ...before,
  }
  return {
    cost,
    reported_cost: money((row) => row.reported_cost),
    computed_cost: money((row) => row.computed_cost),
    calls,
    unpriced_calls: unpricedCalls,
    tokens: Object.fromEntries(TOKEN_BUCKETS.map((b) => [b, count((row) => row.tokens[b])])) as Usage,
    previous,
    change: difference(cost, previous.cost),
  }
}

function difference(cost: string | null, before: string | null): string | null {
  return cost === null || before === null ? null : formatMoney(parseMoney(cost) - parseMoney(before))
}
