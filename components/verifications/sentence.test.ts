import { describe, expect, test } from "vitest"
import type { ReleaseHistory } from "@/lib/contracts/verifications"
import { dropSentence, verificationsSentence } from "./sentence"

const total = (passed: number, failed: number, error = 0, skipped = 0) => ({
  total: { passed, failed, error, skipped },
})

describe("the first line of Verifications", () => {
  test.each([
    [total(0, 0), "Nothing was verified in this range."],
    [total(0, 0, 2, 1), "No check gave a verdict: 3 checks could not verify."],
    [total(1, 0), "The one verification with a verdict passed."],
    [total(1200, 0, 4), "All 1,200 verifications with a verdict passed."],
    [total(3, 1, 9), "1 of 4 verifications failed; 75.0 % passed."],
    [total(0, 1), "1 of 1 verification failed; 0.0 % passed."],
    [total(99_999, 1), "1 of 100,000 verifications failed; > 99.9 % passed."],
  ])("%j", (series, sentence) => expect(verificationsSentence(series)).toBe(sentence))
})

describe("a fall in words", () => {
  const release = (name: string, passed: number, failed: number) => ({
    release: name,
    ...total(passed, failed).total,
    first_at: "2026-11-01T00:00:00.000Z",
  })
  const history: ReleaseHistory = {
    check: "row_count_check",
    workflow: "invoices",
    releases: [release("3.1.0", 404, 8), release("3.2.0", 68, 28)],
    drop: { from: "3.1.0", to: "3.2.0", points: 27.2, low: 18, high: 37, at: "2026-11-02T09:00:00.000Z", run: "r1" },
  }
  test("names both sides with their counts and the release", () => {
    expect(dropSentence(history)).toBe(
      "row_count_check fell from 98.1 % (412) to 70.8 % (96) with release 3.2.0 of invoices.",
    )
    expect(dropSentence({ ...history, workflow: null })).toContain("with release 3.2.0.")
  })
  test("is nothing where nothing fell", () => expect(dropSentence({ ...history, drop: null })).toBeNull())
})
