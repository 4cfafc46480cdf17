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
    expect(share.series.map((line) => line.label)).toEqual(["loud", "no check"])
  })
  test("a bucket without a verdict is a gap: a check that broke or was skipped says nothing of the work", () => {
    expect(share.buckets.map((bucket) => bucket.shares.c0)).toEqual([25, null, null])
    expect(share.gapCount).toBe(1)
  })
  test("lines are straight through known shares, and a point without neighbours is a dot", () => {
    const course = (...shares: (number | null)[]) =>
      preparePassShare(
        {
          ...answer,
          groups: [
            group(
              "a",
              shares.map((n) => (n === null ? counts(0, 0, 1) : counts(n, 100 - n))),
            ),
          ],
        },
        NOON,
      ).series[0]
    expect(course(0, 50, 100)).toMatchObject({ path: "M166.67 1000L500 500L833.33 0", dots: "" })
    expect(course(0, null, 100)).toMatchObject({ path: "", dots: "M166.67 1000h.01M833.33 0h.01" })
    expect(course(null, 50, 0)).toMatchObject({ path: "M500 500L833.33 1000", dots: "" })
  })
  test("the scale begins at nothing unless every point is high, and says where it does", () => {
    expect([share.floor, share.foot, share.ticks[0]]).toEqual([0, "zero", { share: 0, label: "0 %" }])
    const high = preparePassShare(
      { ...answer, groups: [group("a", [counts(99, 1), counts(0, 0), counts(17, 3)])] },
      NOON,
    )
    expect([high.floor, high.foot]).toEqual([80, "cut"])
    expect(high.ticks.map((tick) => tick.label)).toEqual(["80 %", "85 %", "90 %", "95 %", "100 %"])
    expect(high.ticks.at(-1)?.share).toBe(1)
    expect(high.buckets.map((bucket) => bucket.bands.c0?.to)).toEqual([0.95, undefined, 0.25])
  })
  test("a bucket says its counts; what gave no verdict is beside the share, and nothing at all is silent", () => {
    const [first, , last] = share.buckets
    expect(first?.texts).toEqual({ c0: "25.0 %, 1 of 4", c1: "100.0 %, 1 of 1" })
    expect(share.buckets[1]?.texts).toEqual({ c0: "no verdict, 2 could not verify" })
    expect(last?.texts.c0).toBe("no verdict, 1 could not verify")
  })
  test("no more lines than there are hues", () => {
    const many = Array.from({ length: 11 }, (_, i) => group(`check ${i}`, [counts(1, 0), counts(1, 0), counts(1, 0)]))
    const model = preparePassShare({ ...answer, groups: many, group_count: 11 }, NOON)
    expect(model.series.map((line) => line.label)).toEqual(many.slice(0, 8).map((one) => one.name))
  })
  test("lines are named at their ends where none would be taken for another", () => {
    const ending = (...last: number[]) =>
      preparePassShare(
        { ...answer, groups: last.map((n, i) => group(`check ${i}`, [counts(1, 0), counts(n, 100 - n)])) },
        NOON - 86_400_000,
      ).labels.map((label) => label.label)
    expect(ending(100, 60)).toEqual(["check 0", "check 1"])
    expect(ending(100, 60, 100)).toEqual([])
  })
  test("nothing in the range is an empty sheet, not a fault", () => {
    const model = preparePassShare({ ...answer, buckets: [], groups: [] }, NOON)
    expect([model.series, model.buckets, model.marks, model.open]).toEqual([[], [], [], null])
  })
  test("the bucket that is still filling is open", () => {
    expect(share.buckets.map((bucket) => bucket.isOpen)).toEqual([false, false, true])
    expect(share.open).toMatchObject({ left: 2 / 3, height: null })
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
    expect(marked.marks?.map((mark) => Math.round(mark.at * 6))).toEqual([3, 5])
    expect(marked.marks?.[0]?.text.length).toBeLessThanOrEqual(14)
    expect(marked.marks?.[1]?.text).toBe("2 + 1")
    expect(marked.marks?.[1]?.title).toBe("loud got worse with w 2; loud got worse with w 3")
  })
})
