import { expect, test } from "vitest"
import type { RunControl, RunFinding } from "@/lib/contracts/acts"
import type { Run } from "@/lib/contracts/read"
import { accountOf, troublesOf } from "@/lib/run-account"

const found = (rule: string, over: Partial<RunFinding> = {}): RunFinding => ({
  ...{
    rule,
    subject: over.step ?? "",
    action: "quarantine",
    observed: "",
    limit: "",
    unit: "",
    step: null,
    text: rule,
  },
  ...{ evidence: [], span: null, is_incomplete: false, effective_at: null },
  ...over,
})
const control = (findings: RunFinding[], halting: string | null = null): RunControl => ({
  ...{ run: "r", workflow: "w", state: "unproven", status: "succeeded", proof: "unproven", hold: null, usable: false },
  ...{ version: 0, acts: [], log: [], cost_after_halt: null, not_spent: null, exceptions: [], findings },
  directive:
    halting === null
      ? null
      : {
          ...{ id: "1", action: "halt", rule: halting, observed: null, limit: null, step: null, reason: null },
          ...{ state: "ended", issued_at: "2026-11-21T00:00:00.000Z", issued_by: "andon", acked_at: null },
        },
})
const halt = (over: Partial<NonNullable<Run["halt"]>> = {}): Run["halt"] => ({
  ...{ step: null, reason: "cost 54", by: "andon", rule: "T01", observed: "54", limit: "40", unit: "USD" },
  ...over,
})
const said = (run: Pick<Run, "halt" | "proof" | "proof_reasons">, about: RunControl | null) =>
  accountOf(run, about).map(({ word, text }) => `${word}: ${text}`)

test("the limit that halted a run is told by its halt, with the span that shows it", () => {
  const run = { halt: halt(), proof: "pending" as const, proof_reasons: [] }
  const about = control([found("T01", { text: "cost 54", span: "s9" }), found("T10", { step: "load" })], "T01")
  expect(said(run, about)).toEqual(["Halted: cost 54", "Quarantine: T10"])
  expect(accountOf(run, about)[0]?.span).toBe("s9")
  // It has cost more since: still the one limit.
  expect(said(run, control([found("T01", { text: "cost 60" })], "T01"))).toEqual(["Halted: cost 54"])
})

test("a step of a thousand characters leaves its halt a line", () => {
  const run = { halt: halt({ step: "W".repeat(1000) }), proof: "pending" as const, proof_reasons: [] }
  expect(accountOf(run, null)[0]?.word.length).toBeLessThan(80)
  expect(accountOf(run, null)[0]?.step, "it is led to by its whole name").toHaveLength(1000)
})

test("several findings of the rule that halted are told apart by what they say", () => {
  const run = {
    halt: halt({ rule: "T05", reason: "b 9 times", step: "b" }),
    proof: "pending" as const,
    proof_reasons: [],
  }
  const about = control(
    [found("T05", { step: "a", text: "a 7 times" }), found("T05", { step: "b", text: "b 9 times" })],
    "T05",
  )
  expect(said(run, about)).toEqual(["Halted at step b: b 9 times", "Halt: a 7 times"])
})

test("what proof lacks is said once where a limit says it too, of the same step or check only", () => {
  const proof_reasons = [
    { code: "step_failed", step: "validate", text: "validate failed" },
    { code: "ran_after_failure", step: "load", text: "load after it" },
    { code: "step_missing", step: "enrich", text: "enrich never ran" },
    { code: "cites_unrun_step", step: "validate", text: "cites validate" },
    { code: "check_missing", check: "rows", text: "rows has no result" },
    { code: "check_failed", check: "sums", text: "sums failed" },
  ]
  const about = control([
    found("T08", { step: "enrich" }),
    found("T10", { step: "load" }),
    found("T11", { subject: "rows", text: "rows without proof" }),
    found("T12", { subject: "rows", text: "another check" }),
    found("T17", { step: "other", text: "cites other" }),
  ])
  const account = accountOf({ halt: null, proof: "failed", proof_reasons }, about)
  expect(account.map(({ word, text }) => `${word}: ${text}`)).toEqual([
    "Quarantine: T08",
    "Quarantine: T10",
    "Quarantine: rows without proof",
    "Quarantine: another check",
    "Quarantine: cites other",
    "Failed: sums failed",
    "Unproven: validate failed",
    "Unproven: cites validate",
  ])
  expect(account[2]?.check, "and keeps the way to the check").toBe("rows")
  const ofStep = control([found("T12", { step: "load", subject: "sums on load" })])
  expect(said({ halt: null, proof: "failed", proof_reasons: proof_reasons.slice(5) }, ofStep)).toEqual([
    "Quarantine: T12",
  ])
})

test("what only a policy asks for is said once, too", () => {
  const proof_reasons = [
    { code: "policy", step: "load", text: "load never ran" },
    { code: "policy", check: "rows on load", text: "rows has no result" },
  ]
  const about = control([
    found("T08", { step: "load", text: "load never ran" }),
    found("T11", { step: "load", subject: "rows on load", text: "rows has no result" }),
  ])
  const account = accountOf({ halt: null, proof: "unproven", proof_reasons }, about)
  expect(account.map(({ word, check }) => [word, check])).toEqual([
    ["Quarantine", null],
    ["Quarantine", "rows"],
  ])
})

test("worst first: a halt, what is held, what failed, what is unproven, what only warns", () => {
  const about = control([found("T14", { action: "alarm" }), found("T02", { action: "halt" }), found("T17")])
  const proof_reasons = [{ code: "step_missing", step: "x", text: "x" }]
  expect(said({ halt: null, proof: "unproven", proof_reasons }, about)).toEqual([
    "Halt: T02",
    "Quarantine: T17",
    "Unproven: x",
    "Alarm: T14",
  ])
  expect(said({ halt: null, proof: "unproven", proof_reasons }, null), "without what was found").toEqual([
    "Unproven: x",
  ])
})

test("that a run failed is said once, before its error", () => {
  const proof_reasons = [{ code: "run_failed", text: "The run failed: document is encrypted" }]
  expect(said({ halt: null, proof: "failed", proof_reasons }, null)).toEqual(["Failed: document is encrypted"])
})

test("among equals one of each kind comes before the second of any", () => {
  const skipped = ["a", "b", "c"].map((step) => found("T08", { step, text: `${step} never ran` }))
  const about = control([...skipped, found("T10", { step: "d" }), found("T02", { action: "alarm" })])
  expect(troublesOf(about).map(({ text }) => text)).toEqual(["a never ran", "T10", "b never ran", "c never ran", "T02"])
})

test("the rule that halted a run calls it a halt on either page", () => {
  expect(troublesOf(control([found("T10"), found("T01")], "T01")).map(({ word }) => word)).toEqual([
    "Halt",
    "Quarantine",
  ])
  expect(troublesOf(control([found("T01")])).map(({ word }) => word)).toEqual(["Quarantine"])
})
