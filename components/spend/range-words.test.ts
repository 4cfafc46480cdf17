import { expect, test } from "vitest"
import { inBefore } from "@/components/spend/range-words"

const before = { from: "2026-11-08T00:00:00.000Z", to: "2026-11-14T19:15:00.000Z", is_snapped: false }
const said = (last: Parameters<typeof inBefore>[0]["last"]) =>
  inBefore({ last }, before, "UTC", Date.parse("2026-11-21T19:15:00.000Z"))

test("the period before reads as part of a sentence, whatever it is", () => {
  expect(said("7d")).toBe("in the 7 days before, to the same time")
  expect(said("mtd")).toBe("last month to the same time")
  expect(said("today")).toBe("yesterday to the same time")
  expect(said(null)).toBe("from 8 Nov 00:00 to 14 Nov 19:15")
})
