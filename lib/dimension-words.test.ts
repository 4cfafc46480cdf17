import { expect, test } from "vitest"
import { filterWords } from "@/lib/dimension-words"

test("filters read as words: few of many values, long ones cut in the middle, none by its own name", () => {
  expect(filterWords({ workflow: ["a"], model: [null, "b"] })).toBe("model b or no model, workflow a")
  expect(filterWords({ team: [null] })).toBe("no team")
  expect(filterWords({ customer: ["a", "b", "c", "d"] })).toBe("customer a or b or 2 more")
  expect(filterWords({ step: ["W".repeat(500)] }).length).toBeLessThan(60)
})
