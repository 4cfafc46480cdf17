import { afterAll, beforeAll, expect, test } from "vitest"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { canonicalJson, sha256 } from "@/lib/canonical"
import { decide } from "@/policy/decide"
import { snapshotFromJson } from "@/policy/snapshot-json"
import { openLedger } from "./testing"
import { validate } from "./validate"
import { writeEvents } from "./writer"

let ledger: Awaited<ReturnType<typeof openLedger>>
const POLICY = {
  max_cost_run: "1.00",
  loop: { same_call_k: 3, window: 20, same_call_in_window_m: 5 },
  allowed_models: ["m"],
}
beforeAll(async () => {
  ledger = await openLedger()
  await ledger.query(
    (tx) => tx`insert into policies (project_id, workflow, version, document, hash, author, reason)
      values (${ledger.key.project.id}, '', 1, ${JSON.stringify(POLICY)}::text::jsonb, '', 'test', 'test')`,
  )
})
afterAll(() => ledger.close())

const FROM = Date.UTC(2026, 10, 20, 10)
const at = (n: number) => new Date(FROM + n * 1000).toISOString()
const start = (run: string) => ({ id: `${run}:start`, type: "run.started", run, at: at(0), workflow: "w" })
const call = (run: string, n: number, more: object = {}) => ({
  id: `${run}:${n}`,
  type: "span",
  run,
  span: `s${n}`,
  kind: "llm",
  start: at(n),
  end: at(n),
  model: "m",
  cost: "0.6",
  ...more,
})
const count = async (table: string, run: string) => {
  const [row] = await ledger.query(
    (tx) => tx<{ n: number }[]>`select count(*)::int as n from ${tx(table)} where starts_with(run_id, ${run})`,
  )
  return row?.n
}
const write = (events: readonly object[], mode: "commit" | "probe") => {
  const { project, keyId } = ledger.key
  const judged = events.map((raw) => {
    const result = validate(raw, { projectId: project.id, keyId, currency: "USD", receivedAt: Date.now() })
    if (!result.ok) throw new Error(JSON.stringify(result.rejection))
    return result.event
  })
  return writeEvents(judged, [], mode)
}

test("F22 what is rolled back leaves no judgement behind, and what is committed is judged once, by however many writers it comes", async () => {
  const events = [start("once"), call("once", 1), call("once", 2)]
  await write(events, "probe")
  for (const table of ["run_policies", "run_findings", "decisions", "directives"])
    expect(await count(table, "once"), table).toBe(0)
  const answers = await Promise.all([1, 2, 3].map(() => write(events, "commit")))
  for (const { told } of answers) expect(told).toMatchObject([{ told: { run: "once", action: "halt", rule: "T01" } }])
  await write(events, "commit")
  for (const table of ["run_policies", "run_findings", "decisions", "directives"])
    expect(await count(table, "once"), table).toBe(1)
})

test("a hundred runs at once: each is told to halt in the answer to the very batch that crossed its limit, never before, and is judged once", async () => {
  const runs = Array.from({ length: 100 }, (_, i) => `many-${i}`)
  await Promise.all(runs.map((run) => ledger.send([start(run)])))
  const first = await Promise.all(runs.map((run) => ledger.send([call(run, 1)])))
  expect(first.flatMap(({ directives }) => directives)).toEqual([])
  const second = await Promise.all(runs.map((run) => ledger.send([call(run, 2)])))
  expect(second.map(({ directives }) => directives)).toEqual(
    runs.map((run) => [{ run, action: "halt", rule: "T01", observed: "1.2", limit: "1", step: null }]),
  )
  // The first was in tolerance and past the mark of 80 % neither; the alarm and the halt are one finding that grew.
  for (const table of ["run_findings", "directives"]) expect(await count(table, "many-"), table).toBe(100)
  expect((await withOwner(ledger.database.owner, audit)).differences).toEqual([])
})

test("what is logged decides the same again: input, hash and finding", async () => {
  const rows = await ledger.query(
    (tx) => tx`select rule, subject, input, input_hash, finding from decisions where starts_with(run_id, 'many-')`,
  )
  expect(rows).toHaveLength(100)
  for (const { rule, subject, input, input_hash, finding } of rows) {
    expect(sha256(canonicalJson(input))).toBe(input_hash)
    const again = decide(POLICY, snapshotFromJson(input)).find((each) => each.rule === rule && each.subject === subject)
    expect(again).toEqual(finding)
  }
})

test("a loop late in a long run is found from the last calls alone, and told whole", async () => {
  const tool = (n: number, q: number) =>
    call("long", n, { kind: "tool", name: "search", input: { q }, cost: undefined, model: undefined })
  await ledger.send([start("long"), ...Array.from({ length: 300 }, (_, n) => tool(n + 1, n))])
  for (const n of [301, 302]) expect((await ledger.send([tool(n, 7)])).directives).toEqual([])
  expect((await ledger.send([tool(303, 7)])).directives).toMatchObject([{ rule: "T06", observed: "3", limit: "2" }])
  await ledger.send([tool(304, 7)])
  const [found] = await ledger.query(
    (tx) => tx`select observed, evidence from run_findings where run_id = 'long' and rule = 'T06'`,
  )
  expect(found).toEqual({ observed: "4", evidence: ["s301", "s302", "s303", "s304"] })
})

test("what cannot be judged is stored, told as undecided, and its output is held back", async () => {
  await ledger.query(
    (tx) => tx`insert into policies (project_id, workflow, version, document, hash, author, reason)
      values (${ledger.key.project.id}, 'broken', 1, '{"max_cost_run": "much"}'::jsonb, '', 'test', 'test')`,
  )
  const end = { id: "dark:end", type: "run.finished", run: "dark", at: at(9), outcome: "succeeded" }
  const answer = await ledger.send([{ ...start("dark"), workflow: "broken" }, end])
  expect(answer).toMatchObject({ accepted: 2 })
  const [run] = await ledger.query((tx) => tx`select status, proof, hold from runs where id = 'dark'`)
  expect(run).toEqual({ status: "succeeded", proof: "unproven", hold: "quarantined" })
})
