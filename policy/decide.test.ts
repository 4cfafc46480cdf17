import { createHash } from "node:crypto"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { PolicyDocument } from "@/lib/contracts/policies"
import { type Money, parseMoney } from "@/lib/money"
import type { RunStatus, StepOutcome } from "@/lib/vocabulary"
import { decide } from "./decide"
import { BARE } from "./testing"
import type { RunSnapshot, ToolCall } from "./types"

const HASH = `sha256:${"f".repeat(64)}`
const VERIFIER = { verifierName: "row_count.sh", verifierHash: `sha256:${"a".repeat(64)}` }

/** A step from one instant to another, numbered by its instants. */
const step = (name: string, from: number, to: number | null, outcome: StepOutcome | null = "succeeded") => ({
  step: name,
  boundaries: [
    { kind: "start" as const, outcome: null, seq: from, at: from * 1000, id: `${name}:${from}` },
    ...(to === null ? [] : [{ kind: "end" as const, outcome, seq: to, at: to * 1000, id: `${name}:${to}` }]),
  ],
})
const steps = (n: number, name = (i: number) => `s${i}`) =>
  Array.from({ length: n }, (_, i) => step(name(i), 2 * i + 1, 2 * i + 2))
const call = (seq: number, tool: string, args: string | null): ToolCall => ({
  ...{ tool, argsHash: args, seq, at: seq },
  id: `c${seq}`,
})
const calls = (args: (string | null)[]) => args.map((each, i) => call(i + 1, "search", each))
const check = (outcome: "passed" | "failed", more: object = {}) => ({
  ...{ check: "rows", outcome, artifact: HASH, seq: null, at: 0, id: "v1" },
  ...VERIFIER,
  ...more,
})
const done = { claim: "succeeded", endedAt: 100_000, lastEventAt: 100_000, asOf: 100_000, outputHash: HASH } as const

/** Each limit at one unit under it, at it, and one unit over: `by` is -1, 0, 1. The last alone is a finding. */
const BOUNDARIES: [rule: string, policy: PolicyDocument, run: (by: number) => Partial<RunSnapshot>][] = [
  ["T01", { max_cost_run: "5", warn_ratio: 1 }, (by) => ({ cost: (parseMoney("5") + BigInt(by)) as Money })],
  ["T01", { max_cost_run: "5" }, (by) => ({ cost: (parseMoney("4") + BigInt(by)) as Money })],
  ["T02", { max_steps: 5 }, (by) => ({ steps: steps(5 + by) })],
  ["T03", { max_duration_s: 60 }, (by) => ({ asOf: 60_000 + by, lastEventAt: 60_000 + by })],
  ["T03", { max_duration_s: 100 }, (by) => ({ ...done, endedAt: 100_000 + by, asOf: 900_000 })],
  ["T04", { max_step_duration_s: 60 }, (by) => ({ steps: [step("s1", 1, null)], asOf: 61_000 + by })],
  ["T04", { max_step_duration_s: 60 }, (by) => ({ steps: [step("s1", 1, 61 + by)], asOf: 900_000 })],
  ["T05", { max_retries_per_step: 2 }, (by) => ({ steps: steps(3 + by, () => "s1") })],
  ["T05", { steps: [{ id: "s1", max_attempts: 3 }] }, (by) => ({ steps: steps(3 + by, () => "s1") })],
  ["T05", { max_retries_per_step: 2 }, (by) => ({ steps: [{ ...step("s1", 1, 2), attempt: 3 + by }] })],
  ["T06", { loop: {} }, (by) => ({ toolCalls: calls(Array(2 + by).fill("a")) })],
  [
    "T06",
    { loop: { window: 6, same_call_in_window_m: 4 } },
    (by) => ({ toolCalls: calls([...Array(3 + by).fill("a")].flatMap((a, i) => [a, ...(i < 2 ? [`x${i}`] : [])])) }),
  ],
  [
    "T07",
    { loop: {} },
    (by) => ({ states: steps(7 + by).map(({ step }, i) => ({ step, hash: "h", seq: i, at: i, id: `e${i}` })) }),
  ],
  [
    "T11",
    { required_verifications: [{ name: "rows", min_score: 0.5 }] },
    (by) => ({ ...done, verifications: [check("passed", { score: 0.5 - by / 10 })] }),
  ],
  [
    "T11",
    { required_verifications: [{ name: "rows", max_age_s: 60 }] },
    (by) => ({ ...done, verifications: [check("passed", { at: 40_000 - by })] }),
  ],
  ["T14", {}, (by) => ({ calls: 1_000, unpricedCalls: 50 + by })],
  ["T14", {}, (by) => ({ calls: 1_000, unpricedCalls: 1, largestUnpriced: 100_000 + by })],
  ["T15", { heartbeat_s: 60 }, (by) => ({ asOf: 60_000 + by })],
]

