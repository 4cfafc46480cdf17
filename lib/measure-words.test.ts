import { expect, it } from "vitest"
import { measureWords } from "./measure-words"

it("names the unit of numbers alone, and says nothing where nothing was measured", () => {
  const words = (observed: string | null, limit: string | null, unit: string | null) =>
    measureWords({ observed, limit, unit })
  expect(words("42", "40", "steps")).toEqual({ observed: "observed 42 steps", limit: "limit 40" })
  expect(words("5.000000000001", "5", "USD")?.observed).toBe("observed 5.000000000001 USD")
  expect(words("validate", "success", "step before it")).toEqual({
    observed: "observed validate",
    limit: "limit success",
  })
  expect(words("3", "", null)).toEqual({ observed: "observed 3", limit: null })
  expect([words(null, "4", "s"), words("", "4", "s")]).toEqual([null, null])
})
