/** Round values from zero to at least `max`, about `count` of them: 1, 2 or 5 times a power of ten apart, and no less than `least`. */
export function niceTicks(max: number, least = 0, count = 5): number[] {
  if (!(max > 0)) return [0, 1]
  const rough = max / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const unit = [1, 2, 5, 10].find((step) => step * power >= rough) ?? 10
  const step = Math.max(least, unit * power)
  const decimals = decimalsOf(step)
  const steps = Math.ceil(max / step - 1e-9)
  return Array.from({ length: steps + 1 }, (_, i) => Number((i * step).toFixed(decimals)))
}

/** All ticks of an axis with one unit and as many decimals as its step needs. */
export function moneyTickLabels(ticks: readonly number[], currency: string): string[] {
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0)
  const [unit, size] = step >= 1e6 ? ["M", 1e6] : step >= 1e3 ? ["k", 1e3] : ["", 1]
  const least = decimalsOf(step / Number(size))
  // Money of one decimal reads as a slip: $0.40, not $0.4.
  const decimals = least === 1 && size === 1 ? 2 : least
  const symbol = currency === "USD" ? "$" : `${currency} `
  return ticks.map(
    (tick) => `${symbol}${(tick / Number(size)).toFixed(tick === 0 ? 0 : decimals)}${tick === 0 ? "" : unit}`,
  )
}

/** The same of counts: `0`, `500k`, `1M`; steps below one are no counts. */
export function countTickLabels(ticks: readonly number[]): string[] {
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0)
  const [unit, size] = (
    [
      ["T", 1e12],
      ["G", 1e9],
      ["M", 1e6],
      ["k", 1e3],
    ] as const
  ).find(([, s]) => step >= s) ?? ["", 1]
  const decimals = decimalsOf(step / size)
  return ticks.map((tick) => (tick === 0 ? "0" : `${(tick / size).toFixed(decimals)}${unit}`))
}

function decimalsOf(step: number): number {
  return Math.min(12, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)))
}

/** Indexes of the labels to draw: at most `most`, evenly apart, counted from the last so that the newest is named. */
export function labelledIndexes(length: number, most: number): Set<number> {
  const every = Math.max(1, Math.ceil(length / most))
  const indexes = new Set<number>()
  for (let i = length - 1; i >= 0; i -= every) indexes.add(i)
  return indexes
}
