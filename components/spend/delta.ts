import { formatCount } from "@/lib/format"
import { formatMoney, parseMoney } from "@/lib/money"

/** A figure against the one before it. `amount` is the signed difference for the eye, `exact` as it is; `words` a share, or why there is none. */
export type Delta = { amount: string; exact: string; words: string }

/** Null when either side is not known: a difference to the unknown is unknown. @param show an absolute difference for the eye. */
export function deltaOf(now: string | null, before: string | null, show: (text: string) => string): Delta | null {
  if (now === null || before === null) return null
  const [a, b] = [parseMoney(now), parseMoney(before)]
  if (a === b) return { amount: "±0", exact: "0", words: a === 0n ? "none in either" : "the same" }
  const distance = a > b ? a - b : b - a
  const sign = a > b ? "+" : "−"
  const difference = { amount: `${sign}${show(formatMoney(distance))}`, exact: formatMoney(a - b) }
  if (b === 0n) return { ...difference, words: "new" }
  if (a === 0n) return { ...difference, words: "gone" }
  const perMille = Number((distance * 2000n + b) / (2n * b))
  const share =
    perMille === 0 ? "< 0.1" : perMille >= 10_000 ? formatCount(Math.round(perMille / 10)) : (perMille / 10).toFixed(1)
  return { ...difference, words: `${perMille === 0 ? "" : sign}${share} %` }
}
