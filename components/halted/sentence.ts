import type { RunList } from "@/lib/contracts/read"
import { formatDuration, plural } from "@/lib/format"
import { displayMoney, sumMoney } from "@/lib/money"

/**
 * "12 runs are halted, the oldest for 41 min; $83.20 sunk." The count is of all halted runs; money is said only when every one of them is on
 * the page, because a sum over a part would pass for the whole.
 */
export function haltedSentence(halts: RunList, currency: string, now: number): string {
  const { items } = halts
  if (items.length === 0) return "Nothing is halted."
  const count = halts.count ?? { value: items.length, is_capped: halts.next_cursor !== null }
  const runs = count.is_capped
    ? "More than 10,000 runs are"
    : count.value === 1
      ? "1 run is"
      : `${plural(count.value, "run")} are`
  const ages = items.map((run) => now - Date.parse(run.ended_at ?? run.last_event_at))
  const isWhole = halts.next_cursor === null && count.value === items.length
  const sunk = sumMoney(items.map((run) => run.cost))
  const parts = [`${runs} halted`]
  if (!isWhole) parts.push(`; the latest on this page stopped ${formatDuration(Math.max(0, Math.min(...ages)))} ago`)
  else parts.push(`, the oldest for ${formatDuration(Math.max(0, ...ages))}; ${displayMoney(sunk, currency)} sunk`)
  return `${parts.join("")}.`
}
