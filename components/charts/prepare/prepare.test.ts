import { describe, expect, test } from "vitest"
import { hueOf, paintSeries } from "@/components/charts/prepare/colour"
import { preparePassShare } from "@/components/charts/prepare/pass-share"
import type { VerificationSeries } from "@/lib/contracts/read"

const DAYS = ["2026-11-18T00:00:00.000Z", "2026-11-19T00:00:00.000Z", "2026-11-20T00:00:00.000Z"]
const NOON = Date.parse("2026-11-20T12:00:00Z")

describe("colour", () => {
  test("belongs to the key, not to its place", () => {
    expect(paintSeries(["x", "y"])[1]?.fill).toBe(`var(--series-${hueOf("y")})`)
    expect(paintSeries(["y"])[0]?.fill).toBe(`var(--series-${hueOf("y")})`)
  })
  test("is spread over all eight hues", () => {
    const hues = new Set(Array.from({ length: 200 }, (_, i) => hueOf(JSON.stringify([`model-${i}`]))))
    expect([...hues].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })
  test("where two keys share a hue the later one takes another shade", () => {
    const names = Array.from({ length: 9 }, (_, i) => `n${i}`)
    expect(new Set(paintSeries(names).map((paint) => paint.fill)).size).toBe(9)
  })
})

describe("pass share", () => {
  const counts = (passed: number, failed: number, error = 0) => ({ passed, failed, error, skipped: 0 })
  const answer: VerificationSeries = {
    range: { from: DAYS[0] as string, to: "2026-11-21T00:00:00.000Z", is_snapped: false },
    tz: "UTC",
    grain: "day",
    buckets: DAYS,
    checks: [
      { check: "quiet", ...counts(3, 0), series: [counts(1, 0), counts(1, 0), counts(1, 0)] },
      { check: "loud", ...counts(1, 3, 2), series: [counts(1, 3), counts(0, 0, 2), counts(0, 0)] },
    ],
  }
  const share = preparePassShare(answer, NOON)

  test("the check with most failures stands first", () => {
    expect(share.lines.map((line) => line.check)).toEqual(["loud", "quiet"])
  })
  test("a bucket without a verdict is a gap: a check that broke says nothing of the work", () => {
    expect(share.buckets.map((bucket) => bucket.shares.c0)).toEqual([25, null, null])
  })
  test("a point without neighbours is marked, so that it is seen", () => {
    expect(share.buckets[0]?.lone).toEqual(["c0"])
  })
})
