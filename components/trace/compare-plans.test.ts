import { describe, expect, test } from "vitest"
import { comparePlans } from "@/components/trace/compare-plans"
import type { PlanStep } from "@/lib/contracts/read"

const step = (name: string, more: Partial<PlanStep> = {}): PlanStep => ({
  step: name,
  is_declared: true,
  state: "succeeded",
  attempts: 1,
  cost: "1",
  span: `step:${name}:1`,
  took_ms: 2000,
  ...more,
})
const never = { attempts: 0, span: null, took_ms: null, state: "never_ran", cost: "0" } as const
const wordsOf = (before: PlanStep, after: PlanStep) =>
  comparePlans([before], [after], true)
    .steps.get(after.step)
    ?.map(({ text, isWorse }) => `${text}${isWorse ? " (worse)" : ""}`) ?? []

describe("a plan against that of an earlier run", () => {
  test("says cost and time as factors from half as much again, exactly at the edge", () => {
    expect(wordsOf(step("a"), step("a", { cost: "2.4", took_ms: 1000 }))).toEqual([
      "2.4 × the cost (worse)",
      "2.0 × quicker",
    ])
    expect(wordsOf(step("a", { cost: "0.0000000001" }), step("a", { cost: "0.00000000012" }))).toEqual([])
    expect(wordsOf(step("a"), step("a", { cost: "1.5" }))).toEqual(["1.5 × the cost (worse)"])
    expect(wordsOf(step("a", { cost: "1" }), step("a", { cost: "123" }))).toEqual(["123 × the cost (worse)"])
  })
  test("has no factor from nothing, and none of what is not known", () => {
    expect(wordsOf(step("a", { cost: "0" }), step("a"))).toEqual(["cost where there was none (worse)"])
    expect(wordsOf(step("a"), step("a", { cost: null, took_ms: null }))).toEqual([])
    expect(wordsOf(step("a", { took_ms: 10 }), step("a", { took_ms: 900 })), "below a second is chance").toEqual([])
  })
  test("names steps that are new, that did not run, and that are gone", () => {
    const changes = comparePlans([step("a"), step("b"), step("gone")], [step("a"), step("b", never), step("c")], true)
    expect(changes.missing).toEqual(["gone"])
    expect(changes.steps.get("c")?.[0]?.text).toMatch(/^new/)
    expect(changes.summary).toBe("2 steps missing, 1 step new.")
  })
  test("misses nothing in a run that still goes on", () => {
    const changes = comparePlans(
      [step("a"), step("b")],
      [step("a"), step("b", { ...never, state: "not_started" })],
      false,
    )
    expect(changes.missing).toEqual([])
    expect(changes.summary).toMatch(/^the same steps/)
  })
})
