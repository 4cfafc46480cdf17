import { afterAll, beforeAll, expect, test } from "vitest"
import type { KeyActor } from "@/access/actor"
import { anOtlpSpan, jsonRequest } from "./formats/otlp/testing"
import { handleLangfuse, handleScore } from "./langfuse-http"
import { otlpHandler } from "./otlp-http"
import type { RawRequest } from "./receive"
import { replayDeadLetter } from "./replay"
import { openLedger } from "./testing"

let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger?.close())

const requestOf = (value: unknown): RawRequest => ({
  method: "POST",
  headers: { "content-type": "application/json", authorization: "Bearer x" },
  body: (async function* () {
    yield Buffer.from(JSON.stringify(value))
  })(),
  remote: null,
})
type Handler = (
  request: RawRequest,
  authenticate: () => Promise<KeyActor>,
) => Promise<{ status: number; body: unknown }>
const post = (handler: Handler, key: KeyActor, value: unknown) => handler(requestOf(value), async () => key)

const select = <Row extends object>(key: KeyActor, text: string): Promise<Row[]> =>
  ledger.query(async (tx) => [...(await tx.unsafe<Row[]>(text))], key.project.id)
const counters = (key: KeyActor) =>
  select(
    key,
    `select format, convention, sum(accepted)::int as accepted, sum(duplicates)::int as duplicates, sum(conflicts)::int as conflicts,
     sum(rejected)::int as rejected, sum(ignored)::int as ignored from source_counters group by 1, 2 order by 1, 2`,
  )
