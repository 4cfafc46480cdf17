import { spawn } from "node:child_process"
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"
import { withOwner } from "@/db/owner"
import { type Booted, bootServer } from "./testing"

const ROOT = fileURLToPath(new URL("..", import.meta.url))
const README = readFileSync(join(ROOT, "README.md"), "utf8")
const ADDRESS = "http://127.0.0.1:3000"

let server: Booted
beforeAll(async () => {
  server = await bootServer()
})
afterAll(() => server?.dispose())

/** The first block under a heading. It must have no more than five lines and name the address. */
function snippet(heading: string): string {
  const [, under] = README.split(`\n### ${heading}\n`)
  const block = under?.split("\n##", 1)[0]?.match(/```\w+\n([\s\S]*?)\n```/)?.[1]
  if (block === undefined) throw new Error(`the README has no block under ${heading}`)
  expect(block.split("\n").length).toBeLessThanOrEqual(5)
  return block
}

const addressed = (block: string): string => {
  expect(block).toContain(ADDRESS)
  return block.replaceAll(ADDRESS, server.url)
}

/** Runs it with the key in `ANDON_KEY`. @throws Error with what it printed. */
async function run(command: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env, NODE_ENV: "production", ANDON_KEY: server.key },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let printed = ""
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += chunk))
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve))
  if (code !== 0) throw new Error(`ended with ${code}:\n${printed}`)
  return printed
}

const node = (...parts: string[]): Promise<string> =>
  run(process.execPath, ["--input-type=module", "-e", parts.join("\n")])

async function stored(workflow: string): Promise<unknown[]> {
  const rows = await withOwner(
    server.owner,
    (
      sql,
    ) => sql`select status, spans, calls, unpriced_calls as unpriced, input::int, cache_read::int as cached, output::int,
      trim_scale(cost)::text as cost from runs where workflow = ${workflow}`,
  )
  return rows.map((row) => ({ ...row }))
}

/** Sends what waits, as a process that ends in order does. */
const SHUT_DOWN = `const { trace } = await import("@opentelemetry/api")
await trace.getTracerProvider().getDelegate().shutdown()`

/** 86 × 1.5e-7 + 1920 × 7.5e-8 + 300 × 6e-7 */
const MINI = { calls: 1, unpriced: 0, input: 86, cached: 1920, output: 300, cost: "0.0003369" }

test("curl", async () => {
  const block = README.match(/```sh\n(curl [\s\S]*?)\n```/)?.[1] ?? ""
  const printed = await run("sh", ["-ec", addressed(block).replace("curl ", "curl -sS --fail-with-body ")])
  expect(JSON.parse(printed.slice(printed.indexOf("{")))).toMatchObject({ accepted: 3 })
  expect(await stored("first-try")).toEqual([
    // 1200 × 3e-6 + 310 × 1.5e-5
    { status: "succeeded", spans: 1, calls: 1, unpriced: 0, input: 1200, cached: 0, output: 310, cost: "0.00825" },
  ])
})

test("OpenTelemetry from Node", async () => {
  const work = `const api = await import("@opentelemetry/api")
    const tracer = api.trace.getTracer("agent")
    tracer.startActiveSpan("invoke_agent clerk", (agent) => {
      agent.setAttributes({ "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "clerk" })
      const call = tracer.startSpan("chat gpt-4o-mini")
      call.setAttributes({
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.usage.input_tokens": 2006, "gen_ai.usage.cache_read.input_tokens": 1920, "gen_ai.usage.output_tokens": 300,
      })
      call.end()
      agent.end()
    })`
  await node(addressed(snippet("OpenTelemetry from Node")), work, SHUT_DOWN)
  expect(await stored("clerk")).toEqual([{ status: "succeeded", spans: 2, ...MINI }])
})

test("Langfuse, v3", async () => {
  const work = `const trace = langfuse.trace({ name: "letters", output: "done" })
    trace.generation({ name: "call", model: "gpt-4o-mini", endTime: new Date(), usageDetails: { input: 86, input_cached_tokens: 1920, output: 300 } })
    await langfuse.shutdownAsync()`
  await node(addressed(snippet("Langfuse, v3")), work)
  expect(await stored("letters")).toEqual([{ status: "succeeded", spans: 1, ...MINI }])
})

test("Langfuse, by OpenTelemetry", async () => {
  const work = `const { startActiveObservation, startObservation } = await import("@langfuse/tracing")
    startActiveObservation("filing", () => {
      const usageDetails = { input: 86, input_cached_tokens: 1920, output: 300 }
      startObservation("call", { model: "gpt-4o-mini", usageDetails }, { asType: "generation" }).end()
    }, { asType: "agent" })`
  await node(addressed(snippet("Langfuse, by OpenTelemetry")), work, SHUT_DOWN)
  expect(await stored("filing")).toEqual([{ status: "succeeded", spans: 2, ...MINI }])
})

