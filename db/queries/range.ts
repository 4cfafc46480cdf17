import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { Grain, Range } from "@/lib/contracts/read"
import { AppError } from "@/lib/errors"
import type { Filters, Last } from "@/lib/filters"
import { toIso } from "@/lib/time"
import { first, type Row, readBoolean, readText, selectRows } from "./rows"

/** A stretch of one level of a roll-up: quarter hours (15) or days of the project's zone (1440); half-open, by `bucket`. */
export type Segment = { level: 15 | 1440; from: string; to: string }

/** Filters made instants. `from` and `to` lie on quarter hours, so that roll-ups and rows agree to the last digit. */
export type ResolvedRange = {
  wire: Range
  from: string
  to: string
  tz: string
  /** The project's zone, in which the day level is cut. */
  zone: string
  currency: string
  /** Disjoint, together exactly the range: whole days of the project's zone from day rows, the edges from quarter hours. */
  days: Segment[]
  /** The same range from quarter hours alone: for fine grains, and to cut days in another zone. */
  quarters: Segment[]
}

/** Above this many points nothing is drawn; the answer names the grain that fits. */
const BUCKET_CAP = 2000

const HOURS: Partial<Record<Last, number>> = { "1h": 1, "6h": 6, "24h": 24 }
const DAYS: Partial<Record<Last, number>> = { today: 1, "7d": 7, "30d": 30, "90d": 90, "365d": 365 }

/**
 * Resolves presets, dates and instants against one `now` and one zone, and snaps outward to 15 minutes. PostgreSQL does the calendar, so that
 * a day is cut here as it was cut when the roll-ups were written.
 * @throws AppError `invalid_filter` when the zone is unknown to the database or nothing lies between `from` and `to`.
 */
export async function resolveRange(tx: ProjectTx, filters: Filters, now: number): Promise<ResolvedRange> {
  return toRange(first(await resolve(tx, [filters], now)))
}

/** Several ranges of one zone in one statement: the calendar is cheap, the way to the database and back is not. @returns in the order asked. */
export async function resolveRanges(tx: ProjectTx, asked: readonly Filters[], now: number): Promise<ResolvedRange[]> {
  return asked.length === 0 ? [] : (await resolve(tx, asked, now)).map(toRange)
}

function toRange(row: Row): ResolvedRange {
  const [from, to, tz, zone] = [readText(row, "from"), readText(row, "to"), readText(row, "tz"), readText(row, "zone")]
  if (from >= to) throw new AppError("invalid_filter", "to must be after from.", { field: "to" })
  const quarters: Segment[] = [{ level: 15, from, to }]
  return {
    wire: { from, to, is_snapped: readBoolean(row, "is_snapped") },
    from,
    to,
    tz,
    zone,
    currency: readText(row, "currency"),
    days: readBoolean(row, "has_days") ? dayAndEdges(row, from, to) : quarters,
    quarters,
  }
}

function dayAndEdges(row: Row, from: string, to: string): Segment[] {
  const [head, tail] = [readText(row, "head_to"), readText(row, "tail_from")]
  const segments: Segment[] = [{ level: 1440, from: readText(row, "day_from"), to: readText(row, "day_to") }]
  if (from < head) segments.push({ level: 15, from, to: head })
  if (tail < to) segments.push({ level: 15, from: tail, to })
  return segments
}

async function resolve(tx: ProjectTx, ranges: readonly Filters[], now: number): Promise<Row[]> {
  const at = sql`${toIso(now)}::timestamptz`
  const bounds = ranges.map((filters, n) => {
    const [from, to] = asked(filters, at)
    const isCut = filters.last === null || filters.last in HOURS
    return sql`(${n}::int, ${from}, ${to}, ${isCut}::boolean)`
  })
  try {
    // Savepoint-free: an unknown zone is the only thing that can fail here, and then the request is over.
    return await selectRows(
      tx,
      sql`
      with p as (select coalesce(${ranges[0]?.tz ?? null}::text, zone) as tz, zone, currency from projects where id = ${tx.projectId}),
      asked as (select * from p cross join lateral (values ${sql.join(bounds, sql`, `)}) w(n, a, b, is_cut)),
      snapped as (
        select *, ${floor15(sql`a`)} as f, greatest(${ceil15(sql`b`)}, ${floor15(sql`a`)}) as t from asked
      ),
      -- first_day: the first local day that lies whole in the range; last_day: the one after the last such day
      days as (
        select *, ${localDate(sql`f`, OWN)} + case when ${localDate(sql`f - interval '1 microsecond'`, OWN)} = ${localDate(sql`f`, OWN)} then 1 else 0 end as first_day,
          ${localDate(sql`t`, OWN)} as last_day
        from snapped
      )
      select tz, zone, currency, ${iso(sql`f`)} as "from", ${iso(sql`t`)} as "to",
        is_cut and (f <> a or t <> b) as is_snapped,
        first_day < last_day as has_days,
        ${iso(dayLabel(sql`first_day`, OWN))} as day_from, ${iso(dayLabel(sql`last_day`, OWN))} as day_to,
        ${iso(dayStart(sql`first_day`, OWN))} as head_to, ${iso(dayStart(sql`last_day`, OWN))} as tail_from
      from days order by n`,
    )
  } catch (error) {
    if (sqlState(error) !== "22023") throw error
    throw new AppError("invalid_filter", "tz must be an IANA zone such as Europe/Berlin.", {
      field: "tz",
      cause: error,
    })
  }
}

