import { describe, expect, test } from "vitest"
import { barOf, flawsOf, readingSlices } from "@/components/trace/read-trace"
import { beyond, crowdOf, timeTicks } from "@/components/trace/scale"
import { at, span, T0 } from "@/components/trace/testing"
import { atOnce, buildTrace } from "@/components/trace/tree"

const DAY = 86_400
/** Calls of a second, one at each of these seconds. */
const calls = (...seconds: number[]) =>
  buildTrace(seconds.map((second, i) => span(`s${i}`, { started_at: at(second), ended_at: at(second + 1) })))
const MINUTE = Array.from({ length: 12 }, (_, i) => i * 5)

describe("the scale", () => {
  test("holds all where nothing lies far away", () => {
    expect(crowdOf(calls())).toBeNull()
    expect(crowdOf(calls(0))).toBeNull()
    expect(crowdOf(calls(...MINUTE))).toBeNull()
    expect(crowdOf(calls(...MINUTE, 400))).toBeNull()
  })
  test("leaves out a clock that is days off, on either side, and says so", () => {
    const trace = calls(...MINUTE, 3 * DAY, -400 * DAY)
    const crowd = crowdOf(trace)
    expect(crowd).toEqual({ fromMs: T0, toMs: T0 + 56_000 })
    expect(trace.nodes.map((node) => beyond(node, crowd as NonNullable<typeof crowd>)).filter(Boolean)).toEqual([
      "before",
      "after",
    ])
    expect(atOnce(readingSlices(trace))).toMatchObject({ extent: crowd, isCut: true })
    expect(flawsOf(trace, crowd).map(({ text }) => text)).toContain(
      "2 spans lie far from the others in time; the scale leaves them out.",
    )
  })
  test("an end that is days off does not stretch it either, and its span stays on it", () => {
    const trace = buildTrace([
      ...MINUTE.map((second, i) => span(`s${i}`, { started_at: at(second), ended_at: at(second + 1) })),
      span("long", { started_at: at(2), ended_at: at(9 * DAY) }),
    ])
    const crowd = crowdOf(trace) as NonNullable<ReturnType<typeof crowdOf>>
    expect(crowd.toMs).toBe(T0 + 56_000)
    expect(trace.nodes.every((node) => beyond(node, crowd) === null)).toBe(true)
  })
  test("more than one in four is the run itself: it waited, no clock is off", () => {
    expect(crowdOf(calls(0, 1, 2, 3 * DAY, 3 * DAY + 1))).toBeNull()
  })
})

describe("the lines of the scale", () => {
  const texts = (whole: number) => timeTicks({ fromMs: T0, toMs: T0 + whole }).labels.map(({ text }) => text)
  test("stand at round times, five steps at most, in one unit", () => {
    expect(texts(1)).toEqual(["0", "1 ms"])
    expect(texts(730)).toEqual(["0", "200 ms", "400 ms", "600 ms"])
    expect(texts(2_100)).toEqual(["0", "0.5 s", "1 s", "1.5 s", "2 s"])
    expect(texts(103_400)).toEqual(["0", "30 s", "60 s", "90 s"])
    expect(texts(25 * 60_000)).toEqual(["0", "5 min", "10 min", "15 min", "20 min", "25 min"])
    expect(texts(14 * 3_600_000)).toEqual(["0", "3 h", "6 h", "9 h", "12 h"])
    expect(texts(800 * DAY * 1000)).toEqual(["0", "200 d", "400 d", "600 d", "800 d"])
    for (let whole = 1; whole < 1e12; whole = Math.ceil(whole * 1.37)) {
      const { labels } = timeTicks({ fromMs: 0, toMs: whole })
      expect(labels.length).toBeGreaterThan(1)
      expect(labels.length).toBeLessThanOrEqual(6)
      for (const { text } of labels) expect(text).toMatch(/^(0|\d{1,5}(\.\d{1,2})? (ms|s|min|h|d))$/)
    }
  })
  test("stand where a bar of that time ends", () => {
    const trace = calls(0, 29)
    const extent = { fromMs: T0, toMs: T0 + 103_400 }
    const { apart, labels } = timeTicks(extent)
    const bar = barOf(trace.nodes[1] as (typeof trace.nodes)[number], extent)
    expect(labels[1]).toEqual({ left: apart, text: "30 s" })
    expect(bar.left + bar.width).toBeCloseTo(apart, 1)
  })
})
