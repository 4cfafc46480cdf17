import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { spansFromJson } from "./json"
import { type Attributes, Broken, type OtlpSpan } from "./model"
import { spansFromProtobuf } from "./protobuf"
import { type Draft, spanToEvents } from "./spans"
import { anOtlpSpan, jsonRequest, protobufRequest } from "./testing"
import { flagsOf, mapped, taken } from "./testing-mapped"

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url))

describe("recorded payloads", () => {
  const spans = (name: string): OtlpSpan[] => {
    const { items } = name.endsWith(".pb") ? spansFromProtobuf(fixture(name)) : spansFromJson(fixture(name).toString())
    return items.filter((item): item is OtlpSpan => !(item instanceof Broken))
  }

  test.each(["otlp-exporter-0.223.1-traces.json", "otlp-exporter-0.223.1-traces.pb"])("%s", (name) => {
    const [span] = spans(name)
    const drafts = taken(spanToEvents(span as OtlpSpan).drafts)
    expect(drafts).toMatchObject([
      {
        kind: "llm",
        model: "gpt-4o",
        provider: "openai",
        usage: { input: 123 },
        cost: "0.00123",
        status: "error",
        error: "bad",
      },
      { check: "pass", outcome: "skipped", score: 1 },
      { type: "run.updated", outcome: "failed" },
    ])
    expect(drafts[0]?.attributes).toMatchObject({ arr: ["a", "b"], flag: true })
  })

  test("langfuse-otel-5.11.1-traces.json", () => {
    expect(spans("langfuse-otel-5.11.1-traces.json").flatMap((span) => taken(spanToEvents(span).drafts))).toMatchObject(
      [
        { kind: "agent", status: "error", error: "boom", environment: "staging", release: "r1" },
        { type: "run.updated", outcome: "failed", error: "boom" },
        {
          kind: "llm",
          model: "claude-sonnet-4-5",
          provider: "anthropic",
          usage: { input: 5, output: 7, cache_read: 100 },
          cost: "0.002",
          input: "hi",
          output: "yo",
        },
      ],
    )
  })

  test.each([
    ["openinference_client_span_input_output_only", "llm", { input: 97, output: 52 }],
    ["openinference_client_span_tool_calls", "llm", { input: 97, output: 52 }],
    ["otel_genai_client_span_tool_calls", "llm", { input: 97, output: 52 }],
    ["otel_genai_deprecated_client_span_tool_calls", "llm", { input: 97, output: 52 }],
    ["otel_genai_tool_execution_span", "tool", undefined],
  ])("openinference/%s.json", (name, kind, usage) => {
    const draft = mapped(JSON.parse(fixture(`openinference/${name}.json`).toString()))
    expect([draft.kind, draft.usage]).toEqual([kind, usage])
    expect(draft.input).toBeDefined()
    expect(draft.output).toBeDefined()
    if (kind === "llm") expect(draft.provider).toBe("openai")
  })

  type Recorded = {
    name: string
    attributes: Attributes
    spanContext: { traceId: string; spanId: string }
    parentSpanId?: string
    startTime: [number, number]
    endTime: [number, number]
    status: { code: number; message?: string }
  }
  const recorded = JSON.parse(fixture("openinference/vercel-ai-v6-all-spans.json").toString()) as Recorded[]
  const nanos = ([s, n]: [number, number]) => BigInt(s) * 1_000_000_000n + BigInt(n)
  const sdkSpans = recorded.map(({ attributes, spanContext, startTime, endTime, ...rest }) =>
    anOtlpSpan(attributes, {
      ...spanContext,
      name: rest.name,
      parentId: rest.parentSpanId ?? "",
      start: nanos(startTime),
      end: nanos(endTime),
      status: rest.status.code,
    }),
  )

  test("the spans of Vercel's AI SDK 6: calls, roll-ups, tools, each by its operation", () => {
    expect(sdkSpans.length).toBe(10)
    for (const span of sdkSpans) {
      const draft = taken(spanToEvents(span).drafts)[0] as Draft
      const operation = span.attributes["ai.operationId"] as string
      const kind = /\.do(Generate|Stream)$/.test(operation)
        ? "llm"
        : operation.endsWith(".doEmbed")
          ? "embedding"
          : operation === "ai.toolCall"
            ? "tool"
            : operation.startsWith("ai.embed")
              ? "step"
              : "agent"
      expect([operation, draft.kind]).toEqual([operation, kind])
      expect(flagsOf(draft).filter((flag) => flag !== "zero_cost_ignored")).toEqual([])
      if (kind === "llm") {
        const { input = 0, cache_read = 0, output = 0, reasoning = 0 } = draft.usage as Record<string, number>
        expect(input + cache_read).toBe(span.attributes["gen_ai.usage.input_tokens"])
        expect(output + reasoning).toBe(span.attributes["gen_ai.usage.output_tokens"])
        expect(draft.provider).toBe("openai")
      }
    }
  })

  test("both encodings of them come out the same", () => {
    const json = spansFromJson(JSON.stringify(jsonRequest(sdkSpans))).items
    const proto = spansFromProtobuf(protobufRequest(sdkSpans)).items
    expect(proto).toEqual(json)
  })
})
