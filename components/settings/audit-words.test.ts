import { expect, test } from "vitest"
import { changeLines } from "@/components/settings/audit-words"

test("a change is told field by field, what differs only; the row's own fields last", () => {
  const before = { id: 1, version: 1, name: "All", amount: "4000", tags: ["a"], note: null }
  const after = { id: 1, version: 2, name: "All", amount: "5000", tags: ["a", "b"], note: "" }
  expect(changeLines(before, after)).toEqual({
    first: ["amount: 4000 → 5000", 'tags: ["a"] → ["a","b"]'],
    rest: ["version: 1 → 2"],
  })
})
test("what was made or removed is told with the values that it has", () => {
  expect(changeLines(null, { name: "x", end: null, on: false })).toMatchObject({ first: ["name: x", "on: false"] })
  expect(changeLines({ name: "x" }, undefined)).toMatchObject({ first: ["name: x"] })
})
test("a field that came or went says so", () => {
  expect(changeLines({ a: 1 }, { b: 2 })).toMatchObject({ first: ["a: 1 → –", "b: – → 2"] })
  expect(changeLines({}, { a: 1, b: 2, c: 3, d: 4 }).rest).toEqual(["d: – → 4"])
})
test("what is no object is told as it is", () => {
  expect(changeLines("admin", "viewer")).toEqual({ first: ["admin → viewer"], rest: [] })
  expect(changeLines(null, ["x"])).toEqual({ first: ['["x"]'], rest: [] })
  expect(changeLines(null, null)).toEqual({ first: [], rest: [] })
})
