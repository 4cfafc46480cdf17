import { describe, expect, it } from "vitest"
import type { Rule, RuleAction, RunStatus } from "@/lib/vocabulary"
import { outcomeOf } from "./outcome"
import type { Finding, RunAct } from "./types"

const found = (rule: Rule, action: RuleAction, effectiveAt: number | null = null): Finding => ({
  rule,
  action,
  effectiveAt,
  subject: "",
  observed: "2",
  limit: "1",
  unit: "",
  step: null,
  text: "",
  evidence: [],
  isEvidenceIncomplete: false,
})
const run = (claim: RunStatus, asOf = 0) => ({ claim, lastEventAt: 0, asOf })
const act = (name: RunAct["act"], findings: string[] = []): RunAct => ({ n: 1, act: name, findings })

describe("the status of a run", () => {
  it("is halting from a finding or a person, and halted after more than two heartbeats of silence", () => {
    for (const [findings, acts] of [
      [[found("T01", "halt")], []],
      [[], [act("halt")]],
    ] as const) {
      expect(outcomeOf(run("running"), findings, acts)).toEqual({ status: "halting", hold: null })
      expect(outcomeOf(run("running", 120_000), findings, acts).status).toBe("halting")
      expect(outcomeOf(run("running", 120_001), findings, acts).status).toBe("halted")
      expect(outcomeOf(run("running", 20_001), findings, acts, 10).status).toBe("halted")
    }
  })

  it("stays halting once its runner was told, whatever is found later, until it has ended", () => {
    const told = (claim: RunStatus, asOf = 0) => outcomeOf(run(claim, asOf), [], [], undefined, true)
    expect(told("running")).toEqual({ status: "halting", hold: null })
    expect(told("running", 120_001).status).toBe("halted")
    for (const claim of ["succeeded", "failed", "cancelled", "halted"] as const)
      expect(told(claim)).toEqual({ status: claim, hold: null })
  })

  it("is what it claims once it has ended, and stalled while it is only silent", () => {
    for (const claim of ["succeeded", "failed", "cancelled", "halted"] as const)
      expect(outcomeOf(run(claim), [found("T01", "halt")]).status).toBe(claim)
    expect(outcomeOf(run("running"), [found("T15", "alarm")]).status).toBe("stalled")
    expect(outcomeOf(run("running"), [found("T15", "alarm"), found("T01", "halt")]).status).toBe("halting")
    expect(outcomeOf(run("running"), [found("T14", "alarm")])).toEqual({ status: "running", hold: null })
  })
})

describe("the hold of a run", () => {
  it("comes with a claimed success that a finding, or a halt that was not obeyed, speaks against", () => {
    expect(outcomeOf(run("succeeded"), [found("T12", "quarantine")]).hold).toBe("quarantined")
    expect(outcomeOf(run("succeeded"), [found("T01", "halt")]).hold).toBe("quarantined")
    expect(outcomeOf(run("succeeded"), [], [act("halt")]).hold).toBe("quarantined")
    expect(outcomeOf(run("succeeded"), [found("T01", "alarm")]).hold).toBeNull()
    expect(outcomeOf(run("failed"), [found("T12", "quarantine")]).hold).toBeNull()
  })

  it("waits for the end of the grace that a proof has", () => {
    const waiting = [found("T11", "quarantine", 900_000)]
    expect(outcomeOf(run("succeeded", 900_000), waiting).hold).toBeNull()
    expect(outcomeOf(run("succeeded", 900_001), waiting).hold).toBe("quarantined")
  })

  it("is a person's to take back, until something else is found; a rejection stays", () => {
    const known = [found("T12", "quarantine")]
    const released = [act("release", ["T12 "])]
    expect(outcomeOf(run("succeeded"), known, released).hold).toBe("released")
    expect(outcomeOf(run("succeeded"), [...known, found("T08", "quarantine")], released).hold).toBe("quarantined")
    expect(outcomeOf(run("succeeded"), [...known, found("T19", "alarm")], released).hold).toBe("released")
    expect(outcomeOf(run("succeeded"), [found("T08", "quarantine")], [act("reject")]).hold).toBe("rejected")
    expect(outcomeOf(run("failed"), [], [act("quarantine")]).hold).toBe("quarantined")
    expect(outcomeOf(run("succeeded"), known, [act("quarantine"), act("release", ["T12 "])]).hold).toBe("released")
    expect(outcomeOf(run("succeeded"), known, [act("supersede")]).hold).toBe("superseded")
  })
})
