import { describe, expect, it } from "vitest"
import { inherited, policyDifference, policyLines, secondsWords } from "./policy-words"

const STEPS = [{ id: "fetch" }, { id: "parse", after: ["fetch"], max_attempts: 3 }]

describe("a policy in words", () => {
  it("says every limit, and seconds as people do", () => {
    const lines = policyLines({
      ...{ max_cost_run: "5", warn_ratio: 0.5, max_duration_s: 900, loop: {}, steps: STEPS },
      ...{ allowed_models: ["m1"], on_breach: { T11: "alarm" } },
      required_verifications: [{ name: "rows", min_score: 0.9, max_age_s: 90 }],
    })
    expect(lines.map(({ label, value }) => `${label}: ${value}`)).toEqual([
      "Cost of a run: $5.00",
      "Alarm on cost above: 50 % of the limit",
      "Duration of a run: 15 min",
      "Same call in a row: 3 are a loop",
      "Same call among the last: 5 of 20 calls are a loop",
      "Steps that leave the same state: 8 are no progress",
      "Step “fetch”: required",
      "Step “parse”: required, after “fetch”, at most 3 attempts",
      "Check “rows”: must pass, with 0.9 or more, at most 90 s before the end",
      "Model “m1”: allowed",
      "T11 claimed done without proof: alarm",
    ])
    expect([1, 90, 120, 7200, 172_800].map(secondsWords)).toEqual(["1 s", "90 s", "2 min", "2 h", "2 d"])
  })

  it("differs by what was added, changed and left out, and says which way", () => {
    const before = { max_cost_run: "5", max_steps: 40, steps: STEPS, allowed_models: ["m1"] }
    const after = { max_cost_run: "8.5", max_duration_s: 60, steps: STEPS.slice(0, 1), allowed_models: ["m1", "m2"] }
    expect(policyDifference(before, after)).toEqual([
      { label: "Cost of a run", before: "$5.00", after: "$8.50", effect: "looser" },
      { label: "Duration of a run", before: null, after: "1 min", effect: "tighter" },
      { label: "Model “m2”", before: null, after: "allowed", effect: "looser" },
      { label: "Steps of a run", before: "40", after: null, effect: "looser" },
      { label: "Step “parse”", before: "required, after “fetch”, at most 3 attempts", after: null, effect: "looser" },
    ])
    expect(policyDifference(before, before)).toEqual([])
    expect(policyDifference(null, { max_steps: 4 })).toMatchObject([{ before: null, effect: "tighter" }])
  })

  it("two amounts that look the same still are two", () => {
    expect(policyDifference({ max_cost_run: "5" }, { max_cost_run: "5.000000000001" })).toHaveLength(1)
  })

  it("of a workflow leaves to the project's what it says nothing about", () => {
    const project = { max_cost_run: "5", max_steps: 40, on_breach: { T01: "alarm", T14: "off" } } as const
    const rest = inherited(project, { max_cost_run: "9", on_breach: { T01: "halt" } })
    expect(policyLines(rest).map(({ key, value }) => `${key} ${value}`)).toEqual(["max_steps 40", "on_breach T14 off"])
  })
})
