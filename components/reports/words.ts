import type { PeriodDetail } from "@/lib/contracts/periods"
import type { MonthReport } from "@/lib/contracts/reports"
import { formatCount, formatExact, formatMoneyShare, plural } from "@/lib/format"
import { displayMoney, formatMoney, parseMoney } from "@/lib/money"
import { monthWords } from "@/lib/month"

/** `+$12.30`, `−$4.00`, `±$0.00`; the sign is a character of its own, so that it is seen. */
export function changeText(change: string, currency: string): string {
  const absolute = change.replace("-", "")
  const sign = change.startsWith("-") ? "−" : change === "0" ? "±" : "+"
  return `${sign}${displayMoney(absolute, currency)}`
}

/** `+8.6 %` of what it was before; null when there was nothing to be compared with, or it is unknown. */
export function changeShare(change: string | null, before: string | null): string | null {
  if (change === null || before === null || before === "0") return null
  const share = formatMoneyShareOf(change.replace("-", ""), before)
  if (share === null) return null
  return change.startsWith("-") ? `−${share}` : change === "0" ? share : `+${share}`
}

/** A part may be more than the whole here: 340 %, in whole percent from there on. */
function formatMoneyShareOf(part: string, whole: string): string | null {
  const share = formatMoneyShare(part, whole)
  if (share === null || !share.startsWith("> ")) return share
  const [a, b] = [scaled(part, whole), scaled(whole, part)]
  const percent = (a * 1000n + b * 5n) / (b * 10n)
  return `${String(percent).replace(/\B(?=(\d{3})+$)/g, ",")} %`
}

/** Two decimals as integers of one unit. */
function scaled(text: string, other: string): bigint {
  const digits = (value: string) => value.split(".")[1]?.length ?? 0
  const places = Math.max(digits(text), digits(other))
  const [whole = "0", fraction = ""] = text.split(".")
  return BigInt(whole + fraction.padEnd(places, "0"))
}

/** The answer of the page: what the month cost, against the month before. */
export function reportSentence(report: MonthReport): { figure: string; rest: string } {
  const { total, currency } = report
  const month = monthWords(report.month)
  const before = monthWords(report.previous_month)
  const figure = displayMoney(total.cost, currency)
  if (total.calls === 0 && total.cost === "0") return { figure, rest: `in ${month}: no calls` }
  const isOpen = report.is_open ? " so far" : ""
  if (total.cost === null)
    return { figure, rest: `in ${month}${isOpen}: none of ${plural(total.calls, "call")} has a price` }
  if (total.previous.calls === 0 || total.change === null)
    return { figure, rest: `in ${month}${isOpen}, with nothing to compare in ${before}` }
  if (report.is_open)
    return { figure, rest: `in ${month} so far; all of ${before} was ${displayMoney(total.previous.cost, currency)}` }
  const share = changeShare(total.change, total.previous.cost)
  const way = total.change.startsWith("-") ? "less" : "more"
  const amount = displayMoney(total.change.replace("-", ""), currency)
  if (total.change === "0") return { figure, rest: `in ${month}, exactly as much as in ${before}` }
  return { figure, rest: `in ${month}, ${amount} ${way} than in ${before}${share ? ` (${share})` : ""}` }
}

/** `2026-10-01 00:00 to 2026-11-01 00:00, Europe/Berlin`: in the zone that cut the month. */
export function rangeText({ range, tz }: Pick<MonthReport, "range" | "tz">): string {
  return `${formatExact(range.from, tz).slice(0, 16)} to ${formatExact(range.to, tz).slice(0, 16)}, ${tz}`
}

/** What is missing from the sum; null when nothing is. */
export function unpricedSentence(report: MonthReport): string | null {
  const { calls, unpriced_calls: missing } = report.total
  if (missing === 0) return null
  return `${formatCount(missing)} of ${plural(calls, "call")} ${missing === 1 ? "has" : "have"} no price and ${missing === 1 ? "is" : "are"} not in the sum.`
}

/** Whether a closed month is still what it was closed as. */
export function closedSentence({ is_equal: isEqual, moved_on: movedOn, last, now, currency }: PeriodDetail): string {
  if (isEqual && movedOn > 0)
    return `The same, to the last digit; ${plural(movedOn, "call")} without a cost moved on to where the cost is booked.`
  if (isEqual) return "The same, to the last digit."
  const moved = formatMoney(parseMoney(now.cost) - parseMoney(last?.cost ?? "0"))
  if (moved !== "0") return `${displayMoney(now.cost, currency)}: ${changeText(moved, currency)} since it was closed.`
  return `The same sum in ${plural(now.calls, "call")}, ${now.unpriced_calls} without a price.`
}