const rulesIn = (policy: PolicyDocument, run: Partial<RunSnapshot>) =>
  decide(policy, { ...BARE, ...run }).map(({ rule }) => rule)

describe("a limit is inclusive", () => {
  it.each(BOUNDARIES)("%s %j", (rule, policy, run) => {
    expect(PolicyDocument.parse(policy)).toEqual(policy)
    expect(rulesIn(policy, run(-1))).not.toContain(rule)
    expect(rulesIn(policy, run(0))).not.toContain(rule)
    expect(rulesIn(policy, run(1))).toContain(rule)
  })

  it("for rules without a measure: what is in tolerance, and the least that is not", () => {
    const plan: PolicyDocument = { steps: [{ id: "a" }, { id: "b", after: ["a"], required: false }] }
    const both = [step("a", 1, 2), step("b", 3, 4)]
    expect(rulesIn(plan, { ...done, steps: both })).toEqual([])
    expect(rulesIn(plan, { ...done, steps: both.slice(1) })).toEqual(["T08"])
    expect(rulesIn(plan, { ...done, steps: both.slice(0, 1) })).toEqual([])
    expect(rulesIn(plan, { steps: [step("a", 1, 2, "failed")] })).toEqual([])
    expect(rulesIn(plan, { steps: [step("a", 1, 2, "failed"), step("b", 3, null)] })).toEqual(["T10"])
    expect(rulesIn(plan, { steps: [step("a", 1, 2, "failed"), step("a", 3, 4), step("b", 5, null)] })).toEqual([])
    expect(rulesIn(plan, { steps: [step("a", 1, 9), step("b", 10, 12)] })).toEqual([])
    expect(rulesIn(plan, { steps: [step("a", 1, 11), step("b", 10, 12)] })).toEqual(["T09"])
    expect(rulesIn(plan, { ...done, steps: both, refs: ["a", "elsewhere"] })).toEqual([])
    expect(rulesIn(plan, { ...done, steps: both.slice(0, 1), refs: ["a", "b"] })).toEqual(["T17"])
    const rows: PolicyDocument = { required_verifications: [{ name: "rows" }] }
    expect(rulesIn(rows, { ...done, verifications: [check("passed")] })).toEqual([])
    expect(rulesIn(rows, { ...done, verifications: [check("passed", { verifierName: "extractor" })] })).toEqual(["T11"])
    expect(rulesIn(rows, { ...done, verifications: [check("failed"), check("passed", { at: 1, id: "v2" })] })).toEqual([
      "T12",
    ])
    expect(
      rulesIn(rows, { ...done, verifications: [check("failed", { artifact: "other" }), check("passed")] }),
    ).toEqual([])
    expect(rulesIn({ allowed_models: ["m1"] }, { models: ["m1"] })).toEqual([])
    expect(rulesIn({ allowed_models: ["m1"] }, { models: ["m1", "m2"] })).toEqual(["T19"])
  })
})

describe("what a policy says", () => {
  it("is the declared plan and the checks of the run where the policy has none", () => {
    const run = { ...done, plan: ["a", "b"], checks: ["rows"], steps: [step("b", 1, 2)] }
    expect(decide({}, { ...BARE, ...run }).map(({ rule, subject }) => `${rule} ${subject}`)).toEqual([
      "T08 a",
      "T11 rows",
    ])
  })

  it("chooses the action, and can look away from limits; the alarm on the way to a limit stays one", () => {
    const over = { ...BARE, cost: parseMoney("9") as Money, calls: 1, unpricedCalls: 1 }
    expect(decide({ max_cost_run: "5", on_breach: { T01: "quarantine", T14: "off" } }, over)).toMatchObject([
      { rule: "T01", action: "quarantine", observed: "9", limit: "5" },
    ])
    expect(decide({ max_cost_run: "10" }, { ...over, unpricedCalls: 0 })).toMatchObject([
      { rule: "T01", action: "alarm", observed: "9", limit: "8" },
    ])
  })

  it("two amounts that would look the same are told to the last digit", () => {
    const [found] = decide({ max_cost_run: "5" }, { ...BARE, cost: parseMoney("5.000000000001") as Money })
    expect(found?.text).toBe("The run cost $5.000000000001, over its limit of $5.")
  })

  it("a failure that was gone past is told once, of the first that went on, at any distance", () => {
    const policy: PolicyDocument = {
      steps: [{ id: "a" }, { id: "b", after: ["a"] }, { id: "c", after: ["b"] }, { id: "d", after: ["c"] }],
    }
    const run = { ...BARE, steps: [step("a", 1, 2, "failed"), step("c", 3, 4), step("d", 5, 6)] }
    expect(decide(policy, run)).toMatchObject([{ rule: "T10", subject: "c", observed: "a", action: "halt" }])
  })
})