/** The bounds before snapping, as expressions over `p.tz`. */
function asked(filters: Filters, now: SQL): [SQL, SQL] {
  const today = sql`(${now} at time zone tz)::date`
  if (filters.last === null) return [moment(filters.from), moment(filters.to)]
  const hours = HOURS[filters.last]
  if (hours !== undefined) return [sql`${now} - make_interval(hours => ${hours}::int)`, now]
  const days = DAYS[filters.last]
  // At midnight sharp the day that begins holds nothing yet, but it is the day that was asked for.
  const open = sql`${now} + interval '1 millisecond'`
  if (days !== undefined) return [dayStart(sql`(${today} - ${days - 1}::int)`, ASKED), open]
  const month = sql`date_trunc('month', ${today}::timestamp)::date`
  if (filters.last === "mtd") return [dayStart(month, ASKED), open]
  return [dayStart(sql`(${month} - interval '1 month')::date`, ASKED), dayStart(month, ASKED)]
}

function moment(text: string | null): SQL {
  if (text === null) throw new AppError("invalid_filter", "from and to are missing.", { field: "from" })
  return text.length === 10 ? dayStart(sql`${text}::date`, ASKED) : sql`${text}::timestamptz`
}

/** ISO 8601 with milliseconds and `Z`; the session's zone does not matter. */
export const iso = (instant: SQL): SQL => sql`to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const floor15 = (at: SQL): SQL => sql`date_bin('15 minutes', ${at}, '2000-01-01T00:00:00Z'::timestamptz)`
const ceil15 = (at: SQL): SQL => floor15(sql`${at} + interval '15 minutes' - interval '1 microsecond'`)
/** The zone that was asked for cuts presets and dates; the project's own cuts day rows. */
const [ASKED, OWN] = [sql`tz`, sql`zone`]
const localDate = (at: SQL, zone: SQL): SQL => sql`((${at}) at time zone ${zone})::date`
/** What `date_trunc('day', …, zone)` gives for each instant of the day: the name of its day row. */
const dayLabel = (date: SQL, zone: SQL): SQL => sql`((${date})::timestamp at time zone ${zone})`
/** When the day began. Where clocks go back over midnight (Azores, Havana) the label is the second midnight, the day began at the first. */
export const dayStart = (date: SQL, zone: SQL): SQL => {
  const label = dayLabel(date, zone)
  return sql`(${label} - case when ${localDate(sql`${label} - interval '1 hour'`, zone)} = ${date} then interval '1 hour' else interval '0' end)`
}

const HOUR = 3_600_000
const LENGTHS: Record<Grain, number> = {
  "15m": HOUR / 4,
  hour: HOUR,
  day: 24 * HOUR,
  week: 168 * HOUR,
  month: 730 * HOUR,
}
const GRAINS = Object.keys(LENGTHS) as Grain[]

/** The grain asked for, else the one that draws between about 20 and 100 points. @throws AppError `range_too_large` above 2,000 buckets. */
export function chooseGrain(filters: Filters, range: ResolvedRange): Grain {
  const length = Date.parse(range.to) - Date.parse(range.from)
  const count = (grain: Grain) => Math.ceil(length / LENGTHS[grain])
  if (filters.grain === null) return GRAINS.find((grain) => count(grain) <= (grain === "15m" ? 48 : 100)) ?? "month"
  if (count(filters.grain) <= BUCKET_CAP) return filters.grain
  const fits = GRAINS.find((grain) => count(grain) <= BUCKET_CAP) ?? "month"
  const message = `The range has more than ${BUCKET_CAP} buckets of grain ${filters.grain}; grain ${fits} fits.`
  throw new AppError("range_too_large", message, { field: "grain" })
}

/** The grains that a range can be cut in: not finer than what is drawn, not coarser than the range; the finest first. */
export function fittingGrains(range: ResolvedRange): Grain[] {
  const length = Date.parse(range.to) - Date.parse(range.from)
  const fits = (grain: Grain) => Math.ceil(length / LENGTHS[grain]) <= BUCKET_CAP && length >= LENGTHS[grain]
  return GRAINS.filter(fits)
}

/** Segments to sum for a grain: day rows serve days and what is made of days. */
export function segmentsFor(range: ResolvedRange, grain: Grain): Segment[] {
  return grain === "15m" || grain === "hour" || range.tz !== range.zone ? range.quarters : range.days
}

/** The bucket that an instant falls into, in the range's zone. */
export function bucketOf(at: SQL, grain: Grain, tz: string): SQL {
  return grain === "15m" ? at : sql`date_trunc(${grain}::text, ${at}, ${tz}::text)`
}

/** Starts of every bucket that the range touches, oldest first; the first may begin before the range. */
export async function listBuckets(tx: ProjectTx, range: ResolvedRange, grain: Grain): Promise<string[]> {
  const [from, to] = [sql`${range.from}::timestamptz`, sql`${range.to}::timestamptz`]
  // Hours are found through their quarters: where an offset changes by half an hour they do not follow each other by the hour.
  // Days are counted on the calendar, then placed; `distinct` drops a date that a zone skipped (Apia, 30 December 2011).
  const starts =
    grain === "15m" || grain === "hour"
      ? sql`select ${bucketOf(sql`g`, grain, range.tz)} as b from generate_series(${from}, ${to} - interval '15 minutes', interval '15 minutes') g`
      : sql`select g at time zone ${range.tz}::text as b from generate_series(
              date_trunc(${grain}::text, ${from} at time zone ${range.tz}::text),
              (${to} - interval '1 microsecond') at time zone ${range.tz}::text, ${`1 ${grain}`}::interval) g`
  const rows = await selectRows(tx, sql`select distinct ${iso(sql`b`)} as bucket from (${starts}) s order by 1`)
  return rows.map((row) => readText(row, "bucket"))
}

function sqlState(error: unknown): string | undefined {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const code = (cause as Error & { code?: unknown }).code
    if (typeof code === "string") return code
  }
  return undefined
}
