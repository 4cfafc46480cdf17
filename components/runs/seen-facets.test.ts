import { describe, expect, test } from "vitest"
import { keepSeen } from "@/components/runs/seen-facets"
import type { Facet } from "@/lib/contracts/facets"

const facet = (values: Record<string, number>, value_count = Object.keys(values).length): Facet => ({
  name: "workflow",
  unit: "runs",
  values: Object.entries(values).map(([value, count]) => ({ value, count })),
  value_count,
})
const counts = ([first]: Facet[]) => first?.values.map(({ value, count }) => [value, count])

describe("facets that were seen", () => {
  test("a value keeps its place when a choice leaves nothing of it, and when others come before it", () => {
    const seen = [facet({ invoices: 9, triage: 5, search: 1 })]
    expect(counts(keepSeen(seen, [facet({ search: 4, invoices: 2 })]))).toEqual([
      ["invoices", 2],
      ["triage", 0],
      ["search", 4],
    ])
  })
  test("a new value comes last", () => {
    expect(counts(keepSeen([facet({ a: 1 })], [facet({ b: 8, a: 1 })]))).toEqual([
      ["a", 1],
      ["b", 8],
    ])
  })
  test("what a cut list left out is not known to be none", () => {
    expect(counts(keepSeen([facet({ a: 9, b: 1 })], [facet({ a: 3 }, 40)]))).toEqual([
      ["a", 3],
      ["b", null],
    ])
  })
  test("a facet that is gone counts none, and its number of values holds what is kept", () => {
    expect(counts(keepSeen([facet({ a: 9 })], []))).toEqual([["a", 0]])
    expect(keepSeen([facet({ a: 9, b: 1 })], [facet({ a: 1 })])[0]?.value_count).toBe(2)
  })
})
