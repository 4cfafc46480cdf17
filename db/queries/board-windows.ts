import { type ProjectTx, sql } from "@/db/client"
import type { Filters } from "@/lib/filters"
import { toIso } from "@/lib/time"
import { iso, type ResolvedRange, resolveRange, type Segment } from "./range"
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
  const range = (last: Filters["last"], from: string | null = null, to: string | null = null) =>
    resolveRange(tx, { ...filters, last, from, to }, now)
  const today = await range("today")
  const month = await range("mtd")
  const marks = await readMarks(tx, today, month.from, now)
  const between = async (from: string, to: string) => windowOf(await range(null, from, to))
  const closed = async () => ({
    at: marks.closed,
    yesterday: await between(marks.yesterday, marks.yesterdayTo),
    lastWeek: await between(marks.lastWeek, marks.lastWeekTo),
    lastMonth: await between(marks.lastMonth, marks.lastMonthTo),
    week: await between(marks.week, marks.closed),
    weekBefore: await between(marks.weekBefore, marks.lastWeekTo),
  })
  return {
    tz: today.tz,
    currency: today.currency,
    // Always quarter hours: in the last one of a day its row would hold the closed and the open alike.
    today: { from: today.from, to: today.to, segments: today.quarters },
    month: { from: month.from, to: today.to },
    monthBeforeToday: month.from < today.from ? await between(month.from, today.from) : null,
    week: windowOf(await range("7d")),
    days: await range(null, marks.days, today.to),
    closed: marks.closed > today.from ? await closed() : null,
  }
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
