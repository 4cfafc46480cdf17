import { type Context, ROOT_CONTEXT, SpanStatusCode, trace } from "@opentelemetry/api"
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http"
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto"
import { resourceFromAttributes } from "@opentelemetry/resources"
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from "@opentelemetry/sdk-trace-base"
import * as traceloop from "@traceloop/node-server-sdk"
import { afterEach, describe, expect, test } from "vitest"
import { readPostmaster } from "@/db/embedded/postmaster"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { type Booted, bootServer } from "./testing"

let server: Booted
afterEach(() => server?.dispose())

const EXPORTERS = { json: JsonExporter, protobuf: ProtobufExporter }
type Encoding = keyof typeof EXPORTERS

function exporterOf(encoding: Encoding, options: object = {}): SpanExporter {
  return new EXPORTERS[encoding]({
    url: `${server.url}/v1/traces`,
    headers: { authorization: `Bearer ${server.key}` },
    ...options,
  })
}

function providerOf(exporter: SpanExporter): BasicTracerProvider {
  return new BasicTracerProvider({
    resource: resourceFromAttributes({
      "service.name": "invoices",
      "deployment.environment.name": "prod",
      team: "billing",
    }),
    spanProcessors: [
      new BatchSpanProcessor(exporter, { maxExportBatchSize: 64, maxQueueSize: 10_000, scheduledDelayMillis: 50 }),
    ],
  })
}

/** An agent that repeats the sum of its two calls, and a tool that fails. */
function record(provider: BasicTracerProvider): void {
  const tracer = provider.getTracer("test", "1")
  const usage = (input: number, output: number) => ({
    "gen_ai.usage.input_tokens": input,
    "gen_ai.usage.output_tokens": output,
  })
  const agent = tracer.startSpan(
    "invoke_agent clerk",
    {
      attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "clerk", ...usage(4012, 600) },
    },
    ROOT_CONTEXT,
  )
  const inside: Context = trace.setSpan(ROOT_CONTEXT, agent)
  for (let i = 0; i < 2; i++) {
    const call = tracer.startSpan("chat gpt-4o-mini", {}, inside)
    call.setAttributes({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
      "gen_ai.usage.cache_read.input_tokens": 1920,
      ...usage(2006, 300),
    })
    call.end()
  }
  const tool = tracer.startSpan(
    "execute_tool look_up",
    { attributes: { "gen_ai.operation.name": "execute_tool" } },
    inside,
  )
  tool.recordException(new Error("no such invoice"))
  tool.setStatus({ code: SpanStatusCode.ERROR, message: "no such invoice" })
  tool.end()
  agent.end()
}

async function totals(): Promise<object> {
  return await withOwner(server.owner, async (sql) => {
    const [row] =
      await sql`select count(*)::int as runs, sum(spans)::int as spans, sum(calls)::int as calls, sum(errors)::int as errors,
      sum(unpriced_calls)::int as unpriced, sum(input)::int as input, sum(cache_read)::int as cached, sum(output)::int as output,
      trim_scale(sum(cost))::text as cost, array_agg(distinct status) as status, array_agg(distinct workflow) as workflow,
      array_agg(distinct environment) as environment, array_agg(distinct team) as team from runs`
    return { ...row }
  })
}

/** 86 × 1.5e-7 + 1920 × 7.5e-8 + 300 × 6e-7 = 0.0003369 a call. */
const expected = (runs: number) => ({
  runs,
  spans: 4 * runs,
  calls: 2 * runs,
  errors: runs,
  unpriced: 0,
  input: 172 * runs,
  cached: 3840 * runs,
  output: 600 * runs,
  cost: String((6738 * runs) / 1e7),
  status: ["succeeded"],
  workflow: ["clerk"],
  environment: ["prod"],
  team: ["billing"],
})

async function expectNoDifference(): Promise<void> {
  await withOwner(server.owner, async (owner) => expect((await audit(owner)).found).toBe(0))
  const letters = await withOwner(server.owner, (sql) => sql`select code, message from dead_letters`)
  expect([...letters]).toEqual([])
}

describe.each(["json", "protobuf"] as const)("OpenTelemetry's own exporter, %s", (encoding) => {
  test.each([["none"], ["gzip"]])("compression %s: what was sent is stored, at its exact cost", async (compression) => {
    server = await bootServer()
    const provider = providerOf(exporterOf(encoding, { compression }))
    for (let i = 0; i < 50; i++) record(provider)
    await provider.forceFlush()
    await provider.shutdown()
    expect(await totals()).toEqual(expected(50))
    await expectNoDifference()
  })
})

