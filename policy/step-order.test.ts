import { describe, expect, it } from "vitest"
import type { PolicyDocument } from "@/lib/contracts/policies"
import { decide } from "./decide"
import vectors from "./fixtures/step-order.json"
import { outcomeOf } from "./outcome"
import { snapshotOf } from "./testing"
import { findingId } from "./types"

const FINAL = `sha256:${"f".repeat(64)}`
const { steps, edges, required_verifications } = vectors.workflow
const POLICY: PolicyDocument = {
  steps: steps.map((id) => ({ id, after: edges.filter(([, to]) => to === id).map(([from]) => from as string) })),
  required_verifications: required_verifications.map((name) => ({ name })),
}
const START = Date.UTC(2026, 10, 20, 10)
const at = (second: number) => new Date(START + second * 1000).toISOString()

/** The lines of a vector as events with numbers, a second apart; a step is its start and its end. */
function story(lines: readonly string[][]): Record<string, unknown>[] {
  const told = lines.flatMap(([name = "", how]): Record<string, unknown>[] => {
    if (name === "finish") return [{ type: "run.finished", outcome: "succeeded", output: { sha256: FINAL, refs: [] } }]
    if (required_verifications.includes(name)) {
      const outcome = how === "pass" ? "passed" : "failed"
      const verifier = { name: "row_count.sh", hash: `sha256:${"a".repeat(64)}` }
      return [{ type: "verification", check: name, outcome, artifact: FINAL, verifier }]
    }
    return [
      { type: "step.started", step: name },
      { type: "step.finished", step: name, outcome: how === "ok" ? "succeeded" : "failed" },
    ]
  })
  const attempts = new Map<unknown, number>()
  return [{ type: "run.started", workflow: "invoices", agent: "extractor" }, ...told].map((event, index) => {
    if (event.type === "step.started") attempts.set(event.step, (attempts.get(event.step) ?? 0) + 1)
    const attempt = String(event.type).startsWith("step.") ? { attempt: attempts.get(event.step) } : {}
    return { id: `r1:${index + 1}`, run: "r1", seq: index + 1, at: at(index), ...event, ...attempt }
  })
}

/** The vectors name a rule, then say it in words of their own: `T08 missing s4`. */
const ruleAndStep = (text: string) => `${text.slice(0, 3)} ${/\b(s\d|row_count_check)\b/.exec(text)?.[1]}`
const found = (events: readonly unknown[], asOf?: number) => decide(POLICY, snapshotOf(events, asOf))

describe("the order of steps, by the vectors", () => {
  const cases = vectors.cases.filter((each) => Array.isArray(each.events))

  it.each(cases.map((each) => [each.name, each] as const))("%s", (_, each) => {
    const events = story(each.events as string[][])
    const deliveries = [events, events.toReversed(), [...events.slice(5), ...events.slice(0, 5)]]
    const graceIsOver = START + 3_600_000
    const states = deliveries.map((delivery) => {
      const run = snapshotOf(delivery, graceIsOver)
      const findings = decide(POLICY, run)
      expect(findings.map(findingId)).toEqual([each.expect].flat().map(ruleAndStep).sort())
      expect(findings.every(({ action }) => action === "quarantine")).toBe(true)
      return JSON.stringify([findings, outcomeOf(run, findings)])
    })
    expect(new Set(states).size).toBe(1)
    const run = snapshotOf(events, graceIsOver)
    const { hold } = outcomeOf(run, decide(POLICY, run))
    expect(hold).toBe(each.final_state === "done" ? null : "quarantined")
  })

  const [seed] = vectors.cases
  const events = story(seed?.events as string[][])
  const s5 = events.findIndex(({ type, step }) => type === "step.started" && step === "s5")

  it("halts the seed story when s5 starts, not before", () => {
    expect(found(events.slice(0, s5))).toEqual([])
    const run = snapshotOf(events.slice(0, s5 + 1))
    const findings = decide(POLICY, run)
    expect(findings).toMatchObject([
      { rule: "T10", subject: "s5", step: "s5", action: "halt", observed: "s3", evidence: ["r1:7", "r1:8"] },
    ])
    expect(outcomeOf(run, findings)).toEqual({ status: "halting", hold: null })
  })

  it("a success that comes before its step is due takes nothing back, one that comes in time does", () => {
    const late = [
      ...events.slice(0, s5 + 1),
      { id: "x1", run: "r1", seq: s5 + 2, at: at(s5 + 2), type: "step.started", step: "s3", attempt: 2 },
      {
        id: "x2",
        run: "r1",
        seq: s5 + 3,
        at: at(s5 + 3),
        type: "step.finished",
        step: "s3",
        attempt: 2,
        outcome: "succeeded",
      },
    ]
    expect(found(late).map(findingId)).toEqual(["T10 s5"])
  })

  it("waits for missing numbers, ten seconds of a running and a minute of an ended run, then says what it lacked", () => {
    const gap = events.slice(0, s5 + 1).filter(({ seq }) => seq !== 2)
    const last = START + s5 * 1000
    expect(found(gap, last + 9_999)).toEqual([])
    expect(found(gap, last + 10_000)).toMatchObject([{ rule: "T10", isEvidenceIncomplete: true }])
    const ended = events.filter(({ seq }) => seq !== 2)
    const end = START + (events.length - 1) * 1000
    expect(found(ended, end + 59_999).map(findingId)).toEqual(["T11 row_count_check"])
    expect(found(ended, end + 60_000).map(({ rule, isEvidenceIncomplete }) => [rule, isEvidenceIncomplete])).toEqual([
      ["T08", true],
      ["T10", true],
      ["T11", false],
    ])
  })
})
