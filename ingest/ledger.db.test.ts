import { afterAll, beforeAll, expect, test } from "vitest"
import { projectionHash } from "@/db/queries/projection-hash"
import { REPLAY_ORDERS, rebuild } from "./rebuild"
import { openLedger } from "./testing"

const price = {
  provider: "anthropic",
  model: "claude-sonnet-4-5",
  prompt_above: 0,
  valid_from: "2000-01-01T00:00:00.000Z",
  input: "0.000003",
  cache_read: "0.0000003",
  cache_write: "0.00000375",
  output: "0.000015",
  reasoning: null,
  audio_input: null,
  audio_output: null,
  source: "test",
  source_date: "2026-01-01",
}
let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger({ prices: [price] })
})
afterAll(() => ledger.close())

const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString()
const totals = (run: string) =>
  ledger.query(async (tx) => {
    const [row] =
      await tx`select status, proof, proof_reasons, cost::text, calls, unpriced_calls, input::int, cache_read::int, spans, is_partial, workflow from runs where id = ${run}`
    return row
  })

test("a run, its span and its cost land in every projection", async () => {
  const answer = await ledger.send([
    { id: "a:1", type: "run.started", run: "a", seq: 1, at: at(0), workflow: "w", agent: "x" },
    {
      id: "a:2",
      type: "span",
      run: "a",
      seq: 2,
      span: "s1",
      kind: "llm",
      start: at(1),
      end: at(2),
      provider: "anthropic",
      model: "claude-sonnet-4-5",
      usage: { input: 5, cache_read: 128955, cache_write: 1253 },
    },
    { id: "a:3", type: "run.finished", run: "a", seq: 3, at: at(3), outcome: "succeeded" },
  ])
  expect(answer).toMatchObject({ accepted: 3, rejected: 0, results: [] })
  expect(await totals("a")).toMatchObject({
    status: "succeeded",
    proof: "unchecked",
    cost: "0.04340025",
    calls: 1,
    unpriced_calls: 0,
    workflow: "w",
  })
})

test("the same batch again changes nothing, another body under the same id is a conflict", async () => {
  const first = {
    id: "a:2",
    type: "span",
    run: "a",
    seq: 2,
    span: "s1",
    kind: "llm",
    start: at(1),
    end: at(2),
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    usage: { input: 5, cache_read: 128955, cache_write: 1253 },
  }
  expect(await ledger.send([first, first])).toMatchObject({ accepted: 0, duplicates: 2 })
  const answer = await ledger.send([{ ...first, usage: { input: 9 } }])
  expect(answer).toMatchObject({ conflicts: 1, results: [{ index: 0, id: "a:2", status: "conflict" }] })
  expect(await totals("a")).toMatchObject({ cost: "0.04340025", calls: 1 })
})

test("an update of a span moves the difference, and a late start moves its spans to the run's workflow", async () => {
  await ledger.send([
    {
      id: "b:2",
      type: "span",
      run: "b",
      span: "s1",
      kind: "llm",
      start: at(1),
      provider: "anthropic",
      model: "claude-sonnet-4-5",
      usage: { input: 1000 },
    },
  ])
  await ledger.send([{ id: "b:3", type: "span", run: "b", span: "s1", at: at(5), end: at(5), usage: { output: 100 } }])
  expect(await totals("b")).toMatchObject({ cost: "0.0045", calls: 1, spans: 1, is_partial: true, workflow: null })
  await ledger.send([{ id: "b:1", type: "run.started", run: "b", at: at(0), workflow: "late" }])
  const rows = await ledger.query(
    (tx) =>
      tx`select d.workflow, r.grain, r.calls::int, r.cost::text from spend_rollup r join dimension_sets d on d.id = r.dimension_set_id where r.calls > 0 and (d.workflow = 'late' or d.workflow is null and d.model is not null)`,
  )
  expect([...rows]).toEqual([
    { workflow: "late", grain: 15, calls: 1, cost: "0.0045" },
    { workflow: "late", grain: 1440, calls: 1, cost: "0.0045" },
  ])
})

test("a roll-up span counts only while no descendant has usage, whatever comes first", async () => {
  const parent = {
    id: "c:1",
    type: "span",
    run: "c",
    span: "p",
    kind: "agent",
    start: at(1),
    usage: { input: 10 },
    provider: "anthropic",
    model: "claude-sonnet-4-5",
  }
  const middle = { id: "c:2", type: "span", run: "c", span: "m", parent: "p", kind: "tool", start: at(1) }
  const child = {
    id: "c:3",
    type: "span",
    run: "c",
    span: "l",
    parent: "m",
    kind: "llm",
    start: at(1),
    usage: { input: 10 },
    provider: "anthropic",
    model: "claude-sonnet-4-5",
  }
  await ledger.send([parent])
  expect(await totals("c")).toMatchObject({ calls: 1, input: 10 })
  await ledger.send([child])
  expect(await totals("c")).toMatchObject({ calls: 2, input: 20 })
  await ledger.send([middle])
  expect(await totals("c")).toMatchObject({ calls: 1, input: 10 })
})

test("an unknown model is unpriced, counted, never zero", async () => {
  await ledger.send([
    {
      id: "d:1",
      type: "span",
      run: "d",
      span: "s",
      kind: "llm",
      start: at(1),
      provider: "x",
      model: "y",
      usage: { input: 10 },
    },
  ])
  expect(await totals("d")).toMatchObject({ calls: 1, unpriced_calls: 1, cost: "0" })
})

test("success claimed over a skipped step is unproven at once, with the step named", async () => {
  const plan = ["fetch", "parse", "validate", "enrich", "load", "summarise"]
  const events: unknown[] = [
    { id: "e:0", type: "run.started", run: "e", seq: 0, at: at(0), plan, checks: ["row_count_check"], agent: "x" },
  ]
  let seq = 1
  const step = (name: string, outcome: string) => {
    events.push({ id: `e:${seq}`, type: "step.started", run: "e", seq: seq++, at: at(seq), step: name })
    events.push({ id: `e:${seq}`, type: "step.finished", run: "e", seq: seq++, at: at(seq), step: name, outcome })
  }
  step("fetch", "succeeded")
  step("parse", "succeeded")
  step("validate", "failed")
  step("load", "succeeded")
  step("summarise", "succeeded")
  events.push({
    id: `e:${seq}`,
    type: "run.finished",
    run: "e",
    seq,
    at: at(seq),
    outcome: "succeeded",
    output: { sha256: `sha256:${"a".repeat(64)}`, refs: ["enrich"] },
  })
  for (const event of events.reverse()) await ledger.send([event])
  const row = await totals("e")
  expect(row).toMatchObject({ status: "succeeded", proof: "unproven" })
  expect(row?.proof_reasons.map((r: { code: string; step?: string }) => `${r.code} ${r.step ?? ""}`.trim())).toEqual([
    "step_failed validate",
    "ran_after_failure load",
    "step_missing enrich",
    "cites_unrun_step enrich",
    "check_missing",
  ])
})

test("a rebuild in any order arrives at the same projections, after updates, conflicts and late starts", async () => {
  const hash = () => ledger.query((tx) => projectionHash(tx, ledger.key.project.id))
  const before = await hash()
  for (const order of REPLAY_ORDERS) {
    await rebuild(ledger.key.project.id, { order })
    expect(await hash(), order).toBe(before)
  }
})
