import { describe, expect, test } from "vitest"
import { changeShare, changeText, closedSentence } from "@/components/reports/words"
import type { PeriodDetail } from "@/lib/contracts/periods"

describe("month over month in words", () => {
  test.each([
    ["12.3", "+$12.30"],
    ["-4", "−$4.00"],
    ["0", "±$0.00"],
    ["-0.000012", "−$0.000012"],
  ])("%s is %s", (change, text) => expect(changeText(change, "USD")).toBe(text))

  test.each([
    ["8.6", "100", "+8.6 %"],
    ["-8.6", "100", "−8.6 %"],
    ["0", "100", "0.0 %"],
    ["240", "100", "+240 %"],
    ["100", "100", "+100.0 %"],
    ["99.99", "100", "+100 %"],
    ["0.00000000000000000000001", "100", "+< 0.1 %"],
    ["123456", "0.1", "+123,456,000 %"],
    ["5", "0", null],
    [null, "1", null],
    ["1", null, null],
  ])("%s of %s is %s", (change, before, text) => expect(changeShare(change, before)).toBe(text))
})

test("a closed month says what moved since, and that nothing did", () => {
  const sums = { cost: "12.3", calls: 3, unpriced_calls: 0 }
  const detail = (now: Partial<typeof sums>) =>
    ({
      last: { ...sums },
      now: { ...sums, ...now },
      currency: "USD",
      is_equal: now.cost === undefined && now.unpriced_calls === undefined,
      moved_on: 3 - (now.calls ?? 3),
    }) as PeriodDetail
  expect(closedSentence(detail({}))).toBe("The same, to the last digit.")
  expect(closedSentence(detail({ calls: 1 }))).toBe(
    "The same, to the last digit; 2 calls without a cost moved on to where the cost is booked.",
  )
  expect(closedSentence(detail({ cost: "10.3" }))).toBe("$10.30: −$2.00 since it was closed.")
  expect(closedSentence(detail({ calls: 4, unpriced_calls: 1 }))).toBe("The same sum in 4 calls, 1 without a price.")
})
