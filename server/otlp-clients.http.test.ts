import { type Context, ROOT_CONTEXT, SpanStatusCode, trace } from "@opentelemetry/api"
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http"
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto"
import { resourceFromAttributes } from "@opentelemetry/resources"
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from "@opentelemetry/sdk-trace-base"
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
  ...{ runs, spans: 4 * runs, calls: 2 * runs, errors: runs, unpriced: 0 },
  ...{ input: 172 * runs, cached: 3840 * runs, output: 600 * runs },
  cost: String((6738 * runs) / 1e7),
  ...{ status: ["succeeded"], workflow: ["clerk"], environment: ["prod"], team: ["billing"] },
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
