import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { withProject } from "@/db/client"
import { withOwner } from "@/db/owner"
import { getException } from "@/db/queries/exception"
import { getExceptionNumbers } from "@/db/queries/exception-numbers"
import type { ExceptionActInput } from "@/lib/contracts/exceptions"
import type { ExceptionAct } from "@/lib/vocabulary"
import { applyAct } from "@/policy/apply-act"
import { type ConditionChange, settleConditions } from "./exceptions"
import { sweepDue } from "./sweep-due"
import { drawSamples } from "./sweep-samples"
import { openLedger } from "./testing"

let ledger: Awaited<ReturnType<typeof openLedger>>
let project: number
let n = 0
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.close())
beforeEach(async () => {
  project = (await ledger.addProject(`c${n++}`)).project.id
})

const HOUR = 3_600_000
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString()
const owner = (statement: string) => withOwner(ledger.database.owner, (sql) => sql.unsafe(statement))

function condition(change: Partial<ConditionChange> = {}): ConditionChange {
  const about = {
    kind: change.kind ?? "alarm",
    workflow: "w",
    rule: "T01",
    step: null,
    reason: "cost is over its limit",
  } as const
  return {
    projectId: project,
    runId: "r1",
    kind: "alarm",
    severity: "low",
    subject: "T01 ",
    isActive: true,
    at: inHours(-1),
    about,
    ...change,
  }
}
const settle = (...changes: ConditionChange[]) => ledger.query((tx) => settleConditions(tx, changes, "ingest"), project)
const found = () =>
  withOwner(ledger.database.owner, async (sql) => [
    ...(await sql`select e.id::text, e.kind, e.severity, e.state, e.count, e.version, e.escalation, e.observed,
      (select array_agg(x.run_id order by x.run_id) from exception_runs x where x.project_id = e.project_id and x.exception_id = e.id and x.cleared_at is null) as runs
      from exceptions e where e.project_id = ${project} order by e.kind, e.rule, e.id`),
  ])
const act = (id: string, what: ExceptionAct, input: ExceptionActInput) =>
  withProject(project, (tx) => applyAct(tx, id, what, input, "user:ada@example.com"))
const only = async () => String((await found())[0]?.id)

it("one run stands in as many exceptions as it has conditions, each once", async () => {
  const other = condition({ subject: "T02 ", about: { ...condition().about, rule: "T02" } })
  const held = condition({
    kind: "quarantine",
    severity: "high",
    subject: "",
    about: { ...condition().about, kind: "quarantine" },
  })
  for (let i = 0; i < 2; i++) await settle(condition({ observed: "5", limit: "4", unit: "USD" }), other, held)
  await settle(condition({ runId: "r2", severity: "high" }))
  expect(await found()).toMatchObject([
    { kind: "alarm", severity: "high", count: 2, observed: "5", runs: ["r1", "r2"] },
    { kind: "alarm", count: 1 },
    { kind: "quarantine", severity: "high", count: 1 },
  ])
})

it("what comes back after it was resolved is raised anew, and the resolved one keeps its run", async () => {
  await settle(condition())
  await act(await only(), "resolve", { version: 1, cause: "limit_too_tight" })
  await settle(condition({ isActive: false }))
  await settle(condition())
  await settle(condition())
  expect(await found()).toMatchObject([
    { state: "resolved", count: 1, runs: null },
    { state: "unack_active", count: 1, runs: ["r1"] },
  ])
})

it("a snooze has a reason and an end that is not too far, wakes by itself, and a halt has none", async () => {
  await settle(condition({ severity: "critical" }))
  const id = await only()
  for (const until of [inHours(-1), inHours(2)])
    await expect(act(id, "snooze", { version: 1, until, note: "x" })).rejects.toMatchObject({ field: "until" })
  await act(id, "snooze", { version: 1, until: inHours(1), note: "after the import" })
  expect((await sweepDue()).woken).toBe(0)
  await owner(`update exceptions set until_at = now() where project_id = ${project}`)
  expect((await sweepDue()).woken).toBe(1)
  expect(await found()).toMatchObject([{ state: "unack_active", version: 3, escalation: 0 }])
  const { log, until_at } = await withProject(project, (tx) => getException(tx, id, Date.now()))
  expect([until_at, log[0]]).toMatchObject([null, { actor: "andon", action: "wake" }])
  await settle(condition({ kind: "halt", subject: "", runId: "r9", about: { ...condition().about, kind: "halt" } }))
  const halt = String((await found())[1]?.id)
  await expect(act(halt, "snooze", { version: 1, until: inHours(0.5), note: "x" })).rejects.toMatchObject({
    code: "illegal_transition",
  })
})

