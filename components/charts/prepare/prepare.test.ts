import { describe, expect, test } from "vitest"
import { hueOf, OTHER_PAINT, paintSeries } from "@/components/charts/prepare/colour"
import { preparePassShare } from "@/components/charts/prepare/pass-share"
import { prepareSpendBars } from "@/components/charts/prepare/spend-bars"
import { labelledIndexes, moneyTickLabels, niceTicks } from "@/components/charts/prepare/ticks"
import type { Spend, SpendGroup, VerificationSeries } from "@/lib/contracts/read"
import { sumMoney } from "@/lib/money"

const tokens = { input: 0, cache_read: 0, cache_write: 0, output: 0, reasoning: 0, audio_input: 0, audio_output: 0 }
const figures = { reported_cost: "0", computed_cost: "0", unpriced_calls: 0, errors: 0, tokens }
const DAYS = ["2026-11-18T00:00:00.000Z", "2026-11-19T00:00:00.000Z", "2026-11-20T00:00:00.000Z"]
const NOON = Date.parse("2026-11-20T12:00:00Z")

function group(key: string | null, costs: (string | null)[], isOther = false): SpendGroup {
  const series = costs.map((cost) => ({ cost, calls: cost === "0" ? 0 : 1 }))
  return { ...figures, key: isOther ? [] : [key], is_other: isOther, cost: sumMoney(costs), calls: 3, series }
}

function spend(groups: SpendGroup[]): Spend {
  return {
    range: { from: DAYS[0] as string, to: "2026-11-21T00:00:00.000Z", is_snapped: false },
    tz: "UTC",
    currency: "USD",
    grain: "day",
    by: ["model"],
    buckets: DAYS,
    total: { ...figures, cost: sumMoney(groups.map((one) => one.cost)), calls: 6 },
    groups,
    group_count: groups.length,
    unpriced: [],
  }
}

describe("stacked spend", () => {
  const answer = spend([
    group("a", ["0.1", "0", "0.7"]),
    group(null, ["0.2", null, "0"]),
    group("", ["1", "1", "1"], true),
  ])
  const bars = prepareSpendBars(answer, NOON)

  test("the bars add up to the headline, exactly", () => {
    expect(sumMoney(bars.buckets.map((bucket) => bucket.total))).toBe(answer.total.cost)
  })
  test("nothing ran is a zero, only unpriced calls are a gap", () => {
    expect(bars.buckets[1]?.heights).toMatchObject({ g0: 0, g1: null })
    expect(bars.buckets[1]?.unpriced).toEqual(["no model"])
    expect(bars.gapCount).toBe(1)
  })
  test("the rest past the top is grey and called other", () => {
    expect(bars.series.at(-1)).toMatchObject({ id: "other", label: "other", paint: OTHER_PAINT })
  })
  test("only the bucket that holds now is still filling", () => {
    expect(bars.buckets.map((bucket) => bucket.isOpen)).toEqual([false, false, true])
    expect(prepareSpendBars(answer, NOON + 86_400_000).buckets.some((bucket) => bucket.isOpen)).toBe(false)
  })
  test("each bucket ends where the next begins, the last with the range", () => {
    expect(bars.buckets.map((bucket) => bucket.until)).toEqual([DAYS[1], DAYS[2], answer.range.to])
  })
})

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

describe("axes", () => {
  test("ticks are round, start at zero and reach the greatest value", () => {
    expect(niceTicks(87)).toEqual([0, 50, 100])
    expect(niceTicks(0.0031)).toEqual([0, 0.001, 0.002, 0.003, 0.004])
    expect(niceTicks(0)).toEqual([0, 1])
  })
  test("labels of one axis share their unit and decimals", () => {
    expect(moneyTickLabels([0, 0.5, 1], "USD")).toEqual(["$0", "$0.5", "$1.0"])
    expect(moneyTickLabels([0, 2000, 4000], "EUR")).toEqual(["EUR 0", "EUR 2k", "EUR 4k"])
  })
  test("the newest bucket always has its label", () => {
    expect(labelledIndexes(90, 8).has(89)).toBe(true)
    expect(labelledIndexes(90, 8).size).toBeLessThanOrEqual(8)
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
