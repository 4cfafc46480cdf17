import type { ExceptionList } from "@/lib/contracts/exceptions"
import { formatDuration, plural } from "@/lib/format"
import { displayMoney } from "@/lib/money"

/**
 * "3 runs are halted, the oldest for 41 min; $83.20 sunk." Of the runs in open exceptions: one that somebody has resolved needs nobody. What
 * has no price is said, never taken for nothing.
 */
export function haltedSentence(
  { runs, oldest_at, spend }: ExceptionList["halted"],
  currency: string,
  now: number,
): string {
  if (runs.is_capped) return "More than 10,000 runs are halted and wait for a person."
  if (runs.value === 0) return "No halted run waits for a person."
  const parts = [runs.value === 1 ? "1 run is halted" : `${plural(runs.value, "run")} are halted`]
  if (oldest_at !== null) {
    const age = ageOf(oldest_at, now)
    parts.push(runs.value === 1 ? ` for ${age}` : `, the oldest for ${age}`)
  }
  if (spend !== null) parts.push(`; ${sunk(spend, currency)}`)
  return `${parts.join("")}.`
}

/** How long something stands; the clock of a page is not that of an agent, and seconds say nothing. */
export function ageOf(at: string, now: number): string {
  const age = now - Date.parse(at)
  return age < 60_000 ? "less than a minute" : formatDuration(age)
}

function sunk(spend: { cost: string | null; unpriced_calls: number }, currency: string): string {
  const unpriced = `${plural(spend.unpriced_calls, "call")} without a price`
  if (spend.cost === null) return `what is sunk is unknown, ${unpriced}`
  return `${displayMoney(spend.cost, currency)} sunk${spend.unpriced_calls > 0 ? ` and ${unpriced}` : ""}`
}
