import type { SQL } from "drizzle-orm"
import { sql } from "@/db/client"
import { AppError } from "@/lib/errors"
import { type Filters, SORTS, type Sort, TIME_SORTS, type TimeSort } from "@/lib/filters"
import { parseInstant, toIso } from "@/lib/time"
import { type Row, readText } from "./rows"

type Measure = Exclude<Sort, TimeSort>

/** As `endOf` of `lib/run-end.ts` has it. */
const END = sql`coalesce(r.ended_at, case when r.status = 'halted' then r.last_event_at end)`
/**
 * What a run is ranked by, greatest first. What is not known (no price, no end yet) is -1 and so comes last: none of these is below zero, and a
 * number compares where null would not.
 */
const KEYS: Record<Measure, SQL> = {
  cost: sql`case when r.cost = 0 and r.calls > 0 and r.calls = r.unpriced_calls then -1 else r.cost end`,
  duration: sql`case when ${END} is null then -1 else greatest(round(extract(epoch from ${END} - r.started_at) * 1000), 0) end`,
  tokens: sql`(r.input + r.cache_read + r.cache_write + r.output + r.reasoning + r.audio_input + r.audio_output)::numeric`,
  errors: sql`r.errors::numeric`,
}

/** A place in a list: the row that a page ends before or begins after. */
export type Place = { at: string; id: string; key: string | null }
/** How a list is walked: its sort, from where, and whether towards its beginning. */
export type Walk = { sort: Sort; start: Place | null; isBack: boolean }

const keyOf = (sort: Sort): SQL | null =>
  (TIME_SORTS as readonly Sort[]).includes(sort) ? null : KEYS[sort as Measure]
export const isRanked = (sort: Sort): boolean => keyOf(sort) !== null
const isDescending = (walk: Walk): boolean => (walk.sort !== "oldest") !== walk.isBack

/** The direction in time of a walk by time; a ranked list has none and is read newest first. */
export const timeSortOf = (walk: Walk): TimeSort => (isRanked(walk.sort) || isDescending(walk) ? "newest" : "oldest")

/**
 * The order of the indexes of `runs`, to the letter: their columns are `desc nulls last`, and PostgreSQL takes no other spelling for them even
 * where a column has no nulls; read backwards they are `asc nulls first`.
 */
export function order(walk: Walk): SQL {
  const way = isDescending(walk) ? sql`desc nulls last` : sql`asc nulls first`
  const key = keyOf(walk.sort)
  return sql`${key === null ? sql`` : sql`${key} ${way}, `}r.started_at ${way}, r.id ${way}`
}

/** Rows past the start in the walk's direction; ties are broken by start and id, so that none is shown twice or left out. */
export function past(walk: Walk): SQL[] {
  if (walk.start === null) return []
  const { at, id, key } = walk.start
  const sign = isDescending(walk) ? sql`<` : sql`>`
  const column = keyOf(walk.sort)
  if (column === null || key === null) return [sql`(r.started_at, r.id) ${sign} (${at}::timestamptz, ${id}::text)`]
  return [sql`(${column}, r.started_at, r.id) ${sign} (${key}::numeric, ${at}::timestamptz, ${id}::text)`]
}

/** Selected beside a row, so that `placeOf` can name it; the instant comes as `started_at`. */
export const sortKey = (sort: Sort): SQL => {
  const key = keyOf(sort)
  return key === null ? sql`'' as sort_key` : sql`(${key})::text as sort_key`
}

export const placeOf = (row: Row): Place => ({
  at: readText(row, "started_at"),
  id: readText(row, "id"),
  key: readText(row, "sort_key") || null,
})

/** Opaque to the caller; it holds its sort, so that it cannot be used in a list of another order. */
export function cursorAt(place: Place, sort: Sort, isBack: boolean): string {
  return Buffer.from(JSON.stringify([sort, isBack ? "back" : "on", place.at, place.id, place.key ?? ""])).toString(
    "base64url",
  )
}

/** @throws AppError `invalid_filter` when the cursor is not one that a list in this order gave. */
export function walkOf(filters: Pick<Filters, "sort" | "cursor">): Walk {
  const { sort } = filters
  if (filters.cursor === null) return { sort, start: null, isBack: false }
  const [cursorSort, direction, at, id, key] = readCursor(filters.cursor)
  const instant = parseInstant(at)
  const isKey = isRanked(sort) ? /^-?\d{1,40}(\.\d{1,40})?$/.test(key) : key === ""
  if (instant === null || !isKey || /[\0\p{Surrogate}]/u.test(id) || !/^(back|on)$/.test(direction)) throw notOurs()
  if (!SORTS.some((word) => word === cursorSort) || cursorSort !== sort) throw notOurs()
  return { sort, start: { at: toIso(instant), id, key: key || null }, isBack: direction === "back" }
}

function readCursor(text: string): [string, string, string, string, string] {
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(text, "base64url").toString("utf8"))
  } catch {
    parts = null
  }
  if (!Array.isArray(parts) || parts.length !== 5 || parts.some((part) => typeof part !== "string")) throw notOurs()
  return parts as [string, string, string, string, string]
}

const notOurs = () => new AppError("invalid_filter", "cursor is not one that this list gave.", { field: "cursor" })

/** A page of rows in the list's own order, with the cursors on both sides; null = the list ends there. */
export type Page = { rows: Row[]; next: string | null; previous: string | null }

/**
 * @param found rows in the order of the walk, at most a page.
 * @param more where the walk goes on; null when it came to the end.
 */
export function pageOf(walk: Walk, found: readonly Row[], more: Place | null): Page {
  const { sort, start, isBack } = walk
  const rows = isBack ? [...found].reverse() : [...found]
  const [first, last] = [rows[0], rows.at(-1)]
  const onward = (place: Place | null, back: boolean) => (place === null ? null : cursorAt(place, sort, back))
  return isBack
    ? { rows, previous: onward(more, true), next: onward(last ? placeOf(last) : start, false) }
    : {
        rows,
        next: onward(more, false),
        previous: start === null ? null : onward(first ? placeOf(first) : start, true),
      }
}
