import { createHash } from "node:crypto"
import type { OtlpSpan } from "@/ingest/formats/otlp/model"
import { protobufRequest } from "@/ingest/formats/otlp/testing"

/**
 * What the bench sends: runs of 20 events (a start, 18 model calls with 300 characters in and out, an end), about 1.1 kB of JSON a call, spread over
 * 24 workflows, 8 models and 4 teams. Made from counters alone, so that a run of the bench can be repeated.
 */
const MODELS = [
  ["openai", "gpt-5"],
  ["openai", "gpt-5-mini"],
  ["openai", "gpt-4o"],
  ["anthropic", "claude-sonnet-4-5"],
  ["anthropic", "claude-haiku-4-5"],
  ["google", "gemini-2.5-pro"],
  ["google", "gemini-2.5-flash"],
  ["mistral", "mistral-large-latest"],
] as const
export const EVENTS_PER_RUN = 20
/** All but its start and its end. */
export const SPANS_PER_RUN = EVENTS_PER_RUN - 2
/** An agent and its calls: as many as there are events in a run, so that a request of either way in holds the same number of whole runs. */
export const OTLP_SPANS_PER_RUN = EVENTS_PER_RUN
const WORKFLOWS = 24
const TEXT =
  "The quick agent reads the invoice, checks each line against the order and writes down what differs, with a reason. "
    .repeat(3)
    .slice(0, 300)

/** Events of run `index` of `series`, in order. `at` is when it starts, milliseconds. */
export function runEvents(series: string, index: number, at: number): object[] {
  const run = `${series}-${index}`
  const iso = (offset: number) => new Date(at + offset).toISOString()
  const workflow = index % WORKFLOWS
  const events: object[] = [
    {
      id: `${run}:0`,
      type: "run.started",
      run,
      seq: 0,
      at: iso(0),
      workflow: `workflow-${workflow}`,
      agent: "bench",
      environment: "production",
      release: `1.${workflow % 3}.0`,
      tags: { team: `team-${workflow % 4}` },
    },
  ]
  for (let i = 1; i < EVENTS_PER_RUN - 1; i++) {
    const [provider, model] = MODELS[(workflow + (i % 2)) % MODELS.length] as (typeof MODELS)[number]
    events.push({
      id: `${run}:${i}`,
      type: "span",
      run,
      seq: i,
      span: `s${i}`,
      kind: "llm",
      name: "extract fields from one page",
      step: `step-${i % 3}`,
      start: iso(i * 1000),
      end: iso(i * 1000 + 800),
      provider,
      model,
      usage: { input: 1200 + i, cache_read: 9000, cache_write: 0, output: 310, reasoning: 0 },
      status: "ok",
      input: TEXT,
      output: TEXT,
    })
  }
  events.push({ id: `${run}:end`, type: "run.finished", run, seq: 99, at: iso(20_000), outcome: "succeeded" })
  return events
}

/** The same run as spans of OpenTelemetry: an agent, told when it has ended, and its calls, each with what the native event of it says. */
function runSpans(series: string, index: number, at: number, count: number): OtlpSpan[] {
  const traceId = createHash("sha256").update(`${series}-${index}`).digest("hex").slice(0, 32)
  const spanId = (i: number) => i.toString(16).padStart(16, "b")
  const workflow = index % WORKFLOWS
  const origin = {
    resource: {
      "service.name": `workflow-${workflow}`,
      "service.version": `1.${workflow % 3}.0`,
      "deployment.environment.name": "production",
      team: `team-${workflow % 4}`,
    },
    scope: "bench",
    scopeVersion: "1",
  }
  const span = (i: number, name: string, from: number, to: number, attributes: OtlpSpan["attributes"]): OtlpSpan => ({
    traceId,
    spanId: spanId(i),
    parentId: i === 0 ? "" : spanId(0),
    name,
    kind: i === 0 ? 1 : 3,
    attributes,
    start: BigInt(at + from) * 1_000_000n,
    end: BigInt(at + to) * 1_000_000n,
    events: [],
    status: 0,
    statusMessage: "",
    origin,
  })
  const spans: OtlpSpan[] = []
  for (let i = 1; i < count; i++) {
    const [provider, model] = MODELS[(workflow + (i % 2)) % MODELS.length] as (typeof MODELS)[number]
    spans.push(
      span(i, "extract fields from one page", i * 1000, i * 1000 + 800, {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": provider,
        "gen_ai.request.model": model,
        "gen_ai.usage.input_tokens": 10_200 + i,
        "gen_ai.usage.cache_read.input_tokens": 9000,
        "gen_ai.usage.output_tokens": 310,
        "gen_ai.input.messages": TEXT,
        "gen_ai.output.messages": TEXT,
      }),
    )
  }
  spans.push(
    span(0, "invoke_agent bench", 0, 20_000, {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "bench",
      "gen_ai.workflow.name": `workflow-${workflow}`,
    }),
  )
  return spans
}

/** Protobuf bodies of `batch` spans each, endless. */
export function* otlpBodies(
  series: string,
  batch: number,
  at: number,
  perRun = OTLP_SPANS_PER_RUN,
): Generator<{ body: Uint8Array | string; events: number }> {
  let waiting: OtlpSpan[] = []
  for (let index = 0; ; index++) {
    waiting.push(...runSpans(series, index, at - (index % 600) * 1000, perRun))
    while (waiting.length >= batch) {
      yield { body: protobufRequest(waiting.slice(0, batch)), events: batch }
      waiting = waiting.slice(batch)
    }
  }
}

/** Bodies of `batch` events each, endless: run after run. */
export function* bodies(series: string, batch: number, at: number): Generator<{ body: string; events: number }> {
  let waiting: object[] = []
  for (let index = 0; ; index++) {
    waiting.push(...runEvents(series, index, at - (index % 600) * 1000))
    while (waiting.length >= batch) {
      yield { body: JSON.stringify(waiting.slice(0, batch)), events: batch }
      waiting = waiting.slice(batch)
    }
  }
}
