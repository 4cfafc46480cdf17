import { describe, expect, test } from "vitest"
import { OTHER_PAINT } from "@/components/charts/prepare/colour"
import { prepareSpendBars } from "@/components/charts/prepare/spend-bars"
import { labelledIndexes, moneyTickLabels, niceTicks } from "@/components/charts/prepare/ticks"
import { groupOf, spendOf } from "@/components/spend/testing"
import type { SpendGroup } from "@/lib/contracts/read"
import { sumMoney } from "@/lib/money"

const DAYS = ["2026-11-18T00:00:00.000Z", "2026-11-19T00:00:00.000Z", "2026-11-20T00:00:00.000Z"]
const NOON = Date.parse("2026-11-20T12:00:00Z")
const group = (key: string | null, costs: (string | null)[], isOther = false): SpendGroup =>
  groupOf(isOther ? [] : [key], costs, { is_other: isOther })

describe("stacked spend", () => {
  const answer = spendOf([
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
