import type { Band } from "@/lib/contracts/board"
import { formatMoney, parseMoney } from "@/lib/money"

/** Fewer known days than this say nothing of what is usual. */
const FEWEST_DAYS = 7

/**
 * What a day usually costs: nearest-rank percentiles, so that both bounds are costs of real days. A day without calls is a real zero, a day
 * whose calls all lack a price is not known and left out, and days before the first call are not the workflow's.
 * @param days oldest first: cost or null, and whether any call ran.
 * @returns null below seven known days.
 */
export function usualBand(days: readonly { cost: string | null; calls: number }[]): Band | null {
  const begin = days.findIndex((day) => day.calls > 0)
  if (begin < 0) return null
  const known = days
    .slice(begin)
    .flatMap((day) => (day.cost === null ? [] : [parseMoney(day.cost)]))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  if (known.length < FEWEST_DAYS) return null
  const rank = (percent: number) => formatMoney(known[Math.max(0, Math.ceil((known.length * percent) / 100) - 1)] ?? 0n)
  return { low: rank(10), high: rank(90), highest: rank(100), days: known.length }
}
