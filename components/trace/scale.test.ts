import { describe, expect, test } from "vitest"
import { flawsOf, readingSlices } from "@/components/trace/read-trace"
import { beyond, crowdOf } from "@/components/trace/scale"
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
