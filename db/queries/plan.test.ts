import { describe, expect, test } from "vitest"
import { planStrip, type StepAttempt } from "./plan"

const attempt = (step: string, from: number, to: number | null, outcome: string | null): StepAttempt => ({
  step,
  span: `${step}@${from}`,
  started_at: new Date(from * 1000).toISOString(),
  ended_at: to === null ? null : new Date(to * 1000).toISOString(),
  outcome,
})
const states = (...args: Parameters<typeof planStrip>) =>
  planStrip(...args).map(({ step, state }) => `${step} ${state}`)

describe("plan against what ran", () => {
  test("a step fails, the next never runs, the one after goes on: each says so", () => {
    const strip = states(
      ["fetch", "parse", "enrich", "load"],
      [attempt("fetch", 0, 1, "succeeded"), attempt("parse", 1, 2, "failed"), attempt("load", 3, 4, "succeeded")],
      [],
      new Map(),
      true,
    )
    expect(strip).toEqual(["fetch succeeded", "parse failed", "enrich never_ran", "load ran_after_failure"])
  })

  test("a failure that was repeated with success stops nobody", () => {
    const steps = [attempt("a", 0, 1, "failed"), attempt("a", 2, 3, "succeeded"), attempt("b", 3, 4, "succeeded")]
    expect(states(["a", "b"], steps, [], new Map(), true)).toEqual(["a succeeded", "b succeeded"])
    expect(planStrip(["a", "b"], steps, [], new Map(), true)[0]?.attempts).toBe(2)
  })

  test("while the run goes on, a step has not started or is running; afterwards it never ran or is unfinished", () => {
    const steps = [attempt("a", 0, null, null)]
    expect(states(["a", "b"], steps, [], new Map(), false)).toEqual(["a running", "b not_started"])
    expect(states(["a", "b"], steps, [], new Map(), true)).toEqual(["a unfinished", "b never_ran"])
  })

  test("what the proof says of a step wins over its own outcome", () => {
    const steps = [attempt("a", 5, 6, "succeeded"), attempt("b", 0, 1, "succeeded")]
    const reasons = [{ code: "step_out_of_order", step: "b", text: "…" }]
    expect(states(["a", "b"], steps, reasons, new Map(), true)).toEqual(["a succeeded", "b out_of_order"])
  })

  test("steps outside the plan follow it, and a step's cost is zero when nothing was called, null when nothing has a price", () => {
    const strip = planStrip(["a"], [attempt("x", 0, 1, "skipped")], [], new Map([["y", null]]), true)
    expect(strip.map(({ step, is_declared, cost }) => [step, is_declared, cost])).toEqual([
      ["a", true, "0"],
      ["x", false, "0"],
      ["y", false, null],
    ])
  })
})
