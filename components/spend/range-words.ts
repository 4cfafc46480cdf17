import type { Range } from "@/lib/contracts/read"
import type { Filters, Last } from "@/lib/filters"
import { formatInstant } from "@/lib/format"

const WORDS: Record<Last, string> = {
  "1h": "in the last hour",
  "6h": "in the last 6 hours",
  "24h": "in the last 24 hours",
  today: "today",
  "7d": "in the last 7 days",
  "30d": "in the last 30 days",
  "90d": "in the last 90 days",
  mtd: "this month",
  last_month: "last month",
  "365d": "in the last 365 days",
}

/** A range in words for the middle of a sentence. */
export function rangeWords(filters: Pick<Filters, "last">, range: Range, zone: string, now: number): string {
  if (filters.last !== null) return WORDS[filters.last]
  return `from ${formatInstant(range.from, zone, now)} to ${formatInstant(range.to, zone, now)}`
}

const BEFORE: Partial<Record<Last, string>> = {
  today: "yesterday to the same time",
  "7d": "the 7 days before, to the same time",
  "30d": "the 30 days before, to the same time",
  "90d": "the 90 days before, to the same time",
  "365d": "the 365 days before, to the same time",
  "1h": "the hour before",
  "6h": "the 6 hours before",
  "24h": "the 24 hours before",
  mtd: "last month to the same time",
  last_month: "the month before",
}

/** The period that a range is set against, in words. */
export function beforeWords(filters: Pick<Filters, "last">, before: Range, zone: string, now: number): string {
  const known = filters.last === null ? undefined : BEFORE[filters.last]
  return known ?? `${formatInstant(before.from, zone, now)} to ${formatInstant(before.to, zone, now)}`
}

/** The same where something was in it: `in the 7 days before`, `last month to the same time`, `from 8 Nov 00:00 to ...`. */
export function inBefore(filters: Pick<Filters, "last">, before: Range, zone: string, now: number): string {
  const words = beforeWords(filters, before, zone, now)
  if (filters.last === null || BEFORE[filters.last] === undefined) return `from ${words}`
  return words.startsWith("the ") ? `in ${words}` : words
}
