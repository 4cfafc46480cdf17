import { describe, expect, test } from "vitest"
import { preparePassShare } from "@/components/charts/prepare/pass-share"
import type { ReleaseHistory, VerificationSeries } from "@/lib/contracts/verifications"

const DAYS = ["2026-11-18T00:00:00.000Z", "2026-11-19T00:00:00.000Z", "2026-11-20T00:00:00.000Z"]
const NOON = Date.parse("2026-11-20T12:00:00Z")
const counts = (passed: number, failed: number, error = 0, skipped = 0) => ({ passed, failed, error, skipped })
const group = (name: string | null, series: ReturnType<typeof counts>[]) => ({
  name,
  is_other: false,
  ...series.reduce((a, b) =>
    counts(a.passed + b.passed, a.failed + b.failed, a.error + b.error, a.skipped + b.skipped),
  ),
  series,
})
const answer: VerificationSeries = {
  range: { from: DAYS[0] as string, to: "2026-11-21T00:00:00.000Z", is_snapped: false },
  tz: "UTC",
  grain: "day",
  by: "check",
  buckets: DAYS,
  total: counts(4, 3, 2, 1),
  groups: [
    group("loud", [counts(1, 3), counts(0, 0, 2), counts(0, 0, 0, 1)]),
    group(null, [counts(1, 0), counts(0, 0), counts(1, 0)]),
    { ...group("many", [counts(1, 0)]), series: [] },
  ],
  group_count: 3,
  part: null,
}
const share = preparePassShare(answer, NOON)

describe("pass share", () => {
  test("draws the groups that come with a course, in their order", () => {
    expect(share.lines.map((line) => line.label)).toEqual(["loud", "no check"])
  })
  test("a bucket without a verdict is a gap: a check that broke or was skipped says nothing of the work", () => {
    expect(share.buckets.map((bucket) => bucket.shares.c0)).toEqual([25, null, null])
    expect(share.gapCount).toBe(1)
  })
  test("a point without neighbours is marked, so that it is seen", () => {
    expect(share.buckets.map((bucket) => bucket.lone)).toEqual([["c0", "c1"], [], ["c1"]])
  })
  test("the axis begins at zero unless every point is high", () => {
    expect(share.floor).toBe(0)
    const high = { ...answer, groups: [group("a", [counts(99, 1), counts(0, 0), counts(17, 3)])] }
    expect(preparePassShare(high, NOON).floor).toBe(80)
  })
  test("the bucket that is still filling is open", () => {
    expect(share.buckets.map((bucket) => bucket.isOpen)).toEqual([false, false, true])
  })
  test("a release that made a check worse stands at the bucket of its first result, in a few letters", () => {
    const history = (to: string, at: string): ReleaseHistory => ({
      check: "loud",
      workflow: "w",
      releases: [],
      drop: { from: "1", to, points: 20, low: 10, high: 30, at, run: "r" },
    })
    const marked = preparePassShare(answer, NOON, {
      items: [
        history("release-2026-11-19-with-a-long-name", "2026-11-19T00:00:00.000Z"),
        history("2", "2026-11-20T23:59:59.999Z"),
        history("3", "2026-11-20T01:00:00.000Z"),
        { ...history("4", "2026-11-18T01:00:00.000Z"), drop: null },
      ],
    })
    expect(marked.buckets.map((bucket) => bucket.marks.map((mark) => mark.release))).toEqual([
      [],
      ["release-2026-11-19-with-a-long-name"],
      ["2", "3"],
    ])
    expect(marked.buckets[1]?.markText.length).toBeLessThanOrEqual(14)
    expect(marked.buckets[2]?.markText).toBe("2 + 1")
  })
})
