import { describe, expect, test } from "vitest"
import { LAG_LIMITS, lagWithin } from "./lag"

describe("how late the greater part came", () => {
  const counts = (...given: number[]) => Array.from({ length: LAG_LIMITS.length + 1 }, (_, i) => given[i] ?? 0)
  test("the first limit that holds the share", () => {
    expect(lagWithin(counts(10), 0.5)).toBe(1_000)
    expect(lagWithin(counts(5, 5), 0.5)).toBe(1_000)
    expect(lagWithin(counts(4, 6), 0.5)).toBe(5_000)
    expect(lagWithin(counts(19, 0, 1), 0.95)).toBe(1_000)
    expect(lagWithin(counts(18, 1, 1), 0.95)).toBe(5_000)
    expect(lagWithin(counts(94, 0, 0, 6), 0.95)).toBe(120_000)
  })
  test("beyond every limit is beyond, and nothing is nothing", () => {
    expect(lagWithin(counts(0, 0, 0, 0, 0, 0, 0, 0, 3), 0.5)).toBe(Number.POSITIVE_INFINITY)
    expect(lagWithin(counts(1, 0, 0, 0, 0, 0, 0, 0, 1), 0.95)).toBe(Number.POSITIVE_INFINITY)
    expect(lagWithin(counts(), 0.5)).toBeNull()
  })
})
