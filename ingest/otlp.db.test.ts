import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { takeItems } from "./accept"
import { logToEvents } from "./formats/otlp/logs"
import type { Attributes, OtlpLog, OtlpSpan } from "./formats/otlp/model"
import { type Draft, type Mapped, spanToEvents } from "./formats/otlp/spans"
import { anOtlpSpan } from "./formats/otlp/testing"
import { openLedger } from "./testing"

const rates = {
  valid_from: "2000-01-01T00:00:00Z",
  source: "test",
  source_date: "2026-01-01",
  prompt_above: 0,
  reasoning: null,
  audio_input: null,
  audio_output: null,
}
const PRICES = [
  {
    ...rates,
    provider: "openai",
    model: "m",
    input: "0.000001",
    cache_read: "0.0000001",
    cache_write: null,
    output: "0.00001",
  },
  {
    ...rates,
    provider: "anthropic",
    model: "m",
    input: "0.000003",
    cache_read: "0.0000003",
    cache_write: "0.00000375",
    output: "0.000015",
  },
]
let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger({ prices: PRICES })
})
afterAll(() => ledger.close())

let made = 0
const newTrace = () => `a${(++made).toString(16).padStart(31, "0")}`
const id = (n: number) => n.toString(16).padStart(16, "0")

const call = (input: number, output: number, more: Attributes = {}): Attributes => ({
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "m",
  "gen_ai.usage.input_tokens": input,
  "gen_ai.usage.output_tokens": output,
  ...more,
})

/** An agent that repeats its calls' sum, the calls, a tool, and an embedding told twice. */
function trace(traceId: string): OtlpSpan[] {
  const span = (n: number, parent: number | null, attributes: Attributes) =>
    anOtlpSpan(attributes, { traceId, spanId: id(n), parentId: parent === null ? "" : id(parent), name: `span ${n}` })
  const embedding = { ...call(50, 0), "gen_ai.operation.name": "embeddings" }
  return [
    span(1, null, { ...call(350, 30), "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner" }),
    span(2, 1, { ...call(300, 30), "gen_ai.operation.name": "agent_step" }),
    span(3, 2, call(100, 10)),
    span(4, 2, call(200, 20, { "gen_ai.usage.cache_read.input_tokens": 150 })),
    span(5, 2, { "gen_ai.operation.name": "execute_tool" }),
    span(6, 1, embedding),
    span(7, 6, embedding),
  ]
}
/** 100 + 50 + 50 inputs, 150 from the cache, 30 outputs. */
const COST = "0.000515"

async function send(mapped: readonly (Mapped | object)[]): Promise<string[]> {
  const events = mapped.flatMap((item) => (item as Mapped).drafts as Draft[])
  const { outcomes } = await takeItems({
    key: ledger.key,
    events,
    receivedAt: Date.now(),
    requestId: "t",
    door: "otlp-traces",
  })
  return outcomes.map((outcome) => (typeof outcome === "string" ? outcome : `${outcome.code} ${outcome.message}`))
}

type Run = {
  cost: string
  calls: number
  spans: number
  status: string
  workflow: string | null
  input: string
  unpriced: number
}
const runOf = (runId: string) =>
  ledger.query(
    async (tx) =>
      (
        await tx<
          Run[]
        >`select trim_scale(cost)::text as cost, calls::int, spans::int, status, workflow, input::text, unpriced_calls::int as unpriced from runs where id = ${runId}`
      )[0],
  )

async function expectNoDifference(): Promise<void> {
  await withOwner(ledger.database.owner, async (owner) => expect((await audit(owner)).found).toBe(0))
}

const WHOLE = { cost: COST, calls: 3, spans: 7, status: "succeeded", workflow: "planner", input: "200", unpriced: 0 }

