import { afterAll, beforeAll, expect, test } from "vitest"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { rebuild } from "./rebuild"
import { openLedger } from "./testing"

let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger()
  const policy = JSON.stringify({ heartbeat_s: 60 })
  await ledger.query(
    (tx) => tx`insert into policies (project_id, workflow, version, document, hash, author, reason)
      values (${ledger.key.project.id}, 'invoices', 1, ${policy}::text::jsonb, '', 'test', 'test')`,
  )
})
afterAll(() => ledger.close())

const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString()

/** No event has a number, so that nothing is known to be missing when the second attempt of the failed step comes last. */
function story(run: string) {
  const event = (n: number, type: string, more: object) => ({ id: `${run}:${n}`, type, run, at: at(n), ...more })
  const attempt = (n: number, step: string, number: number, outcome: string) => [
    event(n, "step.started", { step, attempt: number }),
    event(n + 1, "step.finished", { step, attempt: number, outcome }),
  ]
  return {
    begun: event(1, "run.started", { workflow: "invoices", agent: "a", plan: ["validate", "load"], checks: [] }),
    failed: attempt(2, "validate", 1, "failed"),
    late: attempt(4, "validate", 2, "succeeded"),
    on: attempt(6, "load", 1, "succeeded"),
    ended: event(9, "run.finished", { outcome: "succeeded" }),
    halted: event(9, "run.halted", { by: "client", rule: "T10", step: "load", reason: "told to" }),
  }
}
const stateOf = async (run: string) =>
  (
    await ledger.query(
      (tx) => tx`select status, hold, halt_by, halt_rule, halt_step, halt_observed, halt_limit, halt_unit,
        (select count(*)::int from run_findings f where f.project_id = r.project_id and f.run_id = r.id) as findings
        from runs r where id = ${run}`,
    )
  )[0]
const logged = (run: string) =>
  ledger.query(
    (tx) =>
      tx`select rule, action, is_late, finding ->> 'text' as text from decisions where run_id = ${run} order by id`,
  )
const T10 = { halt_rule: "T10", halt_step: "load", halt_observed: "validate", halt_limit: "success" }

test("what a late success takes away is the finding, never the halt: it is told on, noted once, and a rebuild keeps it", async () => {
  const { begun, failed, late, on } = story("open")
  await ledger.send([begun, ...failed])
  const [told] = (await ledger.send(on)).directives
  expect(told).toMatchObject({ action: "halt", rule: "T10", observed: "validate", step: "load" })
  const halting = { status: "halting", hold: null, halt_by: "andon", ...T10, halt_unit: "step before it" }
  expect(await stateOf("open")).toEqual({ ...halting, findings: 1 })

  expect((await ledger.send(late)).directives).toEqual([told])
  expect(await stateOf("open")).toEqual({ ...halting, findings: 0 })
  expect((await ledger.send([{ ...on[0], id: "open:again", at: at(8) }])).directives).toEqual([told])
  expect(await logged("open")).toEqual([
    expect.objectContaining({ rule: "T10", action: "halt", is_late: false }),
    expect.objectContaining({ rule: "T20", action: "alarm", is_late: true, text: expect.stringContaining("T10") }),
  ])
  const open = await ledger.query(
    (
      tx,
    ) => tx`select e.state, e.rule, e.observed, e.limit_value, e.unit from exceptions e join exception_runs x on x.exception_id = e.id
      where x.run_id = 'open' and x.kind = 'halt' and x.cleared_at is null`,
  )
  expect([...open]).toEqual([
    { state: "unack_active", rule: "T10", observed: "validate", limit_value: "success", unit: "step before it" },
  ])
  await rebuild(ledger.key.project.id, { order: "shuffle" })
  expect(await stateOf("open")).toEqual({ ...halting, findings: 0 })
})

test("how it ended hangs on its events alone: told to halt or not, a success that nothing speaks against is not held back", async () => {
  const { begun, failed, late, on, ended } = story("ends")
  for (const part of [[begun, ...failed], on, late, [ended]]) await ledger.send(part)
  const whole = story("whole")
  await ledger.send([whole.begun, ...whole.failed, ...whole.late, ...whole.on, whole.ended])
  const end = { status: "succeeded", hold: null, findings: 0, halt_rule: null }
  expect(await stateOf("ends")).toMatchObject(end)
  expect(await stateOf("ends")).toEqual(await stateOf("whole"))
  expect((await ledger.send([{ ...on[0], id: "ends:again" }])).directives).toEqual([])
  expect(await stateOf("ends")).toMatchObject(end)
})

test("a run that confirms its halt keeps what its rule had measured, whichever came first", async () => {
  const { begun, failed, on, halted } = story("confirms")
  for (const part of [[begun, ...failed], on, [halted]]) await ledger.send(part)
  const turned = story("turned")
  for (const part of [[turned.halted], turned.on, [turned.begun, ...turned.failed]]) await ledger.send(part)
  const state = { status: "halted", halt_by: "client", ...T10, halt_unit: "step before it" }
  expect(await stateOf("confirms")).toMatchObject(state)
  expect(await stateOf("turned")).toEqual(await stateOf("confirms"))
  expect((await withOwner(ledger.database.owner, audit)).differences).toEqual([])
})
