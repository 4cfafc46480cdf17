import type { BoardChange, BoardPace, BoardStation } from "@/lib/contracts/board"
import { formatInstant, plural } from "@/lib/format"
import { displayMoney, formatMoney, parseMoney } from "@/lib/money"

export type Delta = {
  /** `+12 %`, `-0.4 %`, `×12`, `nearly unchanged`, `unchanged`, `new`; null when one side is not known. */
  text: string | null
  isMore: boolean
}

/** How much more or less than before, in whole percent; exact sums, rounded once. */
export function deltaOf(now: string | null, before: string | null): Delta {
  if (now === null || before === null) return { text: null, isMore: false }
  const [a, b] = [parseMoney(now), parseMoney(before)]
  if (a === b) return { text: "unchanged", isMore: false }
  if (b === 0n) return { text: "new", isMore: true }
  const difference = a > b ? a - b : b - a
  const percent = (difference * 100n + b / 2n) / b
  const sign = a > b ? "+" : "\u2212"
  if (percent === 0n) {
    const tenths = (difference * 1000n + b / 2n) / b
    return { text: tenths === 0n ? "nearly unchanged" : `${sign}0.${tenths} %`, isMore: a > b }
  }
  // Past ten times a percentage is no help.
  if (percent > 1000n) return { text: `×${((a * 10n + b / 2n) / b / 10n).toString()}`, isMore: true }
  return { text: `${sign}${percent} %`, isMore: a > b }
}

type Before = NonNullable<BoardPace["compare"]>["before"][number]

/** What a period is compared with: `last Sat to 09:15`, `yesterday to 09:15`, `Oct to 21 Oct 09:15`. */
export function againstWords(before: Before, zone: string, now: number): string {
  const end = formatInstant(before.range.to, zone, now)
  const clock = end.slice(-5)
  switch (before.against) {
    case "yesterday":
      return `yesterday to ${clock}`
    case "last_week":
      return `${weekday(before.range.from, zone)} last week to ${clock}`
    case "last_month":
      return `last month to ${end}`
    default:
      return before.against satisfies never
  }
}

function weekday(iso: string, zone: string): string {
  return new Intl.DateTimeFormat("en-US", { timeZone: zone, weekday: "short" }).format(Date.parse(iso))
}

/** A change in words with its dollars: `rose by $12.30 (+52 %) to $35.40`. */
export function changeWords(change: BoardChange, currency: string): string {
  const money = (text: string | null) => displayMoney(text, currency)
  const { now, before } = change
  const size = absolute(change.change)
  if (change.calls_before === 0 && change.calls === 0) return "is nothing, as before"
  if (change.calls_before === 0) return `is new at ${money(now)}`
  if (change.calls === 0) return `is gone; it was ${money(before)}`
  if (now === null || before === null)
    return `${now === null ? "has no price now" : `is ${money(now)}`}; ${before === null ? "it had no price before" : `it was ${money(before)}`}`
  if (change.change === "0") return `is unchanged at ${money(now)}`
  const verb = change.change.startsWith("-") ? "fell" : "rose"
  const share = before === "0" ? "from nothing" : `(${deltaOf(now, before).text})`
  return `${verb} by ${money(size)} ${share} to ${money(now)}`
}

function absolute(text: string): string {
  const value = parseMoney(text)
  return formatMoney(value < 0n ? -value : value)
}

/** The band in words, for the sparkline. */
export function bandWords({ spend }: Pick<BoardStation, "spend">, currency: string): string {
  const today = `${displayMoney(spend.today, currency)} today so far`
  if (spend.band === null) return `${today}; too few days to say what is usual`
  const { low, high, days } = spend.band
  return `${today}; a whole day usually costs ${displayMoney(low, currency)} to ${displayMoney(high, currency)} (10th to 90th percentile of ${plural(days, "day")})`
}