describe("the same trace is the same cost", () => {
  const orders: [string, (spans: OtlpSpan[]) => OtlpSpan[][]][] = [
    ["roll-up first", (spans) => [spans]],
    ["children first", (spans) => [spans.toReversed()]],
    ["twice", (spans) => [spans, spans]],
    ["twice in one request", (spans) => [[...spans, ...spans]]],
    ["in two halves", (spans) => [spans.slice(0, 3), spans.slice(3)]],
    ["in two halves, the root last", (spans) => [spans.slice(3), spans.slice(0, 3)]],
    ["one by one, from the leaves", (spans) => spans.toReversed().map((span) => [span])],
  ]
  test.each(orders)("%s", async (_what, requests) => {
    const traceId = newTrace()
    for (const request of requests(trace(traceId))) {
      const outcomes = await send(request.map(spanToEvents))
      expect(outcomes.filter((outcome) => outcome !== "accepted" && outcome !== "duplicate")).toEqual([])
    }
    expect(await runOf(traceId)).toEqual(WHOLE)
  })

  test("in any order, in any pieces", async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }), fc.nat(6), async (order, cut) => {
        const traceId = newTrace()
        const mapped = trace(traceId).map(spanToEvents)
        const ordered = order.map((i) => mapped[i] as Mapped)
        await send(ordered.slice(0, cut))
        await send(ordered.slice(cut))
        expect(await runOf(traceId)).toEqual(WHOLE)
      }),
      { numRuns: 25 },
    )
    await expectNoDifference()
  })

  test("a root that says what its spans said leaves their rows alone; one that says more moves them", async () => {
    const rowsOf = (traceId: string) =>
      ledger.query(
        (tx) => tx`select span_id, ctid::text as place, dimension_set_id as set from spans
          where run_id = ${traceId} and span_id <> ${id(1)} order by 1`,
      )
    const later = async (agent: Attributes) => {
      const traceId = newTrace()
      const more = { resource: { "service.name": "shop" } }
      const span = (n: number, parentId: string, attributes: Attributes) =>
        spanToEvents(anOtlpSpan(attributes, { traceId, spanId: id(n), parentId, ...more }))
      await send([span(2, id(1), call(100, 10)), span(3, id(1), call(10, 1))])
      const before = await rowsOf(traceId)
      await send([span(1, "", { "gen_ai.operation.name": "invoke_agent", ...agent })])
      return { traceId, before, after: await rowsOf(traceId) }
    }
    const same = await later({})
    expect(await runOf(same.traceId)).toMatchObject({ workflow: "shop", calls: 2, spans: 3 })
    expect(same.after).toEqual(same.before)
    const other = await later({ "gen_ai.agent.name": "clerk" })
    expect(await runOf(other.traceId)).toMatchObject({ workflow: "clerk", calls: 2, spans: 3 })
    expect(other.after.map(({ set }) => set)).not.toEqual(other.before.map(({ set }) => set))
    await expectNoDifference()
  })

  test("without the calls the roll-up counts, once", async () => {
    const traceId = newTrace()
    const [root, step] = trace(traceId) as [OtlpSpan, OtlpSpan]
    await send([spanToEvents(root)])
    expect(await runOf(traceId)).toMatchObject({ cost: "0.00065", calls: 1 })
    await send([spanToEvents(step)])
    expect(await runOf(traceId)).toMatchObject({ cost: "0.0006", calls: 1 })
  })

  test("a span that is told of before its end gets its end, whichever came first", async () => {
    for (const isLate of [false, true]) {
      const traceId = newTrace()
      const [root] = trace(traceId) as [OtlpSpan]
      const open = { ...root, end: 0n, attributes: { "gen_ai.operation.name": "invoke_agent" } }
      const both = [open, root]
      for (const span of isLate ? both.toReversed() : both) {
        expect(new Set(await send([spanToEvents(span)]))).toEqual(new Set(["accepted"]))
        if (span === open && !isLate) expect(await runOf(traceId)).toMatchObject({ status: "running" })
      }
      expect(await runOf(traceId)).toMatchObject({
        status: "succeeded",
        spans: 1,
        workflow: "planner",
        cost: "0.00065",
      })
    }
  })

  test("the same span with another body is a conflict, and changes nothing", async () => {
    const traceId = newTrace()
    const root = trace(traceId)[0] as OtlpSpan
    await send([spanToEvents(root)])
    const other = { ...root, attributes: { ...root.attributes, "gen_ai.usage.input_tokens": 99_999 } }
    expect((await send([spanToEvents(other)]))[0]).toBe("conflict")
    expect(await runOf(traceId)).toMatchObject({ cost: "0.00065" })
  })
})

describe("Claude Code tells of a request twice", () => {
  const request = (session: string): Attributes => ({
    "session.id": session,
    request_id: "req_1",
    model: "m",
    input_tokens: "2",
    output_tokens: 10,
    cache_read_tokens: 1000,
    cache_creation_tokens: 100,
  })
  const span = (session: string, more: Attributes = {}) =>
    anOtlpSpan(
      { "span.type": "llm_request", ...request(session), ...more },
      { name: "claude_code.llm_request", traceId: newTrace() },
    )
  const log = (session: string, more: Attributes = {}, event = "api_request"): OtlpLog => ({
    traceId: "",
    spanId: "",
    eventName: "",
    body: `claude_code.${event}`,
    at: 1_795_000_001_000_000_000n,
    attributes: { "event.name": event, cost_usd: 0.0012345, duration_ms: "900", ...request(session), ...more },
    origin: { resource: { "service.version": "2.1" }, scope: "com.anthropic.claude_code.events", scopeVersion: "" },
  })
  const events = (item: OtlpLog) => logToEvents(item) as Mapped

  test("by its span and by its event: one call, with the cost that the event reports", async () => {
    const cases: [string, (s: string) => Mapped[]][] = [
      ["span first", (s) => [spanToEvents(span(s)), events(log(s))]],
      ["event first", (s) => [events(log(s)), spanToEvents(span(s))]],
      ["event alone, twice", (s) => [events(log(s)), events(log(s))]],
    ]
    for (const [name, items] of cases) {
      const session = `session of ${name}`
      for (const item of items(session)) await send([item])
      expect(await runOf(session)).toMatchObject({ cost: "0.0012345", calls: 1, spans: 1, input: "2", workflow: null })
    }
    await send([spanToEvents(span("a span alone"))])
    // 2 × 3e-6 + 1000 × 3e-7 + 100 × 3.75e-6 + 10 × 15e-6
    expect(await runOf("a span alone")).toMatchObject({ cost: "0.000831", calls: 1 })
    await expectNoDifference()
  })

  test("a span that no id joins to an event carries no money", async () => {
    const { request_id: _, ...rest } = request("no ids")
    await send([spanToEvents(span("no ids", { request_id: null })), events(log("no ids", { request_id: null }))])
    expect(await runOf("no ids")).toMatchObject({ cost: "0.0012345", calls: 2, unpriced: 1, input: rest.input_tokens })
  })

  test("prompts start the session, whichever comes first", async () => {
    const later = { ...log("talk", {}, "user_prompt"), at: 1_795_000_009_000_000_000n }
    await send([events(later)])
    await send([events(log("talk", {}, "user_prompt"))])
    expect(await runOf("talk")).toMatchObject({ status: "running", workflow: "claude-code" })
  })

  test("other records say nothing that is kept", () => {
    for (const event of ["tool_result", "api_error", "tool_decision"])
      expect(events(log("s", {}, event)).drafts).toEqual([])
    expect(
      events({ ...log("s"), body: "api_request", origin: { resource: {}, scope: "mine", scopeVersion: "" } }).drafts,
    ).toEqual([])
  })
})
