import { describe, expect, it } from "vitest"
import { checkPolicy, parsePolicy } from "./check-document"
import { mergePolicies } from "./document"

const told = (value: unknown, seen: string[] | null = null) =>
  checkPolicy(value, seen && new Set(seen)).problems.map(({ path, reason }) => `${path}: ${reason}`)

describe("a policy document", () => {
  it("with every key is taken as it is", () => {
    const document = {
      max_cost_run: "5.00",
      warn_ratio: 0.8,
      max_steps: 40,
      max_duration_s: 900,
      max_step_duration_s: 300,
      max_retries_per_step: 2,
      loop: { same_call_k: 3, window: 20, same_call_in_window_m: 5, no_progress_n: 8 },
      fail_rate: { target: 0.05, alpha: 0.01 },
      heartbeat_s: 60,
      schedule: { every_s: 3600, grace_s: 300 },
      steps: [{ id: "fetch" }, { id: "parse", required: false, after: ["fetch"], max_attempts: 3 }],
      required_verifications: [
        { name: "row_count_check", verifier: "row_count.sh", on: "final_output", min_score: 0.9, max_age_s: 600 },
        { name: "row_count_check", on: "parse" },
      ],
      proof_grace_s: 900,
      allowed_models: ["claude-sonnet-4-5"],
      on_signal: "pause",
      on_breach: { T01: "quarantine", T11: "alarm", T14: "off" },
    }
    expect(parsePolicy(document)).toEqual(document)
    expect(parsePolicy({})).toEqual({})
  })

  it.each([
    [{ max_cots_run: "5" }, "max_cots_run: unknown key"],
    [{ schedule: { every: "1h" } }, "schedule.every_s: a number of seconds"],
    [{ schedule: { every_s: 60, grace: 5 } }, "schedule.grace: unknown key; write grace_s, in seconds"],
    [{ max_cost_run: 5 }, 'max_cost_run: a decimal in quotes, such as "5.00"'],
    [{ max_cost_run: "$5" }, 'max_cost_run: a plain decimal, such as "5.00"'],
    [{ max_cost_run: "-1" }, 'max_cost_run: a plain decimal, such as "5.00"'],
    [{ max_cost_run: "0.00" }, "max_cost_run: more than 0"],
    [{ max_steps: 0 }, "max_steps: more than 0"],
    [{ max_steps: 2.5 }, "max_steps: a whole number"],
    [{ max_duration_s: -60 }, "max_duration_s: more than 0 seconds"],
    [{ max_duration_s: "15m" }, "max_duration_s: a number of seconds"],
    [{ warn_ratio: 80 }, "warn_ratio: at most 1"],
    [{ warn_ratio: 0.12345 }, "warn_ratio: at most 4 decimals"],
    [{ steps: [] }, "steps: name at least one step, or leave it out"],
    [{ steps: [{ id: "a" }, { id: "a" }] }, "steps.1.id: “a” is named twice"],
    [{ steps: [{ id: "a", after: ["b"] }] }, "steps.0.after.0: “b” is not among the steps"],
    [{ steps: [{ id: "a", after: ["a"] }] }, "steps.0.after.0: a step cannot come after itself"],
    [
      { steps: [{ id: "x" }, { id: "a", after: ["c", "x"] }, { id: "b", after: ["a"] }, { id: "c", after: ["b"] }] },
      "steps.1.after: a cycle, so that none of them could begin: “a” after “c” after “b” after “a”",
    ],
    [
      { required_verifications: [{ name: "r" }, { name: "r", on: "final_output" }] },
      "required_verifications.1.name: “r” is required twice",
    ],
    [
      { steps: [{ id: "a" }], required_verifications: [{ name: "r", on: "b" }] },
      "required_verifications.0.on: “b” is not among the steps",
    ],
    [{ allowed_models: ["m", "m"] }, "allowed_models.1: “m” is named twice"],
    [{ loop: { window: 4 } }, "loop.same_call_in_window_m: never so many of 4 calls"],
    [{ on_breach: { T11: "off" } }, "on_breach.T11: alarm, quarantine or halt: nobody may skip proof"],
    [{ on_breach: { T13: "off" } }, "on_breach.T13: unknown key"],
    [{ on_breach: { T99: "halt" } }, "on_breach.T99: unknown key"],
  ])("%j is refused with the path and the reason", (document, problem) => {
    expect(told(document)).toContain(problem)
    expect(() => parsePolicy(document)).toThrow(problem)
  })

  it("is refused when it speaks of a step that no run has, as soon as there are runs", () => {
    const document = { steps: [{ id: "fetch" }, { id: "sumarise", after: ["fetch"] }] }
    expect(told(document)).toEqual([])
    expect(told(document, ["fetch", "summarise"])).toEqual([
      "steps.1.id: no run of this workflow ever had a step “sumarise”",
    ])
  })

  it("that is no object, or hostile, is refused without breaking", () => {
    for (const value of [null, [], "5", 5, JSON.parse(`{"__proto__":{"max_steps":1}}`), { ["<b>".repeat(10_000)]: 1 }])
      expect(told(value).length).toBeGreaterThan(0)
    const chain = Array.from({ length: 200 }, (_, i) => ({ id: `s${i}`, ...(i ? { after: [`s${i - 1}`] } : {}) }))
    expect(told({ steps: chain })).toEqual([])
    expect(told({ steps: [{ ...chain[0], after: ["s199"] }, ...chain.slice(1)] })[0]).toContain("a cycle")
  })

  it("of a workflow goes over the project's, key by key", () => {
    const project = { max_cost_run: "5", max_steps: 40, on_breach: { T01: "alarm", T14: "off" } } as const
    const own = { max_cost_run: "9", on_breach: { T01: "halt" } } as const
    expect(mergePolicies(project, own)).toEqual({
      max_cost_run: "9",
      max_steps: 40,
      on_breach: { T01: "halt", T14: "off" },
    })
    expect(mergePolicies(project, null)).toBe(project)
    expect(mergePolicies(null, null)).toBeNull()
  })
})
