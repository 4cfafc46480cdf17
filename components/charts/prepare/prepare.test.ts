import { describe, expect, test } from "vitest"
import { hueOf, paintSeries } from "@/components/charts/prepare/colour"

describe("colour", () => {
  test("belongs to the key, not to its place", () => {
    expect(paintSeries(["x", "y"])[1]?.fill).toBe(`var(--series-${hueOf("y")})`)
    expect(paintSeries(["y"])[0]?.fill).toBe(`var(--series-${hueOf("y")})`)
  })
  test("is spread over all eight hues", () => {
    const hues = new Set(Array.from({ length: 200 }, (_, i) => hueOf(JSON.stringify([`model-${i}`]))))
    expect([...hues].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })
  test("where two keys share a hue the later one takes another shade", () => {
    const names = Array.from({ length: 9 }, (_, i) => `n${i}`)
    expect(new Set(paintSeries(names).map((paint) => paint.fill)).size).toBe(9)
  })
})
