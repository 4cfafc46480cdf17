import { gzipSync } from "node:zlib"
import { BinaryReader } from "@bufbuild/protobuf/wire"
import { describe, expect, test } from "vitest"
import type { KeyActor } from "@/access/actor"
import { AppError } from "@/lib/errors"
import type { Incoming, ItemOutcome } from "./accept"
import type { Signal } from "./formats/otlp/answer"
import { anOtlpSpan, jsonRequest, protobufRequest } from "./formats/otlp/testing"
import { otlpHandler } from "./otlp-http"
import { RefusedEvent } from "./unreadable"
import { validate } from "./validate"

const KEY = { project: { id: 1, currency: "USD" }, keyId: 7 } as KeyActor
const LIMITS = { bodyBytes: 1 << 20, eventsPerRequest: 10, inFlightBytes: 1 << 24 }
const span = anOtlpSpan({ "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o" })

type Sent = { body: string | Uint8Array; signal?: Signal; headers?: Record<string, string>; method?: string }

/** Judges like ingest does, and stores nothing. */
async function send(
  { body, signal = "traces", headers = {}, method = "POST" }: Sent,
  outcome?: (i: number) => ItemOutcome,
) {
  const seen: Incoming[] = []
  const stored: unknown[] = []
  const isText = typeof body === "string"
  const answer = await otlpHandler(signal)(
    {
      method,
      remote: null,
      requestId: "r-1",
      headers: {
        authorization: "Bearer x",
        "content-type": isText ? "application/json; charset=utf-8" : "application/x-protobuf",
        ...headers,
      },
      body: (async function* () {
        yield Buffer.from(body)
      })(),
    },
    async (authorization) => {
      if (authorization !== "Bearer x") throw new AppError("key_invalid", "This is not a valid ingest key.")
      return KEY
    },
    {
      limits: LIMITS,
      async take(input) {
        seen.push(input)
        const outcomes = input.events.map((event, i): ItemOutcome => {
          if (event instanceof RefusedEvent) return event.rejection
          const scope = { projectId: 1, keyId: 7, currency: "USD", receivedAt: Date.now(), ids: "foreign" as const }
          const judged = validate(event, scope)
          if (!judged.ok) return judged.rejection
          stored.push(event)
          return outcome?.(i) ?? "accepted"
        })
        return { outcomes, sanitized: 0, ignored: [] }
      },
    },
  )
  const text = typeof answer.body === "string" ? answer.body : Buffer.from(answer.body ?? []).toString("latin1")
  return {
    ...answer,
    text,
    json: isText ? JSON.parse(text) : null,
    events: seen.flatMap((input) => input.events),
    stored,
  }
}

/** Fields of a protobuf answer: numbers and texts by their number. */
function fields(body: unknown): Record<number, unknown> {
  const reader = new BinaryReader(body as Uint8Array)
  const out: Record<number, unknown> = {}
  while (reader.pos < reader.len) {
    const [no, type] = reader.tag()
    out[no] = type === 2 ? reader.bytes() : Number(reader.int64())
  }
  return out
}

describe("what was taken", () => {
  test("an empty success in the encoding of the request: {} and no bytes at all", async () => {
    const json = await send({ body: JSON.stringify(jsonRequest([span])) })
    expect([json.status, json.headers["content-type"], json.text]).toEqual([200, "application/json", "{}"])
    const proto = await send({ body: protobufRequest([span]) })
    expect([proto.status, proto.headers["content-type"], proto.text]).toEqual([200, "application/x-protobuf", ""])
    expect(proto.events).toEqual(json.events)
  })

  test("no spans are a success", async () => {
    for (const body of ["{}", '{"resourceSpans":[]}', new Uint8Array()])
      expect(await send({ body })).toMatchObject({ status: 200, events: [] })
  })

  test("gzip, and a snake_case body is told that nothing was read", async () => {
    const body = gzipSync(JSON.stringify(jsonRequest([span])))
    const gzip = { "content-encoding": "gzip", "content-type": "application/json" }
    expect((await send({ body, headers: gzip })).events).toHaveLength(1)
    const snake = await send({ body: JSON.stringify({ resource_spans: [] }) })
    expect(snake.json.partialSuccess.errorMessage).toContain("resourceSpans")
    expect(snake.json.partialSuccess.rejectedSpans).toBeUndefined()
  })

  test("bytes at the end of a field that nobody knows are passed over", async () => {
    const known = protobufRequest([span])
    const body = new Uint8Array([...known, 0xfa, 0x3e, 2, 1, 2])
    expect(await send({ body })).toMatchObject({ status: 200, text: "" })
  })
})

