import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { addFact, deriveRun, NO_FACTS } from "./run-facts"
import { toLedger } from "./testing-events"

const at = (second: number) => `2026-11-20T10:00:${String(second).padStart(2, "0")}Z`
const start = (id: string, second: number, more: object = {}) => ({
  id,
  type: "run.started",
  run: "r",
  at: at(second),
  ...more,
})
const finish = (id: string, second: number, outcome: string, more: object = {}) => ({
  id,
  type: "run.finished",
  run: "r",
  at: at(second),
  outcome,
  ...more,
})
const halt = (id: string, second: number, more: object = {}) => ({
  id,
  type: "run.halted",
  run: "r",
  at: at(second),
  ...more,
})
const derive = (events: readonly object[]) => deriveRun(toLedger(events).reduce(addFact, NO_FACTS))
const brief = (events: readonly object[]) => {
  const { status, start: first, notes } = derive(events)
  return [status, first?.id ?? null, ...notes.map((note) => `${note.code} ${note.event}`)]
}

describe("the first start and the first end count, the rest are notes", () => {
  test("first by number when every one has it, whatever the clocks say", () => {
    const ends = [finish("a", 5, "failed", { seq: 2 }), finish("b", 9, "succeeded", { seq: 1 })]
    expect(brief(ends)).toEqual(["succeeded", null, "second_end a"])
    expect(brief([start("a", 5, { seq: 2 }), start("b", 9, { seq: 1 })])).toEqual(["running", "b", "second_start a"])
  })

  test("by time as soon as one has none; at the same instant by id", () => {
    expect(brief([finish("a", 5, "failed", { seq: 2 }), finish("b", 9, "succeeded")])).toEqual([
      "failed",
      null,
      "second_end b",
    ])
    expect(brief([finish("b", 5, "failed"), finish("a", 5, "cancelled")])).toEqual(["cancelled", null, "second_end b"])
  })

  test("a halt before the end counts, one after it does not", () => {
    expect(brief([finish("b", 9, "succeeded"), halt("a", 5)])).toEqual(["halted", null, "finished_after_halt b"])
    expect(brief([finish("b", 5, "succeeded"), halt("a", 9)])).toEqual(["succeeded", null, "second_end a"])
  })

  test("what spend is booked under comes from the first start; a blank tag is none, a long one is cut between characters", () => {
    const tags = { team: "  ", customer: `${"x".repeat(255)}🙂`, other: "y" }
    expect(derive([start("b", 2, { workflow: "late" }), start("a", 1, { workflow: "w", tags })]).placement).toEqual({
      workflow: "w",
      environment: null,
      release: null,
      team: null,
      customer: "x".repeat(255),
    })
  })

  test("a flood of ends keeps the earliest, whatever order they come in", () => {
    const flood = Array.from({ length: 40 }, (_, i) =>
      finish(`e${String(i).padStart(2, "0")}`, i, i === 0 ? "failed" : "succeeded"),
    )
    const expected = derive(flood)
    expect(expected.status).toBe("failed")
    expect(expected.notes).toHaveLength(15)
    fc.assert(
      fc.property(fc.shuffledSubarray(flood, { minLength: 40 }), (events) => {
        expect(derive(events)).toEqual(expected)
      }),
    )
  })
})
