import { describe, expect, test } from "vitest"
import { OTHER_PAINT } from "@/components/charts/prepare/colour"
import { prepareSpendBars } from "@/components/charts/prepare/spend-bars"
import { labelledIndexes, moneyTickLabels, niceTicks } from "@/components/charts/prepare/ticks"
import { groupOf, pointOf, spendOf } from "@/components/spend/testing"
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
  test("nothing ran is a zero, only unpriced calls are a gap, and the gap is named", () => {
    expect(bars.buckets[1]?.values).toMatchObject({ g0: "0", g1: null })
    expect(bars.buckets[1]?.bands.g1).toBeNull()
    expect(bars.buckets[1]?.unpriced).toEqual(["no model"])
    expect(bars.buckets[1]?.texts.g1).toBe("unpriced")
    expect(bars.gapCount).toBe(1)
  })
  test("the rest past the top is grey and called other", () => {
    expect(bars.series.at(-1)).toMatchObject({ id: "other", label: "other", paint: OTHER_PAINT })
  })
  test("only the bucket that holds now is still filling", () => {
    expect(bars.buckets.map((bucket) => bucket.isOpen)).toEqual([false, false, true])
    expect(prepareSpendBars(answer, NOON + 86_400_000).buckets.some((bucket) => bucket.isOpen)).toBe(false)
  })
  test("a stack stands on what is under it, and reaches its sum", () => {
    const [day] = bars.buckets
    expect(day?.bands.g1?.from).toBe(day?.bands.g0?.to)
    expect((day?.bands.other?.to ?? 0) * 2).toBeCloseTo(1.3)
  })
  test("past eight the series are drawn as one rest, and the sum stays", () => {
    const many = spendOf(Array.from({ length: 12 }, (_, i) => group(`m${i}`, ["1", "2", "3"])))
    const model = prepareSpendBars(many, NOON)
    expect(model.series.map((series) => series.id).slice(-2)).toEqual(["g7", "other"])
    expect(model.buckets.map((bucket) => bucket.values.other)).toEqual(["4", "8", "12"])
    expect(sumMoney(model.buckets.map((bucket) => bucket.total))).toBe(many.total.cost)
  })
  test("summed up, the last bucket is the headline; what has no price adds nothing", () => {
    const model = prepareSpendBars(answer, NOON, "cost", "cumulative")
    expect(model.buckets.at(-1)?.total).toBe(answer.total.cost)
    expect(model.buckets.map((bucket) => bucket.values.g1)).toEqual(["0.2", "0.2", "0.2"])
  })
  test("draws a limit where it is, within the scale, and leaves out one that would flatten what is drawn", () => {
    const model = (limit: string | null) => prepareSpendBars(answer, NOON, "cost", "cumulative", limit)
    const highest = Math.max(...model(null).buckets.map((bucket) => Number(bucket.total ?? 0)))
    expect(model(null).limit).toBeNull()
    expect(model(String(highest * 4)).limit).toBeNull()
    const drawn = model(String(highest * 2))
    expect(drawn.limit).toBeGreaterThan(0.5)
    expect(drawn.limit).toBeLessThanOrEqual(1)
  })
  test("per run: a bucket in which none started is a gap, and the whole is the quotient of the sums", () => {
    const own = [pointOf("6", 2), pointOf("1", 0), pointOf("0", 4)]
    const model = prepareSpendBars(
      spendOf([groupOf(["w"], [], { series: own }), groupOf(["v"], [], { series: own.map(() => pointOf("2", 2)) })]),
      NOON,
      "cost",
      "per_run",
    )
    expect(model.buckets.map((bucket) => bucket.values.g0)).toEqual(["3", null, "0"])
    expect(model.buckets[1]?.texts.g0).toBe("no run")
    expect(model.buckets[0]?.total).toBe("2")
    expect(model.series[0]?.dots).not.toBe("")
  })
  test("tokens and calls are drawn from the same answer and have no gaps", () => {
    const model = prepareSpendBars(answer, NOON, "tokens")
    expect(model.buckets.map((bucket) => bucket.values.g1)).toEqual(["10", "10", "0"])
    expect([model.gapCount, model.buckets[0]?.totalText]).toEqual([0, "30"])
  })
  test("the period before is one thin line over a stack, in the hue of the series when it is alone, bucket by bucket", () => {
    const before = { ...groupOf([], ["2", "4"]), runs: null, series: [pointOf("2"), pointOf("4")] }
    const previous = { range: answer.range, buckets: DAYS.slice(0, 2), total: before }
    const alone = prepareSpendBars(spendOf([groupOf(["a"], ["1", "1", "1"], { previous: before })], { previous }), NOON)
    expect(alone.previous.map((line) => line.paint)).toEqual([alone.series[0]?.paint])
    expect(alone.buckets.map((bucket) => bucket.previousText)).toEqual(["$2.00", "$4.00", null])
    expect(alone.ticks.at(-1)?.share).toBe(1)
    expect(Number.parseFloat(alone.ticks.at(-1)?.label.slice(1) ?? "")).toBeGreaterThanOrEqual(4)
  })
  test("each bucket ends where the next begins, the last with the range", () => {
    expect(bars.buckets.map((bucket) => bucket.until)).toEqual([DAYS[1], DAYS[2], answer.range.to])
  })
})

describe("axes", () => {
  test("ticks are round, start at zero and reach the greatest value", () => {
    expect(niceTicks(87)).toEqual([0, 20, 40, 60, 80, 100])
    expect(niceTicks(220)).toEqual([0, 50, 100, 150, 200, 250])
    expect(niceTicks(0.0031)).toEqual([0, 0.001, 0.002, 0.003, 0.004])
    expect(niceTicks(0)).toEqual([0, 1])
  })
  test("labels of one axis share their unit and decimals", () => {
    expect(moneyTickLabels([0, 0.5, 1], "USD")).toEqual(["$0", "$0.50", "$1.00"])
    expect(moneyTickLabels([0, 2000, 4000], "EUR")).toEqual(["EUR 0", "EUR 2k", "EUR 4k"])
  })
  test("the newest bucket always has its label", () => {
    expect(labelledIndexes(90, 8).has(89)).toBe(true)
    expect(labelledIndexes(90, 8).size).toBeLessThanOrEqual(8)
  })
})