it("what was meant to be counts on in silence, and after its end stands there as gone when it is", async () => {
  await settle(condition())
  const id = await only()
  await expect(act(id, "suppress", { version: 1, until: inHours(31 * 24), note: "x" })).rejects.toMatchObject({
    field: "until",
  })
  await act(id, "suppress", { version: 1, until: inHours(30 * 24), note: "load test" })
  await settle(condition({ runId: "r2" }))
  await settle(condition({ isActive: false }), condition({ runId: "r2", isActive: false }))
  expect(await found()).toMatchObject([{ state: "suppressed_by_design", count: 2 }])
  await owner(`update exceptions set until_at = now() where project_id = ${project}`)
  await sweepDue()
  expect(await found()).toMatchObject([{ state: "unack_cleared", version: 4 }])
})

it("an unseen critical one is carried to the next after 5 minutes and to all after 15, once each, without a new version", async () => {
  await settle(
    condition({ severity: "critical" }),
    condition({ subject: "T02 ", about: { ...condition().about, rule: "T02" } }),
  )
  const age = (minutes: number) =>
    owner(`update exceptions set waits_since = now() - interval '${minutes} minutes' where project_id = ${project}`)
  const told = async () =>
    (await sweepDue()).escalated.filter(({ projectId }) => projectId === project).map(({ level }) => level)
  await age(4)
  expect(await told()).toEqual([])
  await age(5)
  expect([await told(), await told()]).toEqual([[1], []])
  await age(15)
  expect([await told(), await told()]).toEqual([[2], []])
  expect(await found()).toMatchObject([{ version: 1, escalation: 2 }, { escalation: 0 }])
  await act(await only(), "acknowledge", { version: 1 })
})

it("one passed run in a hundred is drawn, at least five of a week that is over, the same ones every time, and none without a policy", async () => {
  const run = (from: number, to: number, at: string) => `
    insert into runs (project_id, id, started_at, last_event_at, workflow, status, proof, proof_reasons, is_partial, notes, facts, dimension_set_id,
      first_received_at, last_received_at)
    select ${project}, 'run-' || i, ${at}, ${at}, 'w', 'succeeded', 'verified', '[]', false, '[]', '{}', 0, ${at}, ${at} from generate_series(${from}, ${to}) i`
  await owner(run(1, 40, "date_trunc('week', now()) - interval '2 days'"))
  expect(await drawSamples()).toBe(0)
  await owner(
    `insert into policies (project_id, workflow, version, document, hash, author, reason) values (${project}, '', 1, '{}', 'h', 'ada', 'x')`,
  )
  expect(await drawSamples()).toBe(5)
  const first = (await found()).flatMap(({ runs }) => runs)
  expect(await drawSamples()).toBe(0)
  await act(await only(), "resolve", { version: 1, cause: "rules_missed" })
  expect(await drawSamples(), "what was looked at is not drawn again").toBe(0)
  const { sample, raised } = await withProject(project, (tx) => getExceptionNumbers(tx, Date.now()))
  expect([raised, sample]).toMatchObject([0, { drawn: 5, reviewed: 1, missed: 1, high: 1 }])
  await owner(
    `delete from exception_runs where project_id = ${project}; delete from exceptions where project_id = ${project}`,
  )
  expect(await drawSamples()).toBe(5)
  expect((await found()).flatMap(({ runs }) => runs).sort()).toEqual(first.sort())
  await owner(run(1_000, 3_999, "date_trunc('week', now()) - interval '3 days'"))
  const all = await drawSamples()
  expect(all, "about thirty of three thousand").toBeGreaterThan(15)
  expect(all).toBeLessThan(50)
})