test("a database that is killed during an export: the exporter's own retry delivers everything, once", async () => {
  server = await bootServer()
  const provider = providerOf(exporterOf("protobuf", { timeoutMillis: 30_000, concurrencyLimit: 100 }))
  const runs = 400
  const killAt = new Set([100, 250])
  for (let i = 0; i < runs; i++) {
    record(provider)
    if (killAt.has(i)) killDatabase()
    if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 30))
  }
  await provider.forceFlush()
  await provider.shutdown()
  expect(await totals()).toEqual(expected(runs))
  await expectNoDifference()
})

/** Immediate: no transaction ends, no connection is told. */
function killDatabase(): void {
  const { pid } = readPostmaster(`${server.dataDir}/postgres`) ?? {}
  if (pid === undefined) throw new Error("there is no database to kill")
  process.kill(pid, "SIGQUIT")
}

/** What Traceloop's instrumentation wraps of OpenAI's own client, in its form; it answers at once. */
class FakeCompletions {
  readonly _client = { baseURL: "https://api.openai.com/v1" }

  create({ model }: { model: string; messages: { role: string; content: string }[] }) {
    const message = { role: "assistant", content: "It is due." }
    const usage = { prompt_tokens: 1200, completion_tokens: 80, total_tokens: 1280 }
    const choices = [{ index: 0, finish_reason: "stop", message }]
    return new FakePromise((resolve) => resolve({ id: "c1", model: `${model}-2024-07-18`, choices, usage }))
  }
}
class FakePromise<T> extends Promise<T> {
  _thenUnwrap = (use: (value: T) => T) => this.then(use)
}
const FAKE_OPENAI = {
  Chat: { Completions: FakeCompletions },
  Completions: class {
    create() {}
  },
}

test("Traceloop's SDK: its workflow and the calls that it wraps are stored, at their exact cost", async () => {
  server = await bootServer()
  traceloop.initialize({
    appName: "invoices",
    baseUrl: server.url,
    apiKey: server.key,
    silenceInitializationMessage: true,
    traceloopSyncEnabled: false,
    instrumentModules: { openAI: FAKE_OPENAI as never },
  })
  const completions = new FakeCompletions()
  const properties = { user_id: "u-7", team: "billing" }
  for (let i = 0; i < 5; i++)
    await traceloop.withWorkflow({ name: "dunning", associationProperties: properties }, async () => {
      await traceloop.withTask({ name: "look_up" }, () =>
        completions.create({ model: "gpt-4o-mini", messages: [{ role: "user", content: "Is it due?" }] }),
      )
      await traceloop.withLLMCall({ vendor: "openai", type: "chat" }, async ({ span }) => {
        span.reportRequest({ model: "gpt-4o-mini", messages: [{ role: "user", content: "Write to them." }] })
        const usage = { prompt_tokens: 300, completion_tokens: 200, total_tokens: 500 }
        const message = { role: "assistant" as const, content: "Dear customer" }
        span.reportResponse({ model: "gpt-4o-mini", usage, completions: [{ finish_reason: "stop", message }] })
      })
    })
  await traceloop.forceFlush()
  // 1200 × 1.5e-7 + 80 × 6e-7, and 300 × 1.5e-7 + 200 × 6e-7.
  expect(await totals()).toMatchObject({
    runs: 5,
    spans: 20,
    calls: 10,
    errors: 0,
    unpriced: 0,
    input: 7500,
    output: 1400,
    cost: "0.001965",
    status: ["succeeded"],
    workflow: ["dunning"],
    team: ["billing"],
  })
  const kinds = await withOwner(server.owner, async (sql) => [
    ...(await sql`select kind, name, count(*)::int as spans from spans group by 1, 2 order by 1, 2`),
  ])
  expect(kinds).toEqual([
    { kind: "agent", name: "dunning", spans: 5 },
    { kind: "llm", name: "chat gpt-4o-mini", spans: 5 },
    { kind: "llm", name: "openai.chat", spans: 5 },
    { kind: "step", name: "look_up", spans: 5 },
  ])
  await expectNoDifference()
})
