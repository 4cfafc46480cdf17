import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"

/** The colours of `tokens.css`, read as a browser reads them: WCAG 2 contrast of each pair that the styles put together, in both themes. */
type Theme = "light" | "dark"
type Oklch = [lightness: number, chroma: number, hue: number]
const css = readFileSync(fileURLToPath(new URL("./tokens.css", import.meta.url)), "utf8")

const tokens = new Map<string, Record<Theme, Oklch>>()
const OKLCH = String.raw`oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)`
for (const [, name = "", ...numbers] of css.matchAll(
  new RegExp(`--([\\w-]+): light-dark\\(${OKLCH}, ${OKLCH}\\)`, "g"),
)) {
  const [a, b, c, d, e, f] = numbers.map(Number) as [number, number, number, number, number, number]
  tokens.set(name, { light: [a, b, c], dark: [d, e, f] })
}
for (const [, name = "", other = ""] of css.matchAll(/^ {2}--([\w-]+): var\(--([\w-]+)\);$/gm)) {
  const target = tokens.get(other)
  if (target && !tokens.has(name)) tokens.set(name, target)
}

function luminance([lightness, chroma, hue]: Oklch): number {
  const angle = (hue * Math.PI) / 180
  const a = chroma * Math.cos(angle)
  const b = chroma * Math.sin(angle)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const clip = (value: number) => Math.min(1, Math.max(0, value))
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s)
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s)
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(theme: Theme, one: string, other: string): number {
  const [a, b] = [one, other].map((name) => {
    const token = tokens.get(name)
    if (!token) throw new Error(`no token --${name}`)
    return luminance(token[theme])
  }) as [number, number]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

const STATES = ["verified", "running", "unproven", "alarm", "failed", "halted", "quarantined", "unchecked", "silent"]
/** What lies under text: page, panel, hovered and selected row, pressed segment. */
const GROUNDS = ["paper", "ink-1", "ink-2", "ink-3", "ink-4"]
const SERIES = Array.from({ length: 8 }, (_, i) => `series-${i + 1}`)

describe.each(["light", "dark"] as const)("the %s theme", (theme) => {
  const tooFaint = (pairs: readonly (readonly [string, string])[], least: number) =>
    pairs.flatMap(([ink, ground]) => {
      const found = contrast(theme, ink, ground)
      return found < least ? [`${ink} on ${ground}: ${found.toFixed(2)}`] : []
    })

  test("knows black from white", () => {
    tokens.set("black", { light: [0, 0, 0], dark: [0, 0, 0] })
    tokens.set("white", { light: [1, 0, 0], dark: [1, 0, 0] })
    expect(contrast(theme, "black", "white")).toBeCloseTo(21, 1)
    expect(tokens.size).toBeGreaterThan(40)
  })

  test("text is 4.5 : 1 on every ground", () => {
    const inks = ["ink-10", "ink-11", "ink-12"]
    expect(
      tooFaint(
        inks.flatMap((ink) => GROUNDS.map((ground) => [ink, ground] as const)),
        4.5,
      ),
    ).toEqual([])
    expect(
      tooFaint(
        [
          ["paper", "ink-12"],
          ["paper", "ink-11"],
          ["ink-12", "running-tint"],
        ],
        4.5,
      ),
    ).toEqual([])
  })

  test("words of a state are 4.5 : 1 on every ground and on their own tint", () => {
    const pairs = STATES.flatMap((state) => [...GROUNDS, `${state}-tint`].map((ground) => [state, ground] as const))
    expect(tooFaint(pairs, 4.5)).toEqual([])
  })

  test("text is 4.5 : 1 on every tint", () => {
    const pairs = STATES.flatMap((state) => ["ink-11", "ink-12"].map((ink) => [ink, `${state}-tint`] as const))
    expect(tooFaint(pairs, 4.5)).toEqual([])
  })

  test("the focus ring and the quietest signs are 3 : 1 on every ground", () => {
    expect(
      tooFaint(
        ["focus", "ink-9"].flatMap((ink) => GROUNDS.map((g) => [ink, g] as const)),
        3,
      ),
    ).toEqual([])
  })

  test("series stand out of the panel 3 : 1; the rest may recede, the table beside has its figures", () => {
    expect(
      tooFaint(
        SERIES.map((name) => [name, "paper"] as const),
        3,
      ),
    ).toEqual([])
    expect(tooFaint([["series-other", "paper"]], 1.5)).toEqual([])
  })
})