const marks = (key: KeyActor) =>
  select(
    key,
    `select format, convention, kind, name, sum(n)::int as n, max(run_id) as run from source_marks group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
  )
const letters = (key: KeyActor) =>
  select<{ id: string; kind: string; form: string; raw: string; is_replayed: boolean }>(
    key,
    "select id::text, kind, form, raw, replayed_at is not null as is_replayed from dead_letters order by id",
  )

const NOTHING = { accepted: 0, duplicates: 0, conflicts: 0, rejected: 0, ignored: 0 }
const AT = Date.UTC(2026, 10, 20, 10)
const span = (id: string, more: object) => ({ id, type: "span", run: "r", span: id, kind: "tool", ...more })
const iso = (at: number) => new Date(at).toISOString()

test("lag counts from the end of what an event tells of, up to the limit in the name; an odd clock is marked with its run", async () => {
  const key = await ledger.addProject("lags")
  const send = (events: unknown[]) => ledger.send(events, { key, receivedAt: AT })
  await send([
    span("1", { start: iso(AT - 60_000), end: iso(AT - 1_000) }),
    span("2", { start: iso(AT - 60_000), end: iso(AT - 1_001) }),
    span("3", { start: iso(AT - 90_000_000) }),
    span("4", { start: iso(AT + 90_000_000) }),
    span("5", { start: iso(AT), end: iso(AT - 5) }),
    { id: "c", type: "cost", at: iso(AT - 7_000), source: { format: "made up", flags: ["made up"] } },
  ])
  // What is sent again says nothing of how long it took.
  await send([span("1", { start: iso(AT - 60_000), end: iso(AT - 1_000) })])
  expect(
    await select(
      key,
      "select lag_1s::int, lag_5s::int, lag_30s::int, lag_1d::int, lag_more::int, lag_max_ms::int, accepted::int, format from source_counters",
    ),
  ).toEqual([
    { lag_1s: 3, lag_5s: 1, lag_30s: 1, lag_1d: 0, lag_more: 1, lag_max_ms: 90_000_000, accepted: 6, format: "native" },
  ])
  expect(await marks(key)).toEqual([
    { format: "native", convention: "", kind: "flag", name: "clock_ahead", n: 1, run: "r" },
    { format: "native", convention: "", kind: "flag", name: "ends_before_start", n: 1, run: "r" },
  ])
})

test("OTLP is counted by convention, with what its reading left in doubt; what says nothing that is kept is ignored", async () => {
  const key = await ledger.addProject("otlp")
  const spans = [
    anOtlpSpan(
      { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m" },
      { traceId: "a".repeat(32), parentId: "" },
    ),
    anOtlpSpan({ "http.method": "GET" }, { traceId: "a".repeat(32), spanId: "1".repeat(16), parentId: "2".repeat(16) }),
    anOtlpSpan({}, { traceId: "0".repeat(32) }),
  ]
  await post(otlpHandler("traces"), key, jsonRequest(spans))
  await post(otlpHandler("traces"), key, jsonRequest(spans.slice(1, 2)))
  const log = { timeUnixNano: "1760000000000000000", body: { stringValue: "hello" } }
  await post(otlpHandler("logs"), key, { resourceLogs: [{ scopeLogs: [{ logRecords: [log, log] }] }] })
  await post(otlpHandler("metrics"), key, { resourceMetrics: [{ scopeMetrics: [{ metrics: [{}, {}, {}] }] }] })
  const batch = [{ id: "l", type: "sdk-log", timestamp: iso(AT), body: {} }]
  await post(handleLangfuse, key, { batch })
  expect(await counters(key)).toEqual([
    { ...NOTHING, format: "langfuse", convention: "", ignored: 1 },
    { ...NOTHING, format: "otlp-logs", convention: "", ignored: 2 },
    { ...NOTHING, format: "otlp-metrics", convention: "", ignored: 3 },
    { ...NOTHING, format: "otlp-traces", convention: "", rejected: 1 },
    // The span, and what it says of its run as the root of it.
    { ...NOTHING, format: "otlp-traces", convention: "gen_ai", accepted: 2 },
    { ...NOTHING, format: "otlp-traces", convention: "none", accepted: 1, duplicates: 1 },
  ])
  expect(await marks(key)).toEqual([
    { format: "otlp-traces", convention: "", kind: "rejected", name: "invalid_id", n: 1, run: null },
    { format: "otlp-traces", convention: "none", kind: "flag", name: "kind_guessed", n: 1, run: "a".repeat(32) },
  ])
})

test("a refused span goes in again as the span that it is, never as a native event", async () => {
  const key = await ledger.addProject("replays")
  const bad = anOtlpSpan(
    { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", list: [1, 2.5, true, { deep: "x" }] },
    {
      traceId: "0".repeat(32),
      parentId: "",
      origin: { resource: { "service.name": "shop" }, scope: "s", scopeVersion: "1" },
    },
  )
  const wire = { resourceSpans: jsonRequest([bad]).resourceSpans }
  await post(otlpHandler("traces"), key, wire)
  const [letter] = await letters(key)
  expect(letter).toMatchObject({ kind: "rejected", form: "otlp-traces", is_replayed: false })
  expect(await replayDeadLetter(key.project, letter?.id ?? "", "t")).toMatchObject({ accepted: 0, rejected: 1 })
  // The reading is mended, here by mending what is read.
  await ledger.query(
    (tx) => tx`update dead_letters set raw = replace(raw, ${"0".repeat(32)}, ${"b".repeat(32)})`,
    key.project.id,
  )
  expect(await replayDeadLetter(key.project, letter?.id ?? "", "t")).toMatchObject({ accepted: 2, rejected: 0 })
  expect(await select(key, "select id, workflow, calls from runs")).toEqual([
    { id: "b".repeat(32), workflow: "shop", calls: 1 },
  ])
  expect(await select(key, "select body->'attributes' as kept from events where type = 'span'")).toEqual([
    { kept: expect.objectContaining({ list: [1, 2.5, true, { deep: "x" }] }) },
  ])
  expect((await letters(key))[0]?.is_replayed).toBe(true)
})

test("a span whose attributes are an object is kept with who sent it", async () => {
  const key = await ledger.addProject("unreadable")
  const [resource] = jsonRequest([anOtlpSpan({})]).resourceSpans
  const scoped = (resource as { scopeSpans: { spans: object[] }[] }).scopeSpans[0] as { spans: object[] }
  scoped.spans = [{ ...scoped.spans[0], attributes: { model: "m" } }]
  await post(otlpHandler("traces"), key, { resourceSpans: [resource] })
  const [letter] = await letters(key)
  expect(JSON.parse(letter?.raw ?? "")).toEqual({
    resourceSpans: [expect.objectContaining({ resource: (resource as { resource: unknown }).resource })],
  })
  expect(await replayDeadLetter(key.project, letter?.id ?? "", "t")).toMatchObject({
    rejected: 1,
    results: [{ code: "invalid_type", field: "attributes" }],
  })
  expect(await letters(key)).toHaveLength(1)
})

test("a score that is sent again is known again: no conflict, no letter; a changed one is another", async () => {
  const key = await ledger.addProject("scores")
  const score = { id: "s", traceId: "t", name: "n", value: 1, dataType: "BOOLEAN" }
  for (let attempt = 0; attempt < 3; attempt++) {
    expect(await post(handleScore, key, score)).toMatchObject({ status: 200 })
    // Each attempt comes at a moment of its own.
    await new Promise((done) => setTimeout(done, 5))
  }
  await post(handleScore, key, { ...score, value: 0 })
  expect(await counters(key)).toEqual([{ ...NOTHING, format: "langfuse", convention: "", accepted: 2, duplicates: 2 }])
  expect(await letters(key)).toEqual([])
})

test("a run knows the numbers that are missing between its first and its last", async () => {
  const key = await ledger.addProject("gaps")
  const send = (...seqs: number[]) =>
    ledger.send(
      seqs.map((seq) => span(`s${seq}`, { start: iso(AT), seq })),
      { key, receivedAt: AT },
    )
  const missing = async () =>
    (await select<{ n: number }>(key, "select (seq_last - seq_first + 1 - seq_count)::int as n from runs"))[0]?.n
  await send(3, 4, 8)
  expect(await missing()).toBe(3)
  await send(8, 4, 6)
  await send(1)
  expect(await missing()).toBe(3)
  await send(2, 5, 7)
  expect(await missing()).toBe(0)
})
