import { afterAll, beforeAll, expect, test } from "vitest"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { projectionHash } from "@/db/queries/projection-hash"
import type { PolicyDocument } from "@/lib/contracts/policies"
import { applyRetention } from "./maintain"
import { REPLAY_ORDERS, rebuild } from "./rebuild"
import { openLedger } from "./testing"
import { watchRuns } from "./watch-runs"

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

const started = (run: string, workflow: string, from: number, more: object = {}) => ({
  id: `${run}:1`,
  type: "run.started",
  run,
  at: new Date(from).toISOString(),
  workflow,
  ...more,
})
const decided = (run: string) =>
  ledger.query((tx) => tx`select rule, action, is_late from decisions where run_id = ${run} order by id`)

test("a silent run stalls, then is too long and is halted, then counts as halted; each look that finds something is an event, others leave none", async () => {
  await savePolicy("slow", { max_duration_s: 600, heartbeat_s: 60 })
  const from = Date.now() - 3_600_000
  await ledger.send([started("slow-1", "slow", from)])
  expect(await watchRuns(from + 30_000)).toBe(0)
  expect(await watchRuns(from + 60_000)).toBe(0)
  expect(await watchRuns(from + 60_001)).toBe(1)
  expect(await stateOf("slow-1")).toMatchObject({ status: "stalled" })
  expect(await watchRuns(from + 120_000)).toBe(0)
  await ledger.send([
    { id: "slow-1:2", type: "step.started", run: "slow-1", at: new Date(from + 590_000).toISOString(), step: "s" },
  ])
  expect(await stateOf("slow-1")).toMatchObject({ status: "running" })
  expect(await watchRuns(from + 600_000)).toBe(0)
  expect(await watchRuns(from + 600_001)).toBe(1)
  expect(await stateOf("slow-1")).toMatchObject({ status: "halting", halt_rule: "T03" })
  expect(await watchRuns(from + 720_000)).toBe(1)
  expect(await stateOf("slow-1")).toMatchObject({ status: "halted" })
  const ticks = await ledger.query((tx) => tx`select id from events where run_id = 'slow-1' and type = 'tick'`)
  expect(ticks).toHaveLength(3)
  const told = await ledger.send([
    { id: "slow-1:3", type: "step.started", run: "slow-1", at: new Date(from + 720_500).toISOString(), step: "t" },
  ])
  expect(told.directives).toMatchObject([{ run: "slow-1", action: "halt", rule: "T03", observed: "600.001" }])
  expect(await exceptionsOf("slow-1")).toMatchObject([{ kind: "halt" }, { kind: "alarm" }])
})

test("a claim without proof is unproven at once, and held back when the grace is over", async () => {
  await savePolicy("proven", { proof_grace_s: 900, required_verifications: [{ name: "rows" }] })
  const from = Date.now() - 3_600_000
  await ledger.send([
    started("claim", "proven", from),
    {
      id: "claim:2",
      type: "run.finished",
      run: "claim",
      at: new Date(from + 1_000).toISOString(),
      outcome: "succeeded",
      output: { sha256: `sha256:${"a".repeat(64)}` },
    },
  ])
  expect(await stateOf("claim")).toMatchObject({ status: "succeeded", proof: "unproven", hold: null })
  // The run of the test before has come to its end by then, too.
  await watchRuns(from + 900_000)
  expect(await watchRuns(from + 901_000)).toBe(0)
  expect(await watchRuns(from + 901_001)).toBe(1)
  expect(await stateOf("claim")).toMatchObject({ proof: "unproven", hold: "quarantined" })
  // Late proof changes what was decided: the hold goes, and the log says that it came late.
  await ledger.send([
    {
      id: "claim:3",
      type: "verification",
      run: "claim",
      at: new Date(from + 902_000).toISOString(),
      check: "rows",
      outcome: "passed",
      artifact: `sha256:${"a".repeat(64)}`,
      verifier: { name: "v", hash: `sha256:${"b".repeat(64)}` },
    },
  ])
  expect(await stateOf("claim")).toMatchObject({ proof: "verified", hold: null })
  expect(await decided("claim")).toMatchObject([{ rule: "T11" }, { rule: "T11", is_late: true }])
})

