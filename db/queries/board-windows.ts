import { type ProjectTx, sql } from "@/db/client"
import type { Filters } from "@/lib/filters"
import { toIso } from "@/lib/time"
import { iso, type ResolvedRange, resolveRanges, type Segment } from "./range"
import { first, readText, selectRows } from "./rows"

/** A stretch on quarter hours with the roll-up rows that make it up. */
export type Window = { from: string; to: string; segments: Segment[] }

export type BoardWindows = {
  tz: string
  currency: string
  /** The range of today, for questions that cut buckets. */
  today: Window
  /** From the first of the month to now. */
  month: { from: string; to: string }
  /** The month without today; null on its first day. */
  monthBeforeToday: Window | null
  /** Seven days with today as the last, to now. */
  week: Window
  /** Twenty-eight days before today, and today. */
  days: ResolvedRange
  /** To the last closed quarter hour, beside as much of earlier periods; null in the first quarter hour of the day. */
  closed: {
    /** The end of the last closed quarter hour. */
    at: string
    yesterday: Window
    lastWeek: Window
    lastMonth: Window
    week: Window
    weekBefore: Window
  } | null
}

export const BAND_DAYS = 28

/**
 * The stretches that the board compares. Earlier ones end at the same wall-clock time, whatever clocks did in between; a last month that is
 * shorter than this one so far is taken whole.
 * @throws AppError `invalid_filter` when the zone is unknown to the database.
 */
export async function boardWindows(tx: ProjectTx, filters: Filters, now: number): Promise<BoardWindows> {
  const filtersOf = (last: Filters["last"], from: string | null = null, to: string | null = null): Filters => ({
    ...filters,
    last,
    from,
    to,
  })
  const [today, month, week] = await resolveRanges(tx, [filtersOf("today"), filtersOf("mtd"), filtersOf("7d")], now)
  if (!today || !month || !week) throw new Error("a range was asked for and not answered")
  const marks = await readMarks(tx, today, month.from, now)
  const isClosed = marks.closed > today.from
  const isBegun = month.from < today.from
  const earlier: [string, string][] = [
    [marks.days, today.to],
    ...(isBegun ? [[month.from, today.from] as [string, string]] : []),
    ...(isClosed ? closedStretches(marks) : []),
  ]
  const [days, ...rest] = await resolveRanges(
    tx,
    earlier.map(([from, to]) => filtersOf(null, from, to)),
    now,
  )
  if (!days) throw new Error("a range was asked for and not answered")
  const windows = rest.map(windowOf)
  const monthBeforeToday = isBegun ? (windows.shift() ?? null) : null
  return {
    tz: today.tz,
    currency: today.currency,
    // Always quarter hours: in the last one of a day its row would hold the closed and the open alike.
    today: { from: today.from, to: today.to, segments: today.quarters },
    month: { from: month.from, to: today.to },
    monthBeforeToday,
    week: windowOf(week),
    days,
    closed: isClosed ? toClosed(marks.closed, windows) : null,
  }
}

const closedStretches = (marks: Marks): [string, string][] => [
  [marks.yesterday, marks.yesterdayTo],
  [marks.lastWeek, marks.lastWeekTo],
  [marks.lastMonth, marks.lastMonthTo],
  [marks.week, marks.closed],
  [marks.weekBefore, marks.lastWeekTo],
]

/** @param windows in the order of `closedStretches`. */
function toClosed(at: string, windows: readonly Window[]): BoardWindows["closed"] {
  const [yesterday, lastWeek, lastMonth, week, weekBefore] = windows
  if (!yesterday || !lastWeek || !lastMonth || !week || !weekBefore) throw new Error("a stretch was not answered")
  return { at, yesterday, lastWeek, lastMonth, week, weekBefore }
}

/** Day rows are cut in the project's zone; in another only quarter hours will do. */
function windowOf(range: ResolvedRange): Window {
  return { from: range.from, to: range.to, segments: range.tz === range.zone ? range.days : range.quarters }
}

type Marks = Record<
  | "closed"
  | "yesterday"
  | "yesterdayTo"
  | "lastWeek"
  | "lastWeekTo"
  | "lastMonth"
  | "lastMonthTo"
  | "week"
  | "weekBefore"
  | "days",
  string
>

/** Dates as `YYYY-MM-DD`, ends as instants: the calendar is the database's, here as for the ranges. */
async function readMarks(tx: ProjectTx, today: ResolvedRange, monthFrom: string, now: number): Promise<Marks> {
  const tz = sql`${today.tz}::text`
  const local = (wall: ReturnType<typeof sql>) => iso(sql`(${wall}) at time zone ${tz}`)
  const date = (days: number) => sql`to_char(day - ${days}::int, 'YYYY-MM-DD')`
  const row = first(
    await selectRows(
      tx,
      sql`with c as (
            select closed, closed at time zone ${tz} as wall, (${today.from}::timestamptz at time zone ${tz})::date as day,
              date_trunc('month', ${monthFrom}::timestamptz at time zone ${tz}) as month
            from (select date_bin('15 minutes', ${toIso(now)}::timestamptz, '2000-01-01T00:00:00Z'::timestamptz) as closed) n
          )
          select ${iso(sql`closed`)} as closed, ${date(1)} as yesterday, ${date(7)} as "lastWeek", ${date(6)} as week, ${date(13)} as "weekBefore",
            ${date(BAND_DAYS)} as days, to_char(month - interval '1 month', 'YYYY-MM-DD') as "lastMonth",
            ${local(sql`wall - interval '1 day'`)} as "yesterdayTo", ${local(sql`wall - interval '7 days'`)} as "lastWeekTo",
            ${local(sql`least(month - interval '1 month' + (wall - month), month)`)} as "lastMonthTo"
          from c`,
    ),
  )
  return Object.fromEntries(Object.keys(row).map((name) => [name, readText(row, name)])) as Marks
}
