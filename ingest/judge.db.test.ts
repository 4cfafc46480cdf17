import { afterAll, beforeAll, expect, test } from "vitest"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import type { PolicyDocument } from "@/lib/contracts/policies"
import { openLedger } from "./testing"

let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.close())

let version = 0
const savePolicy = (workflow: string, document: PolicyDocument) =>
  ledger.query(
    (tx) =>
      tx`insert into policies (project_id, workflow, version, document, hash, author, reason)
         values (${ledger.key.project.id}, ${workflow}, ${++version}, ${JSON.stringify(document)}::text::jsonb, '', 'test', 'test')`,
  )
const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString()
const stateOf = async (run: string) =>
  (
    await ledger.query(
      (tx) =>
        tx`select status, proof, hold, halt_rule, halt_step from runs where project_id = ${ledger.key.project.id} and id = ${run}`,
    )
  )[0]
const findingsOf = (run: string) =>
  ledger.query(
    (tx) =>
      tx`select rule, subject, action, observed, limit_value from run_findings where run_id = ${run} order by 1, 2`,
  )

const PLAN = ["fetch", "parse", "validate", "enrich", "load", "summarise"]
function story(run: string): Record<string, unknown>[] {
  let n = 0
  const event = (type: string, more: object) => ({ id: `${run}:${++n}`, type, run, seq: n, at: at(n), ...more })
  const call = (cost: string) => ({
    ...{
      id: `${run}:${++n}`,
      type: "span",
      run,
      seq: n,
      span: `c${n}`,
      kind: "llm",
      start: at(n),
      end: at(n),
      cost,
      status: "ok",
    },
  })
  const step = (name: string, outcome: string, cost: string) => [
    event("step.started", { step: name, attempt: 1 }),
    call(cost),
    event("step.finished", { step: name, attempt: 1, outcome }),
  ]
  return [
    event("run.started", { workflow: "invoices", agent: "extractor", plan: PLAN, checks: [] }),
    ...step("fetch", "succeeded", "9"),
    ...step("parse", "succeeded", "9"),
    ...step("validate", "failed", "18"),
    ...step("load", "succeeded", "9"),
    ...step("summarise", "succeeded", "9"),
    event("run.finished", { outcome: "succeeded", output: { refs: ["fetch", "validate"] } }),
  ]
}

test("a run keeps the policy of its first event; the answer to the very batch that went past a failure says halt, and every later one", async () => {
  await ledger.send([{ id: "old:1", type: "run.started", run: "old", at: at(0), workflow: "invoices" }])
  await savePolicy("invoices", { max_cost_run: "100.00" })
  const events = story("live")
  const answers = []
  for (const event of events.slice(0, 12)) answers.push(await ledger.send([event]))
  const halted = answers.findIndex(({ directives }) => directives.length > 0)
  expect(events[halted]).toMatchObject({ type: "step.started", step: "load" })
  const told = { run: "live", action: "halt", rule: "T10", observed: "validate", limit: "success", step: "load" }
  expect(answers.slice(halted).map(({ directives }) => directives)).toEqual(answers.slice(halted).map(() => [told]))
  expect((await ledger.send([events[0]])).directives).toEqual([told])
  expect(await stateOf("live")).toMatchObject({ status: "halting", hold: null, halt_rule: "T10", halt_step: "load" })
  await ledger.send([
    { id: "old:2", type: "span", run: "old", span: "a", kind: "llm", start: at(1), end: at(2), cost: "500" },
  ])
  expect(await findingsOf("old")).toEqual([])

  await ledger.send(events.slice(12))
  expect(await stateOf("live")).toMatchObject({ status: "succeeded", proof: "unproven", hold: "quarantined" })
  const late = await ledger.send([events[0]])
  expect(late.directives).toMatchObject([{ run: "live", action: "quarantine" }])
})

test("told at once the same run is quarantined; findings and state are those of the run told event by event", async () => {
  const answer = await ledger.send(story("batch"))
  expect(answer.directives).toMatchObject([{ run: "batch", action: "quarantine" }])
  expect(await stateOf("batch")).toEqual({ ...(await stateOf("live")) })
  expect(await findingsOf("batch")).toEqual(await findingsOf("live"))
  const reversed = await ledger.send(story("reversed").reverse())
  expect(reversed.directives).toHaveLength(1)
  expect(await findingsOf("reversed")).toEqual(await findingsOf("live"))
  expect((await withOwner(ledger.database.owner, audit)).differences).toEqual([])
})
