/** 97.5 % of a normal distribution lie below: the bound of a two-sided 95 % interval. */
const Z = 1.959963984540054

export type Proportion = { part: number; whole: number }
export type Interval = { low: number; high: number }

/**
 * Wilson's 95 % score interval of a share. It stays within 0 and 1 and is honest about small numbers: 3 of 3 is 44 to 100 %.
 * @param proportion integers, `0 <= part <= whole`, `whole > 0`.
 */
export function wilson({ part, whole }: Proportion): Interval {
  const share = part / whole
  const square = Z * Z
  const centre = part + square / 2
  const reach = Z * Math.sqrt(part * (1 - share) + square / 4)
  return {
    low: part === 0 ? 0 : (centre - reach) / (whole + square),
    high: part === whole ? 1 : (centre + reach) / (whole + square),
  }
}

/** Newcombe's 95 % interval of `a - b`, two independent shares: his method 10, from Wilson's intervals, without a correction for continuity. */
export function differenceOf(a: Proportion, b: Proportion): Interval & { difference: number } {
  const [p, q] = [a.part / a.whole, b.part / b.whole]
  const [first, second] = [wilson(a), wilson(b)]
  return {
    difference: p - q,
    low: p - q - Math.hypot(p - first.low, second.high - q),
    high: p - q + Math.hypot(first.high - p, q - second.low),
  }
}

/** Below this many results on either side nothing is said. */
export const ENOUGH = 20

/** How much smaller the second share is, when that is more than chance: both sides have enough results and the interval lies above zero; else null. */
export function fallOf(before: Proportion, after: Proportion): (Interval & { difference: number }) | null {
  if (before.whole < ENOUGH || after.whole < ENOUGH) return null
  const fall = differenceOf(before, after)
  return fall.low > 0 ? fall : null
}
