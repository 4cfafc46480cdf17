import { readFileSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { canonicalJson } from "@/lib/canonical"
import type { NativeEvent } from "@/lib/contracts/events"
import { foldSpan } from "../fold-span"
import { addFact, deriveRun, NO_FACTS } from "../run-facts"
import type { SpanState } from "../span-state"
import { toLedger } from "../testing-events"
import { RefusedEvent } from "../unreadable"
import { decodeLangfuse } from "./langfuse"
import { mappingOf, rereadEvent } from "./reread"

type Event = { id: string; type: string; timestamp: string; body: Record<string, unknown> }
const captured = JSON.parse(
  readFileSync(new URL("fixtures/langfuse-3.39.2-ingestion-batch.json", import.meta.url), "utf8"),
) as { batch: Event[] }

const RUN = "154e3ae7-d917-4102-b573-8ed7220b6968"
const SPAN = "4309ead4-47ac-481f-a2d0-942857c5308a"
const GENERATION = "2ec36882-7feb-46b5-9b1f-3a42519b6091"
const AT = "2026-11-20T10:00:00.000Z"

function decode(raw: unknown): Record<string, unknown> {
  const { item } = decodeLangfuse(raw, "USD")
  if (item === null || item instanceof RefusedEvent) throw new Error(JSON.stringify(item?.rejection ?? "nothing"))
  expectReadAlike(JSON.parse(canonicalJson(item)))
  return item
}
/** What is stored of an observation is enough to read it again, to the same result. */
function expectReadAlike(stored: NativeEvent): void {
  if (stored.type !== "span" || Object.hasOwn(stored.attributes ?? {}, "truncated")) return
  const sender = { projectId: 1, keyId: 1, currency: "USD", receivedAt: Date.now() }
  expect(rereadEvent(stored, sender)).toEqual(mappingOf(stored))
}
function refusal(raw: unknown) {
  const { item } = decodeLangfuse(raw, "USD")
  return item instanceof RefusedEvent ? [item.rejection.code, item.rejection.field] : null
}
let made = 0
const event = (type: string, body: object, timestamp = AT): Event => {
  made += 1
  return { id: `e${made}`, type, timestamp, body: body as Record<string, unknown> }
}

/** What the ledger comes to hold of a batch, as the writer folds it. */
function fold(batch: readonly Event[]) {
  const ledger = toLedger(batch.map(decode))
  const spans = new Map<string, SpanState>()
  for (const spanId of new Set(ledger.map((item) => item.spanId).filter(Boolean)))
    spans.set(spanId, { ...foldSpan(ledger.filter((item) => item.spanId === spanId)), eventCount: 0 })
  return { run: deriveRun(ledger.reduce(addFact, NO_FACTS)), spans, ledger }
}

describe("the captured batch of the v3 SDK", () => {
  test("is a run with its step, its call and its verification", () => {
    const { run, spans, ledger } = fold(captured.batch)
    expect(new Set(ledger.map((item) => item.runId))).toEqual(new Set([RUN]))
    expect(run).toMatchObject({
      status: "succeeded",
      placement: { workflow: "run", environment: "staging", release: "r1", team: "a", customer: null },
      start: {
        at: Date.parse("2026-11-20T18:23:00.791Z"),
        tags: { team: "a", user: "u1", session: "s1", "metadata.k": "1" },
      },
      end: { at: Date.parse("2026-11-20T18:23:00.797Z") },
      notes: [],
    })
    expect(spans.get(SPAN)).toMatchObject({
      kind: "step",
      name: "tool",
      status: "error",
      error: "boom",
      outcome: "failed",
      parentId: null,
      hasStart: true,
    })
    expect(spans.get(GENERATION)).toMatchObject({
      kind: "llm",
      name: "llm",
      parentId: SPAN,
      model: "gpt-4o-mini",
      provider: "openai",
      usage: { input: 6, cache_read: 4, cache_write: 0, output: 5, reasoning: 0, audio_input: 0, audio_output: 0 },
      reportedCost: 10n ** 21n,
      startedAt: Date.parse("2026-11-20T18:23:00.791Z"),
      endedAt: Date.parse("2026-11-20T18:23:00.791Z"),
    })
    expect(spans.get("772b6b22-669d-4583-b180-6c1809ecadc6")).toMatchObject({ kind: "step", name: "ev" })
    const verification = ledger.find((item) => item.type === "verification")?.event
    expect(verification).toMatchObject({ check: "pass", outcome: "passed", score: 1, evidence: "ok" })
  })

  test("comes to one state in every order", () => {
    const wanted = fold(captured.batch)
    fc.assert(
      fc.property(fc.shuffledSubarray(captured.batch, { minLength: captured.batch.length }), (order) => {
        const { run, spans } = fold(order)
        expect(run).toEqual(wanted.run)
        expect([...spans].sort()).toEqual([...wanted.spans].sort())
      }),
    )
  })

  test("is the same each time, whatever else a batch holds: what is sent again is known again", () => {
    for (const item of captured.batch)
      expect(canonicalJson(decode(structuredClone(item)))).toBe(canonicalJson(decode(item)))
  })
})

describe("any batch", () => {
  const stamp = fc.constantFrom(AT, "2026-11-20T10:00:00.001Z", "2026-11-20T10:00:05Z")
  const few = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: null })
  const observation = fc.record({
    id: fc.constantFrom("a", "b"),
    traceId: fc.constant("t"),
    name: few("n1", "n2"),
    startTime: few(AT, "2026-11-20T10:00:01Z"),
    endTime: few("2026-11-20T10:00:02Z", "2026-11-20T10:00:03Z"),
    level: few("ERROR", "DEFAULT"),
    model: few("gpt-4o", "claude-sonnet-4-5"),
    parentObservationId: few("b"),
    usageDetails: few<object>({ input: 1 }, { input: 2, output: 3, total: 5 }, {}),
    costDetails: few<object>({ total: 0.1 }, { input: 0.2, output: 0.3 }),
  })
  const trace = fc.record({
    id: fc.constant("t"),
    timestamp: few(AT, "2026-11-20T09:59:59Z"),
    name: few("w1", "w2"),
    release: few("r1", "r2"),
    tags: few(["team:a"], ["team:b", "x"]),
    metadata: few<object>({ a: { x: 1 } }, { a: { x: 2, y: 3 } }, { "andon.outcome": "failed" }),
    output: few("done", "more"),
  })
  const any = fc.oneof(
    fc.tuple(fc.constant("trace-create"), stamp, trace),
    fc.tuple(
      fc.constantFrom("span-create", "span-update", "generation-create", "generation-update", "agent-create"),
      stamp,
      observation,
    ),
  )

  test("comes to one state in every order", () => {
    fc.assert(
      fc.property(fc.array(any, { minLength: 2, maxLength: 9 }), fc.infiniteStream(fc.nat()), (made, noise) => {
        const batch = made.map(([type, timestamp, body], i) => ({ id: `p${i}`, type, timestamp, body }) as Event)
        const wanted = fold(batch)
        for (let round = 0; round < 3; round++) {
          const order = batch.map((item) => ({ item, key: noise.next().value as number })).sort((x, y) => x.key - y.key)
          const { run, spans } = fold(order.map(({ item }) => item))
          expect(run).toEqual(wanted.run)
          expect([...spans].sort()).toEqual([...wanted.spans].sort())
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe("creates and updates", () => {
  test("field by field non-null beats null, the later timestamp wins, and an update wins at the same one", () => {
    const create = event("generation-create", { id: "g", traceId: "t", name: "n", model: "gpt-4o", level: "DEFAULT" })
    const update = event("generation-update", { id: "g", traceId: "t", name: null, model: "gpt-4o-2024-08-06" })
    const later = event("generation-update", { id: "g", traceId: "t", level: "ERROR" }, "2026-11-20T10:00:01.000Z")
    // Ids that sort the other way round: only create and update may decide.
    create.id = "z"
    update.id = "a"
    for (const batch of [
      [create, update, later],
      [later, update, create],
    ])
      expect(fold(batch).spans.get("g")).toMatchObject({ name: "n", model: "gpt-4o-2024-08-06", status: "error" })
  })

  test("an update without its create is an observation, and its usage replaces what was said before as a whole", () => {
    const update = event("generation-update", { id: "g", traceId: "t", usageDetails: { input: 7 } })
    expect(fold([update]).spans.get("g")).toMatchObject({ kind: "llm", hasStart: false, usage: { input: 7 } })
    const before = event("generation-create", { id: "g", traceId: "t", usageDetails: { input: 100, output: 9 } })
    expect(fold([update, before]).spans.get("g")?.usage).toMatchObject({ input: 7, output: 0 })
  })

  test("an error said apart from the end fails the step in every order", () => {
    const parts = [
      event("span-create", { id: "s", traceId: "t", name: "n", startTime: AT }),
      event("span-update", { id: "s", traceId: "t", level: "ERROR", statusMessage: "no" }),
      event("span-update", { id: "s", traceId: "t", endTime: "2026-11-20T10:00:02Z" }, "2026-11-20T10:00:02.000Z"),
    ]
    for (const order of [parts, [...parts].reverse()]) {
      const span = fold(order).spans.get("s")
      expect(span).toMatchObject({ status: "error", outcome: "failed", error: "no" })
      expect(span?.boundaries?.find(({ kind }) => kind === "end")?.outcome).toBe("failed")
    }
  })

  test("an agent that a span-update ends stays an agent", () => {
    const create = event("agent-create", { id: "a", traceId: "t", name: "n" })
    const update = event("span-update", { id: "a", traceId: "t", endTime: AT })
    expect(fold([create, update]).spans.get("a")).toMatchObject({ kind: "agent", endedAt: Date.parse(AT) })
  })

  test.each([
    ["generation", "llm"],
    ["embedding", "embedding"],
    ["agent", "agent"],
    ["tool", "tool"],
    ["chain", "step"],
    ["span", "step"],
    ["retriever", "retrieval"],
    ["evaluator", "verification"],
    ["guardrail", "verification"],
  ])("%s is of kind %s", (type, kind) => {
    expect(decode(event(`${type}-create`, { id: "o", traceId: "t" }))).toMatchObject({ type: "span", kind })
  })

  test("the older observation events say their kind in the body", () => {
    expect(decode(event("observation-create", { id: "o", traceId: "t", type: "GENERATION" })).kind).toBe("llm")
  })

  test("an observation without a trace is one of its own", () => {
    expect(decode(event("span-create", { id: "o", traceId: null })).run).toBe("o")
  })
})

describe("a trace", () => {
  const trace = (body: object, timestamp?: string) => event("trace-create", { id: "t", ...body }, timestamp)

  test("updated again and again keeps all its tags and its metadata, deep", () => {
    const batch = [
      trace({ tags: ["team:a", "beta"], metadata: { a: { x: 1, y: "old" }, customer: "acme" } }),
      trace({ tags: ["tier:gold"], metadata: { a: { y: "new" } } }, "2026-11-20T10:00:01.000Z"),
    ]
    for (const order of [batch, [...batch].reverse()]) {
      const { start, placement } = fold(order).run
      expect(start?.tags).toMatchObject({
        team: "a",
        beta: "true",
        tier: "gold",
        customer: "acme",
        "metadata.a.x": "1",
        "metadata.a.y": "new",
      })
      expect(placement).toMatchObject({ team: "a", customer: "acme" })
    }
  })

  test("runs until its output is there, or it says how it went", () => {
    expect(fold([trace({ name: "w" })]).run.status).toBe("running")
    expect(fold([trace({ name: "w", output: "" })]).run.status).toBe("succeeded")
    expect(fold([trace({ metadata: { "andon.outcome": "failed", "andon.error": "no" } })]).run).toMatchObject({
      status: "failed",
      end: { error: "no" },
    })
    expect(fold([trace({ metadata: { "andon.outcome": "great" } })]).run.status).toBe("running")
  })

  test("an observation that ends claims nothing for its run", () => {
    const root = event("span-create", { id: "s", traceId: "t", startTime: AT, endTime: AT, output: "x" })
    expect(fold([trace({}), root]).run.status).toBe("running")
  })
})

describe("a score", () => {
  const score = (body: object) => decode(event("score-create", { id: "s", traceId: "t", name: "c", ...body }))

  test.each([
    [
      { value: 1, dataType: "BOOLEAN" },
      { outcome: "passed", score: 1 },
    ],
    [
      { value: 0, dataType: "BOOLEAN" },
      { outcome: "failed", score: 0 },
    ],
    [{ value: "Pass" }, { outcome: "passed", evidence: "“Pass”" }],
    [
      { value: "FAILED", comment: "why" },
      { outcome: "failed", evidence: "“FAILED” why" },
    ],
    [{ value: "mostly" }, { outcome: "skipped", evidence: "“mostly”" }],
    [{ value: 0.9 }, { outcome: "skipped", score: 0.9, evidence: "A score without a threshold is no verdict." }],
    [
      { value: 0.9, metadata: { threshold: 0.8 } },
      { outcome: "passed", score: 0.9, threshold: 0.8 },
    ],
    [
      { value: 0.7, metadata: { threshold: 0.8 } },
      { outcome: "failed", score: 0.7, threshold: 0.8 },
    ],
    [{ value: "passed", dataType: "TEXT" }, { outcome: "skipped" }],
  ])("%j is %j", (body, wanted) => {
    expect(score(body)).toMatchObject({ type: "verification", run: "t", check: "c", ...wanted })
  })

  test("without a trace, or with a value of another type, is refused", () => {
    expect(refusal(event("score-create", { sessionId: "s", name: "c", value: 1 }))).toEqual([
      "missing_field",
      "body.traceId",
    ])
    for (const body of [
      { value: 2, dataType: "BOOLEAN" },
      { value: "1", dataType: "NUMERIC" },
      { value: 1, dataType: "CATEGORICAL" },
      { value: null },
      { value: 1, dataType: "OTHER" },
    ])
      expect(refusal(event("score-create", { traceId: "t", name: "c", ...body }))).not.toBeNull()
  })
})

describe("bad input", () => {
  test("is refused by its field, alone", () => {
    for (const [raw, code, field] of [
      [7, "invalid_event", null],
      [null, "invalid_event", null],
      [{ id: "x", type: "span-create", timestamp: AT }, "invalid_type", "body"],
      [{ id: "x", type: "span-create", timestamp: "yesterday", body: { id: "o" } }, "bad_timestamp", "timestamp"],
      [{ id: "x", type: "span-create", body: { id: "o" } }, "missing_field", "timestamp"],
      [{ type: "span-create", timestamp: AT, body: { id: "o" } }, "invalid_id", "id"],
      [event("dataset-run-item-create", { id: "o" }), "unknown_type", "type"],
      [event("span-create", {}), "missing_field", "body.id"],
      [event("span-create", { id: "o", startTime: 7 }), "missing_field", "body.startTime"],
      [event("generation-create", { id: "o", usageDetails: { input: -1 } }), "negative_amount", "usage.input"],
      [event("generation-create", { id: "o", usage: { input: "1.5" } }), "number_out_of_range", "usage.input"],
      [event("generation-create", { id: "o", costDetails: { total: -1 } }), "negative_amount", "costDetails.total"],
      [event("generation-create", { id: "o", costDetails: { total: "free" } }), "invalid_decimal", "costDetails.total"],
    ] as [unknown, string, string | null][])
      expect([raw, ...(refusal(raw) ?? [])]).toEqual([raw, code, field])
  })

  test("a log of the SDK is taken and stored nowhere", () => {
    expect(decodeLangfuse(event("sdk-log", { log: "x" }), "USD").item).toBeNull()
  })

  test("names are mended, payloads too large, deep or wide are cut, the call lands", () => {
    const deep = Array.from({ length: 60 }).reduce<unknown>((inner) => [inner], 1)
    const wide = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`k${i}`, i]))
    for (const input of [
      "日".repeat(300_000),
      [deep],
      wide,
      { text: '"'.repeat(200_000) },
      { a: "x".repeat(90_000) },
    ]) {
      const raw = event("generation-create", {
        id: "o",
        traceId: "t",
        model: "  gpt-4o\u0000 ",
        input,
        output: input,
        metadata: input,
        usageDetails: { input: 3 },
        statusMessage: "y".repeat(1e6),
        level: "ERROR",
      })
      const [stored] = toLedger([decode(raw)])
      expect(stored?.event).toMatchObject({ model: "gpt-4o", usage: { input: 3 } })
    }
  })

  test("in a project of another currency dollars are not taken for it", () => {
    const raw = event("generation-create", { id: "o", traceId: "t", costDetails: { total: 1 } })
    const { item } = decodeLangfuse(raw, "EUR") as { item: Extract<NativeEvent, { type: "span" }> }
    expect([item.cost, item.attributes]).toEqual([undefined, { id: "o", traceId: "t", costDetails: { total: 1 } }])
  })
})
