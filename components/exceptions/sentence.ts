import { KIND_WORDS } from "@/components/exceptions/words"
import type { ExceptionList } from "@/lib/contracts/exceptions"
import { formatCount, formatDuration, plural } from "@/lib/format"
import { displayMoney } from "@/lib/money"
import { EXCEPTION_KINDS, type ExceptionKind } from "@/lib/vocabulary"

/**
 * "3 runs are halted, the oldest for 41 min; $83.20 sunk." Of the runs in open exceptions: one that somebody has resolved needs nobody. What
 * has no price is said, never taken for nothing.
 */
export function haltedSentence(
  { runs, oldest_at, spend }: ExceptionList["stake"],
  currency: string,
  now: number,
): string {
  if (runs.is_capped) return `More than ${formatCount(runs.value)} runs are halted and wait for a person.`
  if (runs.value === 0) return "No halted run waits for a person."
  const parts = [runs.value === 1 ? "1 run is halted" : `${plural(runs.value, "run")} are halted`]
  if (oldest_at !== null) {
    const age = ageOf(oldest_at, now)
    parts.push(runs.value === 1 ? ` for ${age}` : `, the oldest for ${age}`)
  }
  if (spend !== null) parts.push(`; ${sunk(spend, currency)}`)
  return `${parts.join("")}.`
}

/**
 * "12 exceptions are open: 3 halts, 9 alarms; their 14 runs cost $83.20." A sample to review is no trouble, and is said for itself.
 */
export function queueSentence({ kinds, stake }: Pick<ExceptionList, "kinds" | "stake">, currency: string): string {
  const trouble = EXCEPTION_KINDS.filter((kind) => kind !== "audit_sample" && kinds[kind].value > 0)
  const samples = kinds.audit_sample.value > 0 ? ` ${capitalised(count("audit_sample", kinds))}.` : ""
  if (trouble.length === 0) return `No exception is open.${samples}`
  const total = trouble.reduce((sum, kind) => sum + kinds[kind].value, 0)
  const isCapped = trouble.some((kind) => kinds[kind].is_capped)
  const open = `${isCapped ? "More than " : ""}${plural(total, "exception")} ${total === 1 ? "is" : "are"} open`
  const which = trouble.map((kind) => count(kind, kinds)).join(", ")
  const money =
    stake.spend === null || stake.runs.value === 0
      ? ""
      : `; ${stake.runs.value === 1 ? "its run" : `their ${plural(stake.runs.value, "run")}`}: ${sunk(stake.spend, currency).replace(" sunk", " spent")}`
  return `${open}: ${which}${money}.${samples}`
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function count(kind: ExceptionKind, kinds: ExceptionList["kinds"]): string {
  const { one, many } = KIND_WORDS[kind]
  const { value, is_capped } = kinds[kind]
  return `${formatCount(value)}${is_capped ? "+" : ""} ${value === 1 ? one : many.toLowerCase()}`
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