describe("what is rejected alone", () => {
  const bad = (rest: object) => ({ ...jsonRequest([span]).resourceSpans[0], ...rest })
  const withSpans = (...spans: object[]) => {
    const request = jsonRequest([span]) as { resourceSpans: { scopeSpans: { spans: object[] }[] }[] }
    request.resourceSpans[0]?.scopeSpans[0]?.spans.push(...spans)
    return JSON.stringify(request)
  }
  const raw = (jsonRequest([span]).resourceSpans[0] as { scopeSpans: { spans: object[] }[] }).scopeSpans[0]
    ?.spans[0] as object

  test.each([
    ["ids of zeros", { traceId: "0".repeat(32) }, "all zeros"],
    ["base64 ids", { traceId: "CvdlGRbNQ92ESOshHIAxnA==" }, "not base64"],
    ["no ids", { traceId: undefined, spanId: undefined }, "/v1/logs"],
    ["attributes as an object", { attributes: { a: 1 } }, "not an object"],
    ["a time that is none", { startTimeUnixNano: "-5" }, "nanoseconds"],
    ["milliseconds for nanoseconds", { startTimeUnixNano: "1795000000000" }, "2000 to 2100"],
    ["no time at all", { startTimeUnixNano: "0", endTimeUnixNano: undefined }, "neither a start nor an end"],
  ])("%s", async (_what, fault, words) => {
    const answer = await send({ body: withSpans({ ...raw, spanId: "00f067aa0ba902b8", ...fault }) })
    expect(answer.status).toBe(200)
    expect(answer.json.partialSuccess.rejectedSpans).toBe("1")
    expect(answer.json.partialSuccess.errorMessage).toContain(words)
    expect(answer.json.partialSuccess.errorMessage).toContain("r-1")
    expect(answer.stored).toHaveLength(1)
  })

  test("a resource with wrong attributes costs its own spans", async () => {
    const body = JSON.stringify({
      resourceSpans: [...jsonRequest([span]).resourceSpans, bad({ resource: { attributes: { "service.name": "x" } } })],
    })
    expect((await send({ body })).json.partialSuccess.rejectedSpans).toBe("1")
  })

  test("values in values down to 32, no deeper", async () => {
    const nested = (levels: number) => {
      let value: object = { stringValue: "x" }
      for (let i = 0; i < levels; i++) value = { arrayValue: { values: [value] } }
      return { ...raw, spanId: "00f067aa0ba902b8", attributes: [{ key: "deep", value }] }
    }
    expect((await send({ body: withSpans(nested(20)) })).text).toBe("{}")
    expect((await send({ body: withSpans(nested(33)) })).json.partialSuccess.errorMessage).toContain("nested")
    const whole = withSpans(nested(1))
    const abyss = whole.replace(
      '{"stringValue":"x"}',
      `${'{"arrayValue":{"values":['.repeat(5_000)}1${"]}}".repeat(5_000)}`,
    )
    expect((await send({ body: abyss })).json.partialSuccess.rejectedSpans).toBe("1")
  })

  test("a broken span between two good ones of a protobuf request", async () => {
    const [first, second] = [protobufRequest([span]), protobufRequest([{ ...span, spanId: "00f067aa0ba902b8" }])]
    const good = await send({ body: new Uint8Array([...first, ...second]) })
    expect(good.events).toHaveLength(2)
    // The length of the first span's name is made to reach over its end.
    const at = Buffer.from(first).indexOf(Buffer.from([0x2a, 4, ...Buffer.from("span")]))
    first[at + 1] = 0x7f
    const answer = await send({ body: new Uint8Array([...first, ...second]) })
    const partial = fields(fields(answer.body)[1])
    expect([answer.status, partial[1]]).toEqual([200, 1])
    expect(Buffer.from(partial[2] as Uint8Array).toString()).toContain("/v1/logs")
    expect(answer.stored).toHaveLength(1)
  })

  test("a conflict counts as rejected, a duplicate does not", async () => {
    expect((await send({ body: withSpans() }, () => "duplicate")).text).toBe("{}")
    expect((await send({ body: withSpans() }, () => "conflict")).json.partialSuccess.rejectedSpans).toBe("1")
  })

  test("tokens and costs that are none: the span is kept without them, and its sender is told", async () => {
    const attributes = [
      { key: "gen_ai.usage.input_tokens", value: { intValue: "-5" } },
      { key: "gen_ai.usage.cost", value: { stringValue: "a lot" } },
    ]
    const answer = await send({ body: withSpans({ ...raw, spanId: "00f067aa0ba902b8", attributes }) })
    expect(answer.json.partialSuccess.rejectedSpans).toBeUndefined()
    expect(answer.json.partialSuccess.errorMessage).toMatch(/no token count.*no amount of money/)
    expect(answer.events).toHaveLength(2)
    expect(JSON.parse(JSON.stringify(answer.events[1]))).not.toHaveProperty("usage")
    expect(JSON.parse(JSON.stringify(answer.events[1]))).not.toHaveProperty("cost")
  })
})

