import { LangfuseSpanProcessor } from "@langfuse/otel"
import { setLangfuseTracerProvider, startObservation } from "@langfuse/tracing"
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { withOwner } from "@/db/owner"
import { type Booted, bootServer } from "./testing"

let server: Booted
beforeAll(async () => {
  server = await bootServer()
})
afterAll(() => server?.dispose())

async function rows(text: string): Promise<unknown[]> {
  return JSON.parse(JSON.stringify(await withOwner(server.owner, (sql) => sql.unsafe(text)))) as unknown[]
}

describe("@langfuse/otel", () => {
  test("sends observations by OpenTelemetry: all stored, at their exact cost, roll-ups counted once", async () => {
    const processor = new LangfuseSpanProcessor({
      publicKey: "pk-lf-any",
      secretKey: server.key,
      baseUrl: server.url,
      environment: "staging",
      release: "r7",
    })
    const provider = new BasicTracerProvider({ spanProcessors: [processor] })
    setLangfuseTracerProvider(provider)
    const runs = 10
    for (let n = 0; n < runs; n++) {
      // It repeats what its calls used.
      const agent = startObservation(
        "invoice agent",
        { input: { n }, usageDetails: { input: 1005, output: 57 }, costDetails: { total: 0.002222222222 } } as object,
        { asType: "agent" },
      )
      agent
        .startObservation(
          "priced by its source",
          {
            model: "claude-sonnet-4-5",
            usageDetails: { input: 5, output: 7, cache_read_input_tokens: 100 },
            costDetails: { total: 0.002 },
          },
          { asType: "generation" },
        )
        .end()
      agent
        .startObservation(
          "priced by us",
          {
            model: "gpt-4o-mini",
            usageDetails: { input: 1000, output: 50, input_cached_tokens: 200 },
          },
          { asType: "generation" },
        )
        .end()
      agent.startObservation("look up", { level: "ERROR", statusMessage: "boom" } as object, { asType: "tool" }).end()
      agent.update({ output: "done" }).end()
    }
    await provider.forceFlush()
    await provider.shutdown()

    expect(
      await rows(`select count(*)::int as runs, sum(spans)::int as spans, sum(calls)::int as calls, sum(errors)::int as errors,
        sum(unpriced_calls)::int as unpriced, sum(input)::int as input, sum(cache_read)::int as cache_read, sum(output)::int as output,
        sum(cost)::text as cost, array_agg(distinct status) as status, array_agg(distinct environment) as environment, array_agg(distinct release) as release from runs`),
    ).toEqual([
      {
        runs,
        spans: 4 * runs,
        calls: 2 * runs,
        errors: runs,
        unpriced: 0,
        input: 1005 * runs,
        cache_read: 300 * runs,
        output: 57 * runs,
        // (0.002 + 0.00015 + 0.000015 + 0.00003) each
        cost: "0.021950",
        status: ["succeeded"],
        environment: ["staging"],
        release: ["r7"],
      },
    ])
    expect(await rows("select distinct kind, name, status, error from spans order by name")).toEqual([
      { kind: "agent", name: "invoice agent", status: expect.anything(), error: null },
      { kind: "tool", name: "look up", status: "error", error: "boom" },
      { kind: "llm", name: "priced by its source", status: expect.anything(), error: null },
      { kind: "llm", name: "priced by us", status: expect.anything(), error: null },
    ])
    expect(await rows("select code from dead_letters")).toEqual([])
  })
})
