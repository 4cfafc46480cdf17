import { AppError } from "@/lib/errors"
import type { Filters, PageDefaults } from "@/lib/filters"

/** Calendar months as `YYYY-MM`; which instants they are is the zone's matter, see `db/queries/range.ts`. */
const MONTH = /^(20\d\d)-(0[1-9]|1[0-2])$/
const WORDS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const

/** @returns null when none is named. @throws AppError `invalid_filter` for what is no month from 2000-02 to 2099-11. */
export function parseMonth(value: string | string[] | null | undefined): string | null {
  if (value === null || value === undefined || value === "") return null
  // The neighbours on both sides must be dates that ranges take.
  if (typeof value !== "string" || !MONTH.test(value) || value < "2000-02" || value > "2099-11")
    throw new AppError("invalid_filter", "month must be one such as 2026-10.", { field: "month" })
  return value
}

/** @param by months to go, back when negative. */
export function addMonths(month: string, by: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + by
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, "0")}`
}

/** `October 2026` */
export function monthWords(month: string): string {
  return `${WORDS[Number(month.slice(5)) - 1]} ${month.slice(0, 4)}`
}

/** The filters of one whole month in the zone asked for. */
export function monthFilters(filters: Filters, month: string): Filters {
  return { ...filters, last: null, from: `${month}-01`, to: `${addMonths(month, 1)}-01`, grain: null, cursor: null }
}

/** From the first to the last, the newest first; at most ten years of them. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = []
  for (let month = last; month >= first && months.length < 120; month = addMonths(month, -1)) months.push(month)
  return months
}

/** What a report shows where its address is silent. */
export const REPORT_DEFAULTS: PageDefaults = { by: ["model"], last: "mtd" }
