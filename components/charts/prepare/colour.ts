/** Hues that can be told apart: no chart draws more series than these. */
export const MOST_SERIES = 8

/** How one series is painted: its hue from a stable hash of its key, and a shade that only tells two series of one hue apart on the same chart. */
export type Paint = { fill: string; shade: 0 | 1 | 2 }

export const OTHER_PAINT: Paint = { fill: "var(--series-other)", shade: 0 }

/** FNV-1a over UTF-16 units: small, even, and the same in every process and release. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  // The low bits of FNV alone are uneven for short names.
  value ^= value >>> 15
  value = Math.imul(value, 0x2c1b3c6d)
  return (value ^ (value >>> 12)) >>> 0
}

/** What a series is known by on every page: the values that it stands for. */
export const seriesKey = (values: readonly (string | null)[]): string => JSON.stringify(values)

/** 1 to 8: the hue that a key has on every page, whatever stands beside it. */
export function hueOf(key: string): number {
  return (hash(key) % MOST_SERIES) + 1
}

/** Paints for the keys of one chart, in their order; where hues meet, the later ones take another shade of the same hue. */
export function paintSeries(keys: readonly string[]): Paint[] {
  const used = new Map<number, number>()
  return keys.map((key) => {
    const hue = hueOf(key)
    const times = used.get(hue) ?? 0
    used.set(hue, times + 1)
    const shade = (times % 3) as 0 | 1 | 2
    return { fill: shaded(`var(--series-${hue})`, shade), shade }
  })
}

function shaded(colour: string, shade: 0 | 1 | 2): string {
  if (shade === 0) return colour
  return `color-mix(in oklab, ${colour} 55%, ${shade === 1 ? "var(--paper)" : "var(--ink-12)"})`
}