const OUTCOMES: (StepOutcome | null)[] = ["succeeded", "failed", "skipped", "cancelled", null]
const CLAIMS: RunStatus[] = ["running", "succeeded", "succeeded", "failed", "halted"]
const FULL: PolicyDocument = {
  ...{ max_cost_run: "5", max_steps: 6, max_duration_s: 60, max_step_duration_s: 10, max_retries_per_step: 1 },
  ...{ heartbeat_s: 30, loop: { same_call_k: 2, no_progress_n: 3 }, allowed_models: ["m1", "m2"] },
  steps: ["a", "b", "c", "d"].map((id, i) => ({ id, after: i === 0 ? [] : [["a", "b", "c", "d"][i - 1] as string] })),
  required_verifications: [{ name: "rows" }, { name: "style", min_score: 0.5 }],
}

const snapshots: fc.Arbitrary<RunSnapshot> = fc
  .record({
    claim: fc.constantFrom(...CLAIMS),
    end: fc.integer({ min: 1, max: 90 }),
    cents: fc.integer({ min: 0, max: 700 }),
    unpricedCalls: fc.integer({ min: 0, max: 3 }),
    models: fc.uniqueArray(fc.constantFrom("m1", "m2", "m3", "m4")),
    refs: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "x")),
    steps: fc.array(
      fc.record({
        name: fc.constantFrom("a", "b", "c", "d", "x"),
        outcome: fc.constantFrom(...OUTCOMES),
        long: fc.nat(15),
      }),
      { maxLength: 9 },
    ),
    calls: fc.array(fc.constantFrom("p", "q", null), { maxLength: 8 }),
    states: fc.array(fc.constantFrom("h1", "h2"), { maxLength: 6 }),
    checks: fc.array(
      fc.record({
        check: fc.constantFrom("rows", "style"),
        outcome: fc.constantFrom("passed", "failed"),
        by: fc.boolean(),
      }),
      { maxLength: 4 },
    ),
    hasSeqGap: fc.boolean(),
  })
  .map((made) => ({
    ...BARE,
    ...{ claim: made.claim, models: made.models, refs: made.refs, hasSeqGap: made.hasSeqGap, outputHash: HASH },
    ...{ endedAt: made.claim === "running" ? null : made.end * 1000, lastEventAt: made.end * 1000, asOf: 95_000 },
    ...{ cost: (BigInt(made.cents) * 10n ** 22n) as Money, calls: 20, unpricedCalls: made.unpricedCalls },
    steps: made.steps.map(({ name, outcome, long }, i) =>
      step(name, i * 20 + 1, outcome === null ? null : i * 20 + 2 + long, outcome),
    ),
    toolCalls: calls(made.calls),
    states: made.states.map((hash, i) => ({ step: "a", hash, seq: i, at: i, id: `e${i}` })),
    verifications: made.checks.map(({ check: name, outcome, by }, i) =>
      check(outcome as "passed", {
        check: name,
        seq: i,
        id: `v${i}`,
        ...(by ? { score: 0.9 } : { verifierName: "extractor" }),
      }),
    ),
  }))

const LISTS = ["steps", "toolCalls", "states", "verifications", "models", "refs"] as const
/** The same facts in another order, by a number. */
function shuffled(run: RunSnapshot, by: number): RunSnapshot {
  const order = <T>(list: readonly T[]) =>
    list
      .map((item, i) => ({ item, key: Math.imul(i + 1, 2_654_435_761 ^ by) >>> 0 }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item)
  return Object.assign({ ...run }, Object.fromEntries(LISTS.map((name) => [name, order<unknown>(run[name])])))
}

describe("deciding again", () => {
  const runs = fc.sample(snapshots, { numRuns: 10_000, seed: 7 })
  const hashOf = (of: (run: RunSnapshot) => RunSnapshot, order: RunSnapshot[]) => {
    const found = new Map(order.map((run) => [run, JSON.stringify(decide(FULL, of(run)))]))
    return createHash("sha256")
      .update(runs.map((run) => found.get(run)).join("\n"))
      .digest("hex")
  }

  it("gives the same for ten thousand runs, the facts of each and the runs themselves in another order", () => {
    const first = hashOf((run) => run, runs)
    expect(hashOf((run) => shuffled(run, 12_345), runs.toReversed())).toBe(first)
    const rules = new Set(runs.flatMap((run) => decide(FULL, run).map(({ rule }) => rule)))
    expect([...rules].sort().join(" ")).toBe("T01 T02 T03 T04 T05 T06 T07 T08 T09 T10 T11 T12 T14 T15 T17 T19")
  })

  it("never depends on the order of facts, and names each finding once", () => {
    fc.assert(
      fc.property(snapshots, fc.integer(), (run, by) => {
        const found = decide(FULL, run)
        expect(decide(FULL, shuffled(run, by))).toEqual(found)
        expect(new Set(found.map(({ rule, subject }) => `${rule} ${subject}`)).size).toBe(found.length)
      }),
      { numRuns: 300, seed: 11 },
    )
  })
})
