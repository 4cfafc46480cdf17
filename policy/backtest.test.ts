import { describe, expect, it } from "vitest"
import type { PolicyDocument } from "@/lib/contracts/policies"
import { type Money, parseMoney } from "@/lib/money"
import { BacktestTally, findStop, type PastCall, type PastRun } from "./backtest"
import { decide } from "./decide"
import { BARE } from "./testing"
import type { RunSnapshot } from "./types"

const call = (from: number, to: number, cost: string | null): PastCall => ({
  startedAt: from,
  endedAt: to,
  model: "m1",
  cost: cost === null ? null : parseMoney(cost),
})
const step = (name: string, from: number, to: number, outcome: "succeeded" | "failed" = "succeeded") => ({
  step: name,
  boundaries: [
    { kind: "start" as const, outcome: null, seq: null, at: from, id: `${name}:${from}` },
    { kind: "end" as const, outcome, seq: null, at: to, id: `${name}:${to}` },
  ],
})
const CALLS = [call(1, 10, "2"), call(11, 20, "2"), call(15, 30, "2"), call(31, 40, null), call(32, 50, "1.5")]
const COST = parseMoney("7.5") as Money
const run = (more: Partial<RunSnapshot> = {}): RunSnapshot => ({
  ...BARE,
  claim: "succeeded",
  endedAt: 60,
  lastEventAt: 60,
  asOf: 1_000_000,
  cost: COST,
  calls: 5,
  ...more,
})
function tried(policy: PolicyDocument, runs: PastRun[]) {
  const tally = new BacktestTally()
  for (const past of runs) tally.add(policy, past, decide(policy, past.snapshot), CALLS)
  return tally.result()
}
const past = (more: Partial<PastRun> = {}, snapshot: Partial<RunSnapshot> = {}): PastRun => ({
  status: "succeeded",
  proof: "verified",
  hold: null,
  snapshot: run(snapshot),
  ...more,
})

describe("trying a policy over what has been", () => {
  it("finds the first instant that crosses a limit: a cost is known when its call ends, a duration when it is over", () => {
    expect(findStop({ max_cost_run: "3.9" }, run(), CALLS)).toMatchObject({ at: 20, finding: { rule: "T01" } })
    expect(findStop({ max_cost_run: "4" }, run(), CALLS)).toMatchObject({ at: 30 })
    expect(findStop({ max_cost_run: "7.5" }, run(), CALLS)).toBeNull()
    const long = run({ endedAt: 5_000, steps: [step("a", 100, 4_900)] })
    expect(findStop({ max_duration_s: 1 }, long, CALLS)).toMatchObject({ at: 1_001, finding: { rule: "T03" } })
    const story = run({ plan: ["a", "b"], steps: [step("a", 1, 12, "failed"), step("b", 14, 55)] })
    expect(findStop({}, story, CALLS)).toMatchObject({ at: 14, finding: { rule: "T10", step: "b", action: "halt" } })
  })

  it("counts as not spent what began after it, and says what of that has no price", () => {
    const result = tried({ max_cost_run: "3.9" }, [past()])
    expect(result).toMatchObject({ runs: 1, halts: 1, not_spent: "1.5", unpriced_calls: 1, false_stops: 1 })
    expect(result.stops).toMatchObject([{ run: "r1", rule: "T01", cost: "7.5", not_spent: "1.5", ended: "false_stop" }])
  })

  it("tells a run that failed anyway from one that was well", () => {
    const result = tried({ max_cost_run: "3" }, [
      past(),
      past({ proof: "unchecked" }),
      past({ proof: "unproven" }),
      past({ status: "failed" }, { claim: "failed" }),
      past({ status: "halted" }, { claim: "running", endedAt: null }),
      past({ status: "running" }, { claim: "running", endedAt: null }),
      past({ hold: "released", proof: "unproven" }),
      past({}, { cost: parseMoney("3") as Money }),
    ])
    expect(result).toMatchObject({
      runs: 8,
      halts: 7,
      failed_anyway: 3,
      false_stops: 3,
      unchecked: 1,
      open: 1,
      alarms: 1,
    })
  })

  it("what would only be held back at its end, or only cause an alarm, is no halt", () => {
    const policy: PolicyDocument = { required_verifications: [{ name: "rows" }], max_cost_run: "9" }
    expect(tried(policy, [past(), past({}, { claim: "failed" })])).toMatchObject({
      halts: 0,
      quarantines: 1,
      alarms: 1,
      not_spent: "0",
      by_rule: [
        { rule: "T01", runs: 2 },
        { rule: "T11", runs: 1 },
      ],
    })
  })

  it("keeps the two hundred stops that save most, and counts all", () => {
    const runs = Array.from({ length: 2_500 }, (_, i) => past({}, { run: `r${i}` }))
    const result = tried({ max_cost_run: "3.9" }, runs)
    expect([result.halts, result.stops.length, result.not_spent]).toEqual([2_500, 200, "3750"])
  })
})
