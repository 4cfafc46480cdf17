import fc from "fast-check"
import { expect, test } from "vitest"
import { segmentToRun, traceHref, unpricedHref, unpricedKey } from "@/components/data/href"

const pathOf = (run: string) => traceHref(null, run).split("?")[0] as string

test("every run has an address of its own, and the one that the page of comparisons has is nobody's", () => {
  const ids = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom("compare", "~compare", "~~compare", "~", "a/b", "%63"),
  )
  fc.assert(
    fc.property(ids, (run) => {
      const path = pathOf(run)
      expect(path).not.toBe("/runs/compare")
      expect(segmentToRun(decodeURIComponent(path.slice("/runs/".length)))).toBe(run)
    }),
  )
})

test("other ids stand in their address as they are", () => {
  expect(pathOf("compare-2")).toBe("/runs/compare-2")
  expect(pathOf("~x")).toBe("/runs/~x")
})

test("the way to a missing price names the model whatever stands in its name", () => {
  const href = unpricedHref("p", 'a"b', "x&price=y/z")
  const query = new URLSearchParams(href.split("?")[1])
  expect(query.getAll("price")).toEqual([unpricedKey('a"b', "x&price=y/z")])
  expect(unpricedKey("a", "b/c")).not.toBe(unpricedKey("a/b", "c"))
})
