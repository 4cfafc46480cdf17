import { moneyDifference } from "@/components/compare/differences"
import { formatCompact, formatCount, formatDuration } from "@/lib/format"
import { displayMoney } from "@/lib/money"

const NONE = <span className="text-ink-9">–</span>
const SAME = <span className="text-ink-9">=</span>
/** A true minus sign, as wide as a plus. */
const signed = (text: string, isNegative: boolean) => `${isNegative ? "−" : "+"}${text}`

export function MoneyDifference({ a, b, currency }: { a: string | null; b: string | null; currency: string }) {
  const difference = moneyDifference(a, b)
  if (difference === null) return NONE
  if (difference === "0") return SAME
  const isNegative = difference.startsWith("-")
  const absolute = difference.replace("-", "")
  return <span title={`${difference} ${currency}`}>{signed(displayMoney(absolute, currency), isNegative)}</span>
}

export function CountDifference({ a, b }: { a: number | null; b: number | null }) {
  if (a === null || b === null) return NONE
  if (a === b) return SAME
  const absolute = Math.abs(b - a)
  return <span title={signed(formatCount(absolute), b < a)}>{signed(formatCompact(absolute), b < a)}</span>
}

export function TimeDifference({ a, b }: { a: number | null; b: number | null }) {
  if (a === null || b === null) return NONE
  if (a === b) return SAME
  const absolute = Math.abs(b - a)
  return <span title={signed(`${formatCount(absolute)} ms`, b < a)}>{signed(formatDuration(absolute), b < a)}</span>
}

export function Time({ ms }: { ms: number | null }) {
  return ms === null ? NONE : <span title={`${formatCount(ms)} ms`}>{formatDuration(ms)}</span>
}
