import { toPixels } from "@/lib/money"

export type Sparkline = {
  /** Lines between neighbouring known days, as SVG path data; a day that is not known breaks the line. */
  path: string
  /** Known days without a known neighbour: a line of one point is a dot. */
  lone: { x: number; y: number }[]
  /** Today so far; null when its calls have no price. */
  last: { x: number; y: number } | null
  band: { y: number; height: number } | null
}

const PAD = 3

/**
 * Days before today, today so far, and the band of what is usual, in a box of `width` by `height`. The axis begins at zero.
 * @param days oldest first; null = not known, which is a gap and no zero.
 */
export function prepareSparkline(
  days: readonly (string | null)[],
  today: string | null,
  band: { low: string; high: string } | null,
  width: number,
  height: number,
): Sparkline {
  const values = days.map(toPixels)
  const end = toPixels(today)
  const [low, high] = [toPixels(band?.low ?? null), toPixels(band?.high ?? null)]
  const top = Math.max(end ?? 0, high ?? 0, ...values.map((value) => value ?? 0)) || 1
  const step = (width - 2 * PAD) / Math.max(1, values.length)
  const x = (i: number) => round(PAD + i * step)
  const y = (value: number) => round(height - PAD - (value / top) * (height - 2 * PAD))
  let path = ""
  const lone: Sparkline["lone"] = []
  values.forEach((value, i) => {
    if (value === null) return
    const [before, after] = [values[i - 1] ?? null, values[i + 1] ?? null]
    if (before === null && after === null) lone.push({ x: x(i), y: y(value) })
    else path += `${before === null ? "M" : "L"}${x(i)} ${y(value)}`
  })
  return {
    path,
    lone,
    last: end === null ? null : { x: x(values.length), y: y(end) },
    band: low === null || high === null ? null : { y: y(high), height: Math.max(1, round(y(low) - y(high))) },
  }
}

const round = (n: number) => Math.round(n * 10) / 10
