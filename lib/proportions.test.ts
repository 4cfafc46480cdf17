import { describe, expect, test } from "vitest"
import { differenceOf, fallOf, wilson } from "./proportions"

const of = (text: string) => {
  const [part = 0, whole = 0] = text.split("/").map(Number)
  return { part, whole }
}

describe("intervals of shares", () => {
  // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I, method 3.
  test.each([
    ["81/263", 0.2553, 0.3662],
    ["15/148", 0.0624, 0.1605],
    ["0/20", 0, 0.1611],
    ["1/29", 0.0061, 0.1718],
  ])("Wilson of %s", (share, low, high) => {
    expect(wilson(of(share)).low).toBeCloseTo(low, 4)
    expect(wilson(of(share)).high).toBeCloseTo(high, 4)
  })

  // Newcombe, "Interval estimation for the difference between independent proportions", ibid., table II, method 10.
  test.each([
    ["56/70", "48/80", 0.0524, 0.3339],
    ["9/10", "3/10", 0.1705, 0.809],
    ["6/7", "2/7", 0.0582, 0.8062],
    ["5/56", "0/29", -0.0381, 0.1926],
    ["0/10", "0/20", -0.1611, 0.2775],
    ["0/10", "0/10", -0.2775, 0.2775],
    ["10/10", "0/20", 0.6791, 1],
    ["10/10", "0/10", 0.6075, 1],
  ])("Newcombe of %s and %s", (a, b, low, high) => {
    const interval = differenceOf(of(a), of(b))
    expect(interval.low).toBeCloseTo(low, 4)
    expect(interval.high).toBeCloseTo(high, 4)
  })
})

describe("a fall that is more than chance", () => {
  test("98 % of 412 to 71 % of 96 is one, the way back is none", () => {
    expect(fallOf(of("404/412"), of("68/96"))?.difference).toBeCloseTo(0.2722, 4)
    expect(fallOf(of("68/96"), of("404/412"))).toBeNull()
  })
  test("19 results on either side say nothing, however far apart", () => {
    expect(fallOf(of("19/19"), of("0/400"))).toBeNull()
    expect(fallOf(of("400/400"), of("0/19"))).toBeNull()
    expect(fallOf(of("20/20"), of("0/20"))).not.toBeNull()
  })
  test("a small fall of small numbers may be chance", () => {
    expect(fallOf(of("29/30"), of("27/30"))).toBeNull()
    expect(fallOf(of("2900/3000"), of("2700/3000"))).not.toBeNull()
  })
})
