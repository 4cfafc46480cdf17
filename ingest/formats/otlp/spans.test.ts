import { describe, expect, test } from "vitest"
import { inCurrency } from "../dollars"
import type { Attributes, OtlpSpan } from "./model"
import { spanToEvents } from "./spans"
import { anOtlpSpan } from "./testing"
import { flagsOf, mapped, taken } from "./testing-mapped"

describe("each convention by its own names", () => {
  const CASES: [string, Attributes, object, Parameters<typeof anOtlpSpan>[1]?][] = [
    [
      "OpenTelemetry GenAI, newest names",
      {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": "claude-sonnet-4-5",
        "gen_ai.response.model": "claude-sonnet-4-5-20250929",
        "gen_ai.usage.input_tokens": 1000,
        "gen_ai.usage.cache_read.input_tokens": 800,
        "gen_ai.usage.cache_write.input_tokens": 100,
        "gen_ai.usage.output_tokens": 50,
        "gen_ai.usage.reasoning.output_tokens": 20,
        "gen_ai.conversation.id": "c1",
        "gen_ai.input.messages": '[{"role":"user"}]',
      },
      {
        kind: "llm",
        provider: "anthropic",
        model: "claude-sonnet-4-5",
        response_model: "claude-sonnet-4-5-20250929",
        usage: { input: 100, cache_read: 800, cache_write: 100, output: 30, reasoning: 20 },
        tags: { session: "c1" },
        input: '[{"role":"user"}]',
      },
    ],
    [
      "OpenTelemetry GenAI as in 2024",
      {
        "gen_ai.system": "az.ai.openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.prompt_tokens": "12",
        "gen_ai.usage.completion_tokens": 7,
      },
      { kind: "llm", provider: "azure", model: "gpt-4o", usage: { input: 12, output: 7 } },
    ],
    [
      "a roll-up of an agent",
      { "gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 9 },
      { kind: "agent", usage: { input: 9 } },
    ],
    [
      "embeddings have an input alone",
      { "gen_ai.operation.name": "embeddings", "gen_ai.usage.total_tokens": 8 },
      { kind: "embedding", usage: { input: 8 } },
    ],
    [
      "a tool",
      { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.call.arguments": "{}" },
      { kind: "tool", input: "{}" },
    ],
    [
      "OpenInference",
      {
        "openinference.span.kind": "LLM",
        "llm.model_name": "gpt-4o-mini",
        "llm.provider": "openai",
        "llm.token_count.prompt": 2006,
        "llm.token_count.prompt_details.cache_read": 1920,
        "llm.token_count.completion": 300,
        "llm.cost.total": 0.0003369,
        "session.id": "s",
        "tag.tags": ["team:search", "beta"],
        metadata: '{"customer":"acme","n":3}',
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.content": "hi",
        "llm.input_messages.1.message.role": "assistant",
      },
      {
        kind: "llm",
        usage: { input: 86, cache_read: 1920, output: 300 },
        cost: "0.0003369",
        tags: { session: "s", team: "search", beta: "true", customer: "acme", n: "3" },
        input: [{ message: { role: "user", content: "hi" } }, { message: { role: "assistant" } }],
      },
    ],
    ["an OpenInference guardrail", { "openinference.span.kind": "GUARDRAIL" }, { kind: "verification" }],
    [
      "OpenLLMetry, a call",
      {
        "llm.request.type": "chat",
        "gen_ai.system": "Anthropic",
        "gen_ai.response.model": "claude-3-5-haiku-20241022",
        "gen_ai.usage.prompt_tokens": 1100,
        "gen_ai.usage.completion_tokens": 10,
        "gen_ai.usage.cache_read_input_tokens": 1000,
        "llm.usage.total_tokens": 1110,
        "traceloop.association.properties.user_id": "u",
        "traceloop.workflow.name": "billing",
        "gen_ai.prompt.0.role": "user",
        "gen_ai.prompt.0.content": "hi",
      },
      {
        kind: "llm",
        provider: "anthropic",
        model: "claude-3-5-haiku-20241022",
        usage: { input: 100, cache_read: 1000, output: 10 },
        workflow: "billing",
        tags: { user: "u", user_id: "u" },
        input: [{ role: "user", content: "hi" }],
      },
    ],
    [
      "OpenLLMetry, a task",
      { "traceloop.span.kind": "task", "traceloop.entity.name": "parse" },
      { kind: "step", name: "parse" },
    ],
    [
      "Vercel AI SDK, an inner call of Anthropic's",
      {
        "ai.operationId": "ai.generateText.doGenerate",
        "ai.model.provider": "anthropic.messages",
        "ai.model.id": "claude-sonnet-4-5",
        "ai.usage.inputTokens": 5,
        "ai.usage.outputTokens": 7,
        "ai.usage.cachedInputTokens": 3,
        "ai.response.providerMetadata":
          '{"anthropic":{"usage":{"input_tokens":5,"cache_read_input_tokens":3,"cache_creation_input_tokens":9,"cache_creation":{"ephemeral_1h_input_tokens":4}}}}',
        "ai.telemetry.metadata.userId": "u7",
      },
      {
        kind: "llm",
        provider: "anthropic",
        usage: { input: 5, output: 7, cache_read: 3, cache_write: 9, cache_write_1h: 4 },
        tags: { user: "u7", userId: "u7" },
      },
    ],
    [
      "Vercel AI SDK, version 4 with OpenAI",
      {
        "operation.name": "ai.streamText.doStream my-function",
        "ai.model.provider": "openai.chat",
        "ai.model.id": "gpt-4o",
        "ai.usage.promptTokens": 100,
        "ai.usage.completionTokens": 10,
        "ai.response.providerMetadata": '{"openai":{"cachedPromptTokens":60,"serviceTier":"flex"}}',
      },
      { kind: "llm", provider: "openai", usage: { input: 40, cache_read: 60, output: 10 }, service_tier: "flex" },
    ],
    [
      "Vercel AI SDK, an outer call",
      { "ai.operationId": "ai.generateText", "ai.usage.promptTokens": 100 },
      { kind: "agent", usage: { input: 100 } },
    ],
    [
      "Vercel AI SDK, a tool",
      { "ai.operationId": "ai.toolCall", "ai.toolCall.name": "weather" },
      { kind: "tool", name: "weather" },
    ],
    [
      "Vercel AI SDK, an embedding",
      { "ai.operationId": "ai.embed.doEmbed", "ai.usage.tokens": 4 },
      { kind: "embedding", usage: { input: 4 } },
    ],
    [
      "Langfuse's OTLP: each key a bucket",
      {
        "langfuse.observation.type": "generation",
        "langfuse.observation.model.name": "gpt-4o",
        "langfuse.observation.usage_details":
          '{"input":5,"output":7,"cache_read_input_tokens":100,"output_reasoning_tokens":3,"total":115}',
        "langfuse.observation.cost_details": '{"input":1e-5,"output":0.00002}',
        "langfuse.trace.tags": ["team:ops"],
        "langfuse.trace.metadata.customer": "acme",
        "langfuse.environment": "staging",
        "langfuse.release": "r9",
      },
      {
        kind: "llm",
        provider: "openai",
        usage: { input: 5, output: 7, cache_read: 100, reasoning: 3 },
        cost: "0.00003",
        tags: { team: "ops", customer: "acme" },
        environment: "staging",
        release: "r9",
      },
    ],
    [
      "Langfuse hides its errors",
      {
        "langfuse.observation.type": "span",
        "langfuse.observation.level": "ERROR",
        "langfuse.observation.status_message": "boom",
      },
      { kind: "step", status: "error", error: "boom" },
    ],
    [
      "LangSmith",
      {
        "langsmith.span.kind": "LLM",
        "gen_ai.system": "anthropic",
        "gen_ai.request.model": "claude-sonnet-4-5",
        "langsmith.usage_metadata":
          '{"input_tokens":1000,"output_tokens":9,"total_tokens":1009,"input_token_details":{"cache_read":700,"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":50},"output_token_details":{"reasoning":4}}',
        "langsmith.metadata.thread_id": "t",
        "langsmith.span.tags": "team:red, vip",
        "langsmith.trace.name": "support",
      },
      {
        kind: "llm",
        usage: { input: 150, cache_read: 700, cache_write: 150, cache_write_1h: 50, output: 5, reasoning: 4 },
        workflow: "support",
        tags: { session: "t", team: "red", vip: "true", thread_id: "t" },
      },
    ],
    [
      "Mastra: a generation repeats its steps",
      { "mastra.span.type": "model_generation", "gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 5 },
      { kind: "step", usage: { input: 5 } },
    ],
    [
      "Mastra: a step is the call",
      { "mastra.span.type": "model_step", "gen_ai.usage.input_tokens": 5 },
      { kind: "llm" },
    ],
    [
      "pydantic-ai, a call",
      {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "claude-sonnet-4-5",
        "gen_ai.usage.input_tokens": 130_213,
        "gen_ai.usage.details.cache_read_tokens": 128_955,
        "gen_ai.usage.details.cache_write_tokens": 1253,
        "gen_ai.usage.output_tokens": 0,
        "operation.cost": 0.04340025,
      },
      { kind: "llm", usage: { input: 5, cache_read: 128_955, cache_write: 1253, output: 0 }, cost: "0.04340025" },
      { scope: "pydantic-ai" },
    ],
    [
      "pydantic-ai, a tool without an operation",
      { "gen_ai.tool.name": "roll", "gen_ai.tool.call.id": "1", tool_response: "6" },
      { kind: "tool", output: "6" },
      { scope: "pydantic-ai" },
    ],
    [
      "Claude Code: the cache stands beside the input, the session is the run",
      {
        "span.type": "llm_request",
        model: "claude-opus-4-1",
        "gen_ai.system": "anthropic",
        "session.id": "sess-1",
        request_id: "req_1",
        input_tokens: 2,
        output_tokens: 30,
        cache_read_tokens: 84_562,
        cache_creation_tokens: "7096",
        success: "false",
        error: "overloaded",
      },
      {
        kind: "llm",
        run: "sess-1",
        span: "request:req_1",
        provider: "anthropic",
        workflow: "claude-code",
        usage: { input: 2, output: 30, cache_read: 84_562, cache_write: 7096 },
        status: "error",
        error: "overloaded",
      },
      { name: "claude_code.llm_request" },
    ],
  ]
  test.each(CASES)("%s", (_what, attributes, expected, rest) => {
    const draft = mapped(attributes, rest)
    expect(draft).toMatchObject(expected)
    if ("usage" in expected) expect(draft.usage).toEqual(expected.usage)
    expect(flagsOf(draft).filter((flag) => flag.startsWith("usage"))).toEqual([])
  })
})

describe("what nothing names is guessed, and said to be", () => {
  test.each([
    ["a model", { "gen_ai.request.model": "gpt-4o" }, {}, "llm"],
    ["a root", {}, { parentId: "" }, "agent"],
    ["a piece of work", {}, {}, "step"],
    ["a query", { "db.system": "postgresql" }, { kind: 3 }, "other"],
  ])("%s", (_what, attributes, rest, kind) => {
    const draft = mapped(attributes, rest)
    expect(draft.kind).toBe(kind)
    expect(flagsOf(draft)).toContain("kind_guessed")
  })
})

describe("errors", () => {
  test.each([
    ["unset is well, once it has ended", {}, {}, "ok", undefined],
    ["no end yet", {}, { end: 0n }, undefined, undefined],
    ["the status", {}, { status: 2, statusMessage: "bad" }, "error", "bad"],
    ["a type alone", { "error.type": "timeout" }, {}, "error", "timeout"],
    [
      "an exception",
      {},
      { events: [{ at: 1n, name: "exception", attributes: { "exception.message": "no such file" } }] },
      "error",
      "no such file",
    ],
    [
      "an exception that was handled",
      {},
      { status: 1, events: [{ at: 1n, name: "exception", attributes: {} }] },
      "ok",
      undefined,
    ],
    [
      "the finish of Vercel's",
      { "ai.operationId": "ai.toolCall", "ai.response.finishReason": "error" },
      {},
      "error",
      undefined,
    ],
  ])("%s", (_what, attributes, rest, status, error) => {
    const draft = mapped(attributes as Attributes, rest as Partial<OtlpSpan>)
    expect([draft.status, draft.error]).toEqual([status, error])
  })
})

describe("judgements", () => {
  const evaluation = (attributes: Attributes) =>
    taken(
      spanToEvents(
        anOtlpSpan({}, { events: [{ at: 1_795_000_000_500_000_000n, name: "gen_ai.evaluation.result", attributes }] }),
      ).drafts,
    )[1]

  test("a label says whether it passed; a score without one claims nothing", () => {
    const name = { "gen_ai.evaluation.name": "relevance" }
    const score = { "gen_ai.evaluation.score.value": 0.9 }
    expect(evaluation({ ...name, ...score, "gen_ai.evaluation.score.label": "pass" })).toMatchObject({
      type: "verification",
      check: "relevance",
      outcome: "passed",
      score: 0.9,
    })
    expect(evaluation({ ...name, "gen_ai.evaluation.score.label": "Failed" })).toMatchObject({ outcome: "failed" })
    expect(evaluation({ ...name, ...score })).toMatchObject({ outcome: "skipped", score: 0.9 })
    expect(evaluation({ ...name, "error.type": "timeout" })).toMatchObject({ outcome: "error", evidence: "timeout" })
    expect(evaluation(score)).toBeUndefined()
  })

  test("OpenInference's annotations, one or many", () => {
    const { drafts } = spanToEvents(
      anOtlpSpan({
        "openinference.span.kind": "LLM",
        "evaluation.name": "toxic",
        "evaluation.label": "fail",
        "annotations.0.annotation.name": "a",
        "annotations.0.annotation.score": 1,
        "annotations.1.annotation.name": "b",
        "annotations.1.annotation.label": "pass",
        "annotations.1.annotation.annotator_kind": "HUMAN",
      }),
    )
    expect(taken(drafts).slice(1)).toMatchObject([
      { check: "toxic", outcome: "failed" },
      { check: "a", outcome: "skipped", score: 1 },
      { check: "b", outcome: "passed", verifier: { name: "HUMAN" } },
    ])
  })
})

describe("the run", () => {
  const runOf = (span: OtlpSpan) => taken(spanToEvents(span).drafts).find((draft) => draft.type === "run.updated")

  test("only a root speaks of it, and claims an outcome when it has ended", () => {
    const root = anOtlpSpan(
      { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner", "user.id": "u" },
      {
        parentId: "",
        resource: { "service.name": "shop", "deployment.environment": "prod", "service.version": "3", team: "red" },
      },
    )
    expect(runOf(root)).toMatchObject({
      run: root.traceId,
      start: "2026-11-18T11:06:40.000Z",
      workflow: "planner",
      agent: "planner",
      environment: "prod",
      release: "3",
      tags: { user: "u", team: "red" },
      outcome: "succeeded",
    })
    expect(runOf({ ...root, status: 2, statusMessage: "x" })).toMatchObject({ outcome: "failed", error: "x" })
    expect(runOf({ ...root, end: 0n })?.outcome).toBeUndefined()
    expect(runOf({ ...root, parentId: "00f067aa0ba902b7" })).toBeUndefined()
  })

  test("Langfuse's application root speaks though its parent lies elsewhere", () => {
    expect(runOf(anOtlpSpan({ "langfuse.internal.is_app_root": true, "langfuse.trace.name": "t" }))).toMatchObject({
      workflow: "t",
    })
  })

  test("a turn of Claude Code ends no session", () => {
    const turn = anOtlpSpan(
      { "span.type": "interaction", "session.id": "s" },
      { parentId: "", name: "claude_code.interaction" },
    )
    expect(runOf(turn)).toMatchObject({ run: "s", workflow: "claude-code" })
    expect(runOf(turn)?.outcome).toBeUndefined()
  })

  test("a span that ended later has an id of its own, which sorts behind that of its beginning", () => {
    const open = mapped({}, { end: 0n })
    const ended = mapped({})
    expect(open.span).toBe(ended.span)
    expect(open.id < ended.id).toBe(true)
    expect(flagsOf(open)).toContain("no_end")
  })
})

describe("hostile spans", () => {
  test("contents of any size leave an event that ingest takes", () => {
    const long = "語".repeat(200_000)
    const many = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, i) => [`llm.input_messages.${i}.message.content`, "x".repeat(50)]),
    )
    const noise = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`noise.${i}`, long.slice(0, 200)]))
    for (const attributes of [
      { "gen_ai.input.messages": long, "gen_ai.output.messages": long, "gen_ai.tool.definitions": long },
      { "openinference.span.kind": "LLM", ...many, ...noise },
      {
        "gen_ai.request.model": `  a\u0000b\n${"m".repeat(500)}  `,
        "gen_ai.conversation.id": "\ud800",
        __proto__: "x",
      },
    ] as Attributes[])
      expect(mapped(attributes, { name: long, resource: { "service.name": long } }).kind).toBeDefined()
  })

  test("what is cut from the attributes is counted, and never what money is read from", () => {
    const noise = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`noise.${i}`, "x".repeat(500)]))
    const draft = mapped({ ...noise, "gen_ai.usage.input_tokens": 5 })
    expect(draft.attributes).toHaveProperty(["gen_ai.usage.input_tokens"], 5)
    expect((draft.source as { dropped_attributes: number }).dropped_attributes).toBeGreaterThan(2_000)
  })

  test.each([
    [{ "llm.request.type": "chat", "gen_ai.usage.prompt_tokens": 3 }, "openllmetry"],
    [
      { "llm.request.type": "chat", "llm.usage.total_tokens": 3, "llm.is_streaming": true, "llm.headers": "{}" },
      "openllmetry",
    ],
    [{ "llm.model_name": "gpt-4o" }, "openinference"],
    [{ "llm.request.type": "chat", "llm.token_count.prompt": 3 }, "openinference"],
  ])("%j is said by %s", (attributes, convention) => {
    expect((mapped(attributes).source as { convention: string }).convention).toBe(convention)
  })

  test("a cost in dollars is none of a project that counts in euros: kept, told, not taken", () => {
    const draft = mapped({ "gen_ai.request.model": "m", "gen_ai.usage.input_tokens": 5, "gen_ai.usage.cost": 0.5 })
    expect([draft.cost, inCurrency(draft, "USD")]).toEqual(["0.5", draft])
    const taken = inCurrency(draft, "EUR")
    expect([taken.cost, flagsOf(taken)]).toEqual([undefined, ["kind_guessed", "cost_in_dollars"]])
    expect(taken.attributes).toHaveProperty(["gen_ai.usage.cost"], 0.5)
    expect(Object.keys(taken.source as object)).toEqual(Object.keys(taken.source as object).sort())
  })

  test("a cost of nothing for tokens is no cost", () => {
    const draft = mapped({ "gen_ai.request.model": "m", "gen_ai.usage.input_tokens": 5, "gen_ai.usage.cost": 0 })
    expect([draft.cost, flagsOf(draft)]).toEqual([undefined, ["zero_cost_ignored", "kind_guessed"]])
  })

  test("times are exact to the nanosecond", () => {
    const draft = mapped({}, { start: 1_795_198_981_091_000_001n, end: 1_795_198_981_091_041_873n })
    expect([draft.start, draft.end]).toEqual(["2026-11-20T18:23:01.091000001Z", "2026-11-20T18:23:01.091041873Z"])
  })
})
