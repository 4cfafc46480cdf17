import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { withOwner } from "@/db/owner"
import type { Attributes, OtlpSpan } from "@/ingest/formats/otlp/model"
import { anOtlpSpan, jsonRequest, protobufRequest } from "@/ingest/formats/otlp/testing"
import { type Booted, bootServer } from "./testing"
import { type Answer, call, type Sending } from "./testing-http"

let made = 0
const CALL: Attributes = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4o-mini",
  "gen_ai.usage.input_tokens": 2006,
  "gen_ai.usage.cache_read.input_tokens": 1920,
  "gen_ai.usage.output_tokens": 300,
}
const NOW = BigInt(Date.now()) * 1_000_000n

function span(rest: Partial<OtlpSpan> = {}): OtlpSpan {
  made += 1
  const ids = { traceId: `b${made.toString(16).padStart(31, "0")}`, spanId: `c${made.toString(16).padStart(15, "0")}` }
  return anOtlpSpan(CALL, { ...ids, parentId: "", start: NOW, end: NOW + 1_000_000_000n, ...rest })
}
const spans = (count: number) => Array.from({ length: count }, () => span())

const PROTOBUF = { "content-type": "application/x-protobuf" }
const GZIP = { "content-encoding": "gzip" }

async function send(
  server: Booted,
  body: Sending["body"],
  headers: Sending["headers"] = {},
  path = "/v1/traces",
): Promise<Answer> {
  return await call(server, path, {
    method: "POST",
    headers: { authorization: `Bearer ${server.key}`, "content-type": "application/json", ...headers },
    body,
  })
}

async function stored(server: Booted, sent: readonly OtlpSpan[]): Promise<{ spans: number; cost: string | null }> {
  const traces = sent.map(({ traceId }) => traceId)
  return await withOwner(server.owner, async (sql) => {
    const [row] = await sql<
      { spans: number; cost: string | null }[]
    >`select count(*)::int as spans, trim_scale(sum(cost))::text as cost from spans where run_id = any(${traces}) and is_counted`
    return { ...(row as { spans: number; cost: string | null }) }
  })
}

describe.each([
  ["the server in front", "on"],
  ["the Next route", "off"],
])("through %s", (_way, front) => {
  let server: Booted
  beforeAll(async () => {
    server = await bootServer({ env: { ANDON_INGEST_FRONT: front, ANDON_MAX_EVENTS: "300" } })
  })
  afterAll(() => server?.dispose())

  test("JSON and protobuf, plain, in gzip, in chunks, at either address: taken, at the exact cost", async () => {
    const batches = Array.from({ length: 5 }, () => spans(2))
    const [plain, gzip, proto, chunked, langfuse] = batches as [
      OtlpSpan[],
      OtlpSpan[],
      OtlpSpan[],
      OtlpSpan[],
      OtlpSpan[],
    ]
    const json = (batch: OtlpSpan[]) => JSON.stringify(jsonRequest(batch))
    const buffer = gzipSync(protobufRequest(chunked))
    const basic = { authorization: `Basic ${Buffer.from(`pk-lf-x:${server.key}`).toString("base64")}` }
    for (const [body, headers, path] of [
      [json(plain), { "content-type": "application/json; charset=utf-8" }],
      [gzipSync(json(gzip)), GZIP],
      [Buffer.from(protobufRequest(proto)), PROTOBUF],
      [[buffer.subarray(0, 40), buffer.subarray(40)], { ...PROTOBUF, ...GZIP }],
      [json(langfuse), basic, "/api/public/otel/v1/traces"],
    ] as [Sending["body"], Record<string, string>, string?][]) {
      const answer = await send(server, body, headers, path)
      const isProtobuf = headers["content-type"] === "application/x-protobuf"
      expect([answer.status, answer.text]).toEqual([200, isProtobuf ? "" : "{}"])
      expect(answer.headers["content-type"]).toBe(isProtobuf ? "application/x-protobuf" : "application/json")
      expect(answer.headers["x-request-id"]).toBeTruthy()
    }
    // (86 × 1.5e-7 + 1920 × 7.5e-8 + 300 × 6e-7) a span
    expect(await stored(server, batches.flat())).toEqual({ spans: 10, cost: "0.003369" })
    await send(server, json(plain))
    expect(await stored(server, plain)).toEqual({ spans: 2, cost: "0.0006738" })
  })

  test("the good spans of a request land, the bad ones are named and kept to look at", async () => {
    const good = spans(2)
    const bad = span({ traceId: "0".repeat(32) })
    const answer = await send(server, JSON.stringify(jsonRequest([...good, bad])))
    expect([answer.status, answer.json]).toEqual([
      200,
      { partialSuccess: { rejectedSpans: "1", errorMessage: expect.stringContaining("all zeros") } },
    ])
    expect((await stored(server, good)).spans).toBe(2)
    const letters = await withOwner(
      server.owner,
      (sql) => sql`select code, raw from dead_letters where code = 'invalid_id'`,
    )
    expect(letters).toMatchObject([{ code: "invalid_id", raw: expect.stringContaining(bad.spanId) }])
  })

  test("more spans than a request may have: none of them, and 413", async () => {
    const many = spans(601)
    for (const body of [JSON.stringify(jsonRequest(many)), Buffer.from(protobufRequest(many))]) {
      const headers = typeof body === "string" ? {} : PROTOBUF
      const answer = await send(server, body, headers)
      expect([answer.status, answer.headers["content-type"]]).toEqual([
        413,
        headers["content-type" as never] ?? "application/json",
      ])
    }
    expect((await stored(server, many)).spans).toBe(0)
    expect((await send(server, JSON.stringify(jsonRequest(many.slice(0, 600))))).status).toBe(200)
    expect((await stored(server, many)).spans).toBe(600)
  })

  test("what is no request of this kind is refused in the words of OTLP", async () => {
    const refused = async (body: Sending["body"], headers?: Sending["headers"]) => {
      const answer = await send(server, body, headers)
      return [answer.status, answer.json.code]
    }
    expect(await refused("{")).toEqual([400, 3])
    expect(await refused("{}", { authorization: undefined })).toEqual([401, 16])
    expect(await refused("{}", { authorization: "Basic bm9uc2Vuc2U=" })).toEqual([401, 16])
    expect(await refused("{}", { "content-type": "text/plain" })).toEqual([415, 3])
    expect(await refused("x".repeat(10), GZIP)).toEqual([400, 3])
    const malformed = await send(server, Buffer.from("nonsense"), PROTOBUF)
    expect([malformed.status, malformed.headers["content-type"]]).toEqual([400, "application/x-protobuf"])
    const get = await call(server, "/v1/traces", { headers: { authorization: `Bearer ${server.key}` } })
    expect([get.status, get.headers.allow]).toEqual([405, "POST"])
    expect((await send(server, "{}")).status).toBe(200)
  })

  test("logs and metrics are answered", async () => {
    for (const [path, body] of [
      ["/v1/logs", { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: "x" } }] }] }] }],
      ["/v1/metrics", { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: "x" }] }] }] }],
      ["/api/public/otel/v1/metrics", {}],
    ] as const) {
      const answer = await send(server, JSON.stringify(body), {}, path)
      expect([path, answer.status, answer.text]).toEqual([path, 200, "{}"])
    }
  })
})