const exceptionsOf = (run: string) =>
  ledger.query(
    (tx) => tx`select e.kind, e.severity, e.state from exception_runs x join exceptions e on e.id = x.exception_id
      where x.run_id = ${run} order by e.severity, e.id`,
  )

test("the third stop within the hour pauses the line; history that is sent in stops none", async () => {
  await savePolicy("line", { max_cost_run: "1.00", on_signal: "pause" })
  const stop = async (run: string, from: number) =>
    await ledger.send([
      started(run, "line", from),
      {
        id: `${run}:2`,
        type: "span",
        run,
        span: "a",
        kind: "llm",
        cost: "1.000000000001",
        start: new Date(from).toISOString(),
        end: new Date(from + 1).toISOString(),
      },
    ])
  for (const run of ["h1", "h2", "h3"]) await stop(run, Date.now() - 7_200_000)
  const lineOf = () =>
    ledger.query((tx) => tx`select state, version, actor from workflow_states where workflow = 'line'`)
  expect(await lineOf()).toEqual([])
  for (const run of ["n1", "n2"]) await stop(run, Date.now() - 60_000)
  expect(await lineOf()).toMatchObject([{ state: "live" }])
  await stop("n3", Date.now())
  expect(await lineOf()).toMatchObject([{ state: "paused", version: 1, actor: "andon" }])
})

test("on a tightened line the alarm on cost of runs that begin comes at half of the limit, for good", async () => {
  await savePolicy("tight", { max_cost_run: "10.00" })
  const half = (run: string) => ({
    id: `${run}:2`,
    type: "span",
    run,
    span: "a",
    kind: "llm",
    cost: "5.01",
    model: "m",
    usage: { input: 1 },
    start: at(1),
    end: at(2),
  })
  await ledger.send([started("loose-1", "tight", Date.now())])
  await ledger.query(
    (tx) => tx`insert into workflow_states (project_id, workflow, state, version, reason, actor)
      values (${ledger.key.project.id}, 'tight', 'tightened', 1, 'test', 'test')`,
  )
  await ledger.send([started("tight-1", "tight", Date.now())])
  await ledger.query((tx) => tx`update workflow_states set state = 'live' where workflow = 'tight'`)
  await ledger.send([half("loose-1"), half("tight-1")])
  expect(await findingsOf("loose-1")).toEqual([])
  expect(await findingsOf("tight-1")).toMatchObject([{ rule: "T01", action: "alarm", limit_value: "5" }])
})

test("a workflow in which no run begins in time is an exception, until one does", async () => {
  await savePolicy("nightly", { schedule: { every_s: 60, grace_s: 30 } })
  const silent = () => ledger.query((tx) => tx`select state from exceptions where kind = 'silence'`)
  await watchRuns(Date.now() + 80_000)
  expect(await silent()).toEqual([])
  await watchRuns(Date.now() + 100_000)
  await watchRuns(Date.now() + 110_000)
  expect(await silent()).toMatchObject([{ state: "unack_active" }])
  const begun = Date.now() + 100_000
  await ledger.send([started("night", "nightly", begun)])
  for (const lasted of [89_999, 90_000]) {
    await watchRuns(begun + lasted)
    expect(await silent()).toMatchObject([{ state: "unack_cleared" }])
  }
  await watchRuns(begun + 90_001)
  expect(await silent()).toMatchObject([{ state: "unack_active" }])
})

test("after all of this a rebuild in any order finds the same, and every figure is the sum of its rows", async () => {
  const hash = () => ledger.query((tx) => projectionHash(tx, ledger.key.project.id))
  const before = await hash()
  for (const order of REPLAY_ORDERS) {
    await rebuild(ledger.key.project.id, { order })
    expect(await hash(), order).toBe(before)
  }
  expect((await withOwner(ledger.database.owner, audit)).differences).toEqual([])
})

test("retention takes the findings with their runs", async () => {
  await applyRetention(Date.now() + 86_400_000)
  const [left] = await ledger.query(
    (tx) => tx`select (select count(*)::int from runs) as runs, (select count(*)::int from run_findings) as findings,
      (select count(*)::int from run_policies) as pins, (select count(*)::int > 10 from decisions) as is_logged`,
  )
  expect(left).toEqual({ runs: 0, findings: 0, pins: 0, is_logged: true })
  expect(
    (await withOwner(ledger.database.owner, audit)).differences.filter(({ table }) => table === "run_findings"),
  ).toEqual([])
})
