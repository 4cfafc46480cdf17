import { afterAll, beforeAll, expect, test } from "vitest"
import { withProject } from "@/db/client"
import { getException } from "@/db/queries/exception"
import { getRunControl } from "@/db/queries/run-control"
import { applyRunAct } from "@/policy/apply-run-act"
import { settleRunAct } from "./settle-run-act"
import { openLedger } from "./testing"

let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger()
  const policy = JSON.stringify({ max_cost_run: "2.00", allowed_models: ["m1"] })
  await ledger.query(
    (tx) => tx`insert into policies (project_id, workflow, version, document, hash, author, reason)
      values (${ledger.key.project.id}, 'invoices', 1, ${policy}::text::jsonb, '', 'test', 'test')`,
  )
})
afterAll(() => ledger.close())

const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString()
const event = (run: string, n: number, type: string, more: object = {}) => ({
  id: `${run}:${n}`,
  type,
  run,
  seq: n,
  at: at(n),
  ...more,
})
const PLAN = ["fetch", "validate", "load"]

/** Fails at its second step, goes on, cites what never succeeded, and claims success. */
const story = (run: string, outcome = "succeeded") => [
  event(run, 1, "run.started", { workflow: "invoices", agent: "a", plan: [...PLAN, "mail"], checks: ["rows"] }),
  event(run, 2, "step.started", { step: "fetch", attempt: 1 }),
  event(run, 3, "step.finished", { step: "fetch", attempt: 1, outcome: "succeeded" }),
  event(run, 4, "step.started", { step: "validate", attempt: 1 }),
  event(run, 5, "step.finished", { step: "validate", attempt: 1, outcome: "failed" }),
  event(run, 6, "step.started", { step: "load", attempt: 1 }),
  event(run, 7, "step.finished", { step: "load", attempt: 1, outcome: "succeeded" }),
  event(run, 8, "verification", { check: "rows", outcome: "failed", artifact: ARTIFACT, verifier: { name: "v" } }),
  event(run, 9, "run.finished", { outcome, output: { sha256: ARTIFACT, refs: ["validate"] } }),
]
const ARTIFACT = `sha256:${"a".repeat(64)}`
const standing = (run: string) =>
  ledger.query(
    (tx) => tx`select e.kind, e.rule, e.severity, x.subject, e.observed, x.evidence from exception_runs x
      join exceptions e on e.project_id = x.project_id and e.id = x.exception_id
      where x.run_id = ${run} and x.cleared_at is null order by e.kind, x.subject`,
  )
const rulesOf = async (run: string) =>
  (
    await ledger.query(
      (tx) => tx`select distinct rule from run_findings where run_id = ${run} and action <> 'alarm' order by 1`,
    )
  ).map(({ rule }) => rule)

test("a run that is held back for four findings stands in one exception, of the strongest; any order ends there", async () => {
  await ledger.send(story("whole"))
  expect(await rulesOf("whole")).toEqual(["T08", "T10", "T12", "T17"])
  const one = { kind: "quarantine", rule: "T08", severity: "high", subject: "run" }
  expect(await standing("whole")).toEqual([expect.objectContaining(one)])
  for (const part of story("turned").reverse()) await ledger.send([part])
  expect(await rulesOf("turned")).toEqual(["T08", "T10", "T12", "T17"])
  expect(await standing("turned")).toEqual([expect.objectContaining(one)])
  const counted = await ledger.query(
    (tx) => tx`select count from exceptions where kind = 'quarantine' and rule = 'T08'`,
  )
  expect([...counted]).toEqual([{ count: 2 }])
  const open = await ledger.query(
    (tx) => tx`select count(*)::int as n from exceptions where kind = 'quarantine' and state <> 'resolved'`,
  )
  expect([...open]).toEqual([{ n: 1 }])
})

test("each finding, and the exception of the run, leads to the span of the event with which the limit was crossed", async () => {
  const project = ledger.key.project.id
  const run = "shown"
  await ledger.send([...story(run), event(run, 10, "step.started", { step: "load", attempt: 2 })])
  const { findings } = await withProject(project, (tx) => getRunControl(tx, run))
  const spans = Object.fromEntries(findings.map(({ rule, subject, span }) => [`${rule} ${subject}`, span]))
  expect(spans).toEqual({
    "T08 mail": null,
    // The first attempt went on, not the latest of the step.
    "T10 load": "step:load:1",
    "T12 rows": null,
    "T17 validate": "step:validate:1",
  })
  const halting = "stops"
  await ledger.send(story(halting).slice(0, 7))
  const [row] = await ledger.query(
    (tx) => tx`select exception_id::text as id from exception_runs where run_id = ${halting}`,
  )
  const exception = await withProject(project, (tx) => getException(tx, row?.id, Date.now()))
  expect(exception).toMatchObject({
    kind: "halt",
    rule: "T10",
    observed: "validate",
    limit: "success",
    unit: "step before it",
    latest: { run: { evidence_span_id: "step:load:1" } },
  })
})

test("what is stronger takes its place; an alarm beside it is a trouble of its own", async () => {
  await ledger.send(story("dear"))
  const call = { span: "c", kind: "llm", model: "m2", start: at(6), end: at(6), status: "ok", cost: "2.01" }
  await ledger.send([event("dear", 10, "span", call)])
  expect(await standing("dear")).toMatchObject([
    { kind: "alarm", rule: "T19" },
    { kind: "quarantine", rule: "T01", subject: "run", observed: "2.01" },
  ])
})

test("a failed run that went past limits is told once, as an alarm", async () => {
  await ledger.send(story("fails", "failed"))
  expect((await rulesOf("fails")).length).toBeGreaterThan(0)
  expect(await standing("fails")).toMatchObject([{ kind: "alarm", rule: "T10", subject: "run" }])
})

test("what a person let go is no trouble any more: another finding that takes the release back is the one that is told", async () => {
  const run = "freed"
  await ledger.send(story(run))
  await withProject(ledger.key.project.id, async (tx) => {
    const input = { act: "release", reason: "looked at", version: 0 } as const
    await settleRunAct(tx, await applyRunAct(tx, run, input, "user:ada@example.com"))
  })
  expect(await standing(run)).toEqual([])
  const call = { span: "c", kind: "llm", model: "m1", start: at(6), end: at(6), status: "ok", cost: "3" }
  await ledger.send([event(run, 10, "span", call)])
  expect(await standing(run)).toMatchObject([{ kind: "quarantine", rule: "T01", subject: "run" }])
})