describe("what fails as a whole", () => {
  test("all spans invalid: 400, as google.rpc.Status", async () => {
    const zeros = { ...span, traceId: "0".repeat(32) }
    const json = await send({ body: JSON.stringify(jsonRequest([zeros])) })
    expect([json.status, json.json.code, json.json.message]).toEqual([400, 3, expect.stringContaining("all zeros")])
    const proto = await send({ body: protobufRequest([zeros]) })
    expect([proto.status, fields(proto.body)[1]]).toEqual([400, 3])
  })

  test.each([
    ["no JSON", "{", 400, 3],
    ["no object", "[]", 400, 3],
    ["a list that is none", '{"resourceSpans":{}}', 400, 3],
    ["logs to traces, in JSON", '{"resourceLogs":[]}', 400, 3],
    ["too much", JSON.stringify(jsonRequest(Array.from({ length: 21 }, () => span))), 413, 8],
  ])("%s", async (_what, body, status, code) => {
    const answer = await send({ body })
    expect([answer.status, answer.json.code]).toEqual([status, code])
  })

  test("bytes that are no message, in their own encoding", async () => {
    for (const body of [
      Buffer.from("nonsense"),
      Buffer.from([0x0a, 0xff, 0xff, 0xff, 0x7f]),
      Buffer.from([0x0a, 5, 1]),
    ]) {
      const answer = await send({ body })
      expect([answer.status, answer.headers["content-type"]]).toEqual([400, "application/x-protobuf"])
      expect(fields(answer.body)[1]).toBe(3)
    }
  })

  test("keys, methods, media types", async () => {
    const body = "{}"
    expect(await send({ body, headers: { authorization: "Bearer y" } })).toMatchObject({
      status: 401,
      json: { code: 16 },
    })
    expect(await send({ body, method: "GET" })).toMatchObject({ status: 405, headers: { allow: "POST" } })
    expect(await send({ body, headers: { "content-type": "text/plain" } })).toMatchObject({ status: 415 })
    expect(await send({ body, headers: { "content-encoding": "br" } })).toMatchObject({ status: 415 })
  })

  test.each(["database_unavailable", "storage_full", "busy", "timed_out", "shutting_down", "body_timeout"] as const)(
    "%s may be sent again",
    async (code) => {
      const answer = await send({ body: JSON.stringify(jsonRequest([span])) }, () => {
        throw new AppError(code, "Later.")
      })
      expect([answer.status, answer.json.code]).toEqual([503, 14])
      expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0)
    },
  )
})

describe("other signals", () => {
  test("what says nothing that is kept is answered 200", async () => {
    const log = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: "hello" } }] }] }] }
    expect(await send({ signal: "logs", body: JSON.stringify(log) })).toMatchObject({
      status: 200,
      text: "{}",
      events: [],
    })
    const metric = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: "x", sum: {} }] }] }] }
    expect(await send({ signal: "metrics", body: JSON.stringify(metric) })).toMatchObject({
      status: 200,
      text: "{}",
      events: [],
    })
  })

  test("logs sent to traces as protobuf are named", async () => {
    // ResourceLogs { ScopeLogs { LogRecord { time_unix_nano, severity_text, trace_id } } }: the numbers are those of spans.
    const record = [0x09, 1, 2, 3, 4, 5, 6, 7, 8, 0x1a, 4, ...Buffer.from("INFO"), 0x4a, 16, ...Array(16).fill(7)]
    const scope = [0x12, record.length, ...record]
    const resource = [0x12, scope.length, ...scope]
    const answer = await send({ body: Uint8Array.from([0x0a, resource.length, ...resource]) })
    expect(answer.status).toBe(400)
    expect(Buffer.from(fields(answer.body)[2] as Uint8Array).toString()).toContain("/v1/logs")
  })
})