test("Vercel AI SDK", async () => {
  const given = `const { MockLanguageModelV3 } = await import("ai/test")
    const prompt = "Hello"
    const model = new MockLanguageModelV3({ provider: "openai.chat", modelId: "gpt-4o-mini", doGenerate: {
      content: [{ type: "text", text: "Hi" }], finishReason: { unified: "stop", raw: "stop" }, warnings: [],
      usage: { inputTokens: { total: 2006, noCache: 86, cacheRead: 1920 }, outputTokens: { total: 300, text: 300 } } } })`
  await node(addressed(snippet("OpenTelemetry from Node")), given, snippet("Vercel AI SDK"), SHUT_DOWN)
  // Its outer span repeats what its call used.
  expect(await stored("triage")).toEqual([{ status: "succeeded", spans: 2, ...MINI }])
})

test("Stop a run, in shell", async () => {
  const [, under] = README.split("\n## Stop a run\n")
  const script = addressed(under?.match(/```sh\n([\s\S]*?)\n```/)?.[1] ?? "")
  expect(script.split("\n").length).toBeLessThanOrEqual(30)
  const folder = mkdtempSync(join(tmpdir(), "andon-stop-"))
  const command = (name: string, text: string) =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  const play = (more: string) => run("sh", ["-ec", `cd ${folder}; ${script}\n${more}`]).catch((error) => String(error))
  try {
    command("fetch.sh", "true")
    command("parse.sh", "echo parsed")
    const whole = await play("")
    expect(whole).toContain("parsed")
    // It claims success, and its check never ran.
    expect(whole).toContain('"code":"not_usable"')
    const act = `{"act":"halt","reason":"wrong customer","version":0}`
    command(
      "fetch.sh",
      `curl -sS --fail-with-body -H "Authorization: Bearer $ANDON_KEY" -H "Content-Type: application/json" ${server.url}/api/v1/runs/$1/acts -d '${act}'`,
    )
    const halted = await play("")
    expect(halted).toContain("ended with 3")
    expect(halted).toContain("halted before parse")
    expect(halted).not.toContain("parsed")
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const rows = await withOwner(
    server.owner,
    (sql) =>
      sql`select status, hold from runs where workflow = 'letters' and id like 'letters-%' order by started_at, id`,
  )
  expect(rows.map(({ status }) => status).sort()).toEqual(["halted", "succeeded"])
})

/** In the place of Claude Code, which this Node is too old for: sends one of its events where the variables say. */
const STAND_IN = `#!${process.execPath}
const { CLAUDE_CODE_ENABLE_TELEMETRY: on, OTEL_LOGS_EXPORTER: logs, OTEL_EXPORTER_OTLP_PROTOCOL: protocol } = process.env
if (on !== "1" || logs !== "otlp" || !/^http\\/(json|protobuf)$/.test(protocol)) throw new Error("it would send nothing, or by gRPC")
const headers = Object.fromEntries(process.env.OTEL_EXPORTER_OTLP_HEADERS.split(",").map((pair) => {
  const at = pair.indexOf("=")
  return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]
}))
const said = { "event.name": "api_request", "session.id": "session-1", request_id: "req_1", model: "claude-sonnet-4-5", cost_usd: 0.0012345,
  input_tokens: 2, cache_read_tokens: 1000, output_tokens: 10, duration_ms: 900 }
const attributes = Object.entries(said).map(([key, value]) => ({ key, value: { stringValue: String(value) } }))
const record = { timeUnixNano: Date.now() + "000000", body: { stringValue: "claude_code.api_request" }, attributes }
const scopeLogs = [{ scope: { name: "com.anthropic.claude_code.events" }, logRecords: [record] }]
fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + "/v1/logs", {
  method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify({ resourceLogs: [{ scopeLogs }] }),
}).then((answer) => process.exit(answer.ok ? 0 : 1))
`

test("Claude Code, by a stand-in that reads the same variables", async () => {
  const bin = mkdtempSync(join(tmpdir(), "andon-bin-"))
  try {
    writeFileSync(join(bin, "claude"), STAND_IN)
    chmodSync(join(bin, "claude"), 0o755)
    const path = `${bin}${delimiter}${process.env.PATH}`
    await run("sh", ["-ec", addressed(snippet("Claude Code"))], { PATH: path })
  } finally {
    rmSync(bin, { recursive: true, force: true })
  }
  const [row] = await withOwner(
    server.owner,
    (sql) => sql`select calls, input::int, cache_read::int as cached, output::int, trim_scale(cost)::text as cost
      from runs where id = 'session-1'`,
  )
  expect({ ...row }).toEqual({ calls: 1, input: 2, cached: 1000, output: 10, cost: "0.0012345" })
})

// These are not run here: only what they would send to is held.
test("Python and the collector name the address and carry the key", () => {
  const python = addressed(snippet("OpenTelemetry from Python"))
  expect(python).toContain('OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer%20$ANDON_KEY"')
  expect(python).toContain("OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf")
  const collector = addressed(snippet("OpenTelemetry's collector"))
  expect(collector).toMatch(/headers: \{ Authorization: "Bearer \$\{env:ANDON_KEY\}" \}/)
})
