import { formatInstant } from "@/lib/format"

/** Presets that stand in the bar, in few letters. */
export const PRESETS = [
  ["24h", "24 h"],
  ["7d", "7 d"],
  ["30d", "30 d"],
  ["90d", "90 d"],
  ["mtd", "Month"],
] as const
export const MORE_PRESETS = [
  ["1h", "Last hour"],
  ["6h", "Last 6 hours"],
  ["today", "Today"],
  ["last_month", "Last month"],
  ["365d", "Last 365 days"],
] as const

const DATE = /^\d{4}-\d{2}-\d{2}$/
const DAY_MS = 86_400_000
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

/** The range of an address in a few words: a preset's, `1 – 30 Nov`, or two instants in the zone. */
export function rangeLabel(params: URLSearchParams, otherwise: string, zone: string, now: number): string {
  const from = params.get("from")
  const to = params.get("to")
  if (!from || !to) {
    const last = params.get("last") ?? otherwise
    return [...PRESETS, ...MORE_PRESETS].find(([value]) => value === last)?.[1] ?? last
  }
  if (DATE.test(from) && DATE.test(to)) return daysLabel(from, shiftDay(to, -1), now)
  const moment = (text: string) => (DATE.test(text) ? dayLabel(text, now) : formatInstant(text, zone, now))
  return `${moment(from)} – ${moment(to)}`
}

function daysLabel(first: string, final: string, now: number): string {
  if (first === final) return dayLabel(first, now)
  const sameMonth = first.slice(0, 7) === final.slice(0, 7)
  return `${sameMonth ? Number(first.slice(8)) : dayLabel(first, now)} – ${dayLabel(final, now)}`
}

function dayLabel(date: string, now: number): string {
  const [year = "", month = "", day = ""] = date.split("-")
  const thisYear = String(new Date(now).getUTCFullYear())
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month}${year === thisYear ? "" : ` ${year}`}`
}

/** The calendar date so many days on. */
export function shiftDay(date: string, days: number): string {
  const at = Date.parse(`${date}T00:00:00Z`)
  return Number.isNaN(at) ? date : new Date(at + days * DAY_MS).toISOString().slice(0, 10)
}
