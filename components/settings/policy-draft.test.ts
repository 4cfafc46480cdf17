import { describe, expect, it } from "vitest"
import {
  asDocument,
  numberOf,
  plainChecks,
  plainSteps,
  readText,
  stepsOf,
  toText,
  valueAt,
  withValue,
} from "./policy-draft"

describe("a draft of a policy", () => {
  it("is text and object alike, and nothing else is one", () => {
    const draft = { max_steps: 4, loop: {} }
    expect(readText(toText(draft))).toEqual(draft)
    for (const text of ["", "[]", "null", "4", "{", '"x"']) expect(readText(text)).toBeNull()
  })

  it("takes a value at a path and gives it back; taking it away takes an empty group along, but not a switch", () => {
    const draft = withValue(withValue({}, "schedule.every_s", 60), "loop.window", 9)
    expect(draft).toEqual({ schedule: { every_s: 60 }, loop: { window: 9 } })
    expect(valueAt(draft, "schedule.every_s")).toBe("60")
    expect(withValue(withValue(draft, "schedule.every_s", undefined), "loop.window", undefined)).toEqual({ loop: {} })
    expect(valueAt({ schedule: [] }, "schedule.every_s")).toBe("")
  })

  it("a number is one, and what is none stays as it was written", () => {
    expect([numberOf("15"), numberOf(" 0.5 "), numberOf("15m"), numberOf(" ")]).toEqual([15, 0.5, "15m", undefined])
  })

  it("steps in a row and names of checks are a list; anything more belongs to the file", () => {
    expect(plainSteps({ steps: stepsOf(["a", "b", "c"]) })).toEqual(["a", "b", "c"])
    expect(plainSteps({})).toEqual([])
    expect(plainSteps({ steps: [{ id: "a" }, { id: "b" }] })).toBeNull()
    expect(plainSteps({ steps: "a" })).toBeNull()
    expect(plainChecks({ required_verifications: [{ name: "rows" }] })).toEqual(["rows"])
    expect(plainChecks({ required_verifications: [{ name: "rows", min_score: 1 }] })).toBeNull()
  })

  it("is put into words only where words can be found for it", () => {
    expect(asDocument({ max_cost_run: "5", steps: [{ id: "a", after: [] }], loop: {} })).not.toBeNull()
    for (const wrong of [{ max_cost_run: "$5" }, { steps: ["a"] }, { steps: [{ id: "a", after: "b" }] }, { loop: 3 }])
      expect(asDocument(wrong)).toBeNull()
  })
})
