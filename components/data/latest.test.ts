import { expect, it } from "vitest"
import { latestOf } from "@/components/data/latest"

it("the act begun last speaks, whether it was refused or not", () => {
  const never = { submittedAt: 0, error: null }
  const refused = { submittedAt: 10, error: new Error("It is gone.") }
  const done = { submittedAt: 20, error: null }
  expect(latestOf(refused, done, never).error).toBeNull()
  expect(latestOf(never, refused)).toBe(refused)
})
