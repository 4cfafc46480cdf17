/** SVG path data in a box of 1000 by 1000 that is stretched over the plot; y grows downwards. Decides nothing about money or time. */
export const BOX = 1000
/** One pixel of a plot of 240: the gap of paper between marks of a stack, which slivers do without. */
const PIXEL = BOX / 240

const round = (n: number) => Math.round(n * 100) / 100
const y = (share: number) => round(BOX - share * BOX)

export type Band = { from: number; to: number } | null

/** Bars of one series, `bands` as shares of the axis; the indexes that `only` keeps. */
export function barsPath(bands: readonly Band[], only: (index: number) => boolean): string {
  const width = BOX / bands.length
  const gap = bands.length > 200 ? 0 : width * 0.09
  return bands
    .flatMap((band, i) => {
      if (!band || band.to <= band.from || !only(i)) return []
      const height = (band.to - band.from) * BOX
      const cut = height > 3 * PIXEL ? PIXEL : 0
      const [left, w] = [round(i * width + gap), round(width - 2 * gap)]
      return [`M${left} ${y(band.from)}v${-round(height - cut)}h${w}v${round(height - cut)}z`]
    })
    .join("")
}

/** A stacked area that reaches each value at its bucket's end and begins at nothing. */
export function areaPath(bands: readonly Band[]): string {
  const width = BOX / bands.length
  const points = bands.map((band, i) => ({ x: round((i + 1) * width), band: band ?? { from: 0, to: 0 } }))
  const over = points.map(({ x, band }) => `L${x} ${y(band.to)}`).join("")
  const under = points
    .toReversed()
    .map(({ x, band }) => `L${x} ${y(band.from)}`)
    .join("")
  return `M0 ${BOX}${over}${under}Z`
}

/** A line through known values; a gap breaks it, and a value without neighbours is a dot (a line of no length with round ends). */
export function linePath(
  values: readonly (number | null)[],
  buckets: number,
  at: "middle" | "end",
): { line: string; dots: string } {
  const width = BOX / Math.max(1, buckets)
  const x = (i: number) => round((i + (at === "end" ? 1 : 0.5)) * width)
  let line = ""
  let dots = ""
  for (const [i, value] of values.entries()) {
    if (value === null) continue
    const isFirst = (values[i - 1] ?? null) === null
    if (isFirst && (values[i + 1] ?? null) === null) dots += `M${x(i)} ${y(value)}h.01`
    else line += `${isFirst ? "M" : "L"}${x(i)} ${y(value)}`
  }
  return { line, dots }
}

export const dotBand = (value: number | null): Band => (value === null ? null : { from: value, to: value })

/** Where the label of a series belongs: its newest mark, if that is tall enough for one. */
export function endOf(bands: readonly Band[], isStack: boolean): number | null {
  // The bucket that is still filling may hold nothing yet.
  const last = bands.at(-1) ?? bands.at(-2)
  if (!last || (isStack && last.to - last.from < 0.03)) return null
  return (last.from + last.to) / 2
}

/** Labels at the line's end where there is room: the ones that would cover a greater one's are left out. */
export function endLabels<T extends { end: number | null }>(items: readonly T[]): (T & { end: number })[] {
  const placed: (T & { end: number })[] = []
  for (const item of items) {
    const { end } = item
    if (end !== null && placed.every((other) => Math.abs(other.end - end) >= 16 / 240)) placed.push({ ...item, end })
  }
  return placed
}
