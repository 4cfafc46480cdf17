import { describe, expect, it } from "vitest"
import { againstWords, changeWords, deltaOf } from "./words"

describe("a delta", () => {
  it.each([
    ["112", "100", "+12 %"],
    ["88", "100", "\u221212 %"],
    ["100", "100", "unchanged"],
    ["5", "0", "new"],
    ["100.1", "100", "+0.1 %"],
    ["1200", "100", "×12"],
    ["0", "3", "\u2212100 %"],
  ])("%s against %s is %s", (now, before, text) => {
    expect(deltaOf(now, before).text).toBe(text)
  })

  it("is not known where one side is not: unpriced is no zero", () => {
    expect(deltaOf(null, "1").text).toBeNull()
    expect(deltaOf("1", null).text).toBeNull()
  })

  it("rounds what binary floats would not hold", () => {
    expect(deltaOf("0.30000000000000000000003", "0.3").text).toBe("nearly unchanged")
  })
})

describe("what a period is compared with", () => {
  const now = Date.parse("2026-11-20T09:20:00Z")
  const earlier = (against: "yesterday" | "last_week" | "last_month", from: string, to: string) => ({
    against,
    range: { from, to },
    cost: "1",
    calls: 1,
    unpriced_calls: 0,
  })
  it("names the stretch in the zone of the board", () => {
    expect(
      againstWords(earlier("last_week", "2026-11-12T18:15:00Z", "2026-11-13T09:15:00Z"), "Asia/Kathmandu", now),
    ).toBe("Fri last week to 15:00")
    expect(againstWords(earlier("yesterday", "2026-11-19T00:00:00Z", "2026-11-19T09:15:00Z"), "UTC", now)).toBe(
      "yesterday to 09:15",
    )
    expect(againstWords(earlier("last_month", "2026-10-01T00:00:00Z", "2026-10-20T09:15:00Z"), "UTC", now)).toBe(
      "last month to 20 Oct 09:15",
    )
  })
})

describe("a change in words", () => {
  const change = (now: string | null, before: string | null, size: string, calls = 5, callsBefore = 5) => ({
    workflow: null,
    value: "m",
    now,
    before,
    change: size,
    calls,
    calls_before: callsBefore,
    unpriced_calls: 0,
  })
  it.each([
    [change("35.4", "23.1", "12.3"), "rose by $12.30 (+53 %) to $35.40"],
    [change("23.1", "35.4", "-12.3"), "fell by $12.30 (\u221235 %) to $23.10"],
    [change("3.2", "0", "3.2", 4, 0), "is new at $3.20"],
    [change("0", "4", "-4", 0, 9), "is gone; it was $4.00"],
    [change("0", "0", "0", 0, 0), "is nothing, as before"],
    [change("2", "2", "0"), "is unchanged at $2.00"],
    [change(null, "4", "-4"), "has no price now; it was $4.00"],
    [change("4", null, "4"), "is $4.00; it had no price before"],
    [change("7", "0", "7"), "rose by $7.00 from nothing to $7.00"],
  ])("%#: %s", (given, words) => {
    expect(changeWords(given, "USD")).toBe(words)
  })
})
