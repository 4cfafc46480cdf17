import { gzipSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import type { KeyActor } from "@/access/actor"
import { AppError } from "@/lib/errors"
import { type Accept, handleEvents, type Options, type RawRequest } from "./http"

const key = { kind: "key", keyId: 1 } as KeyActor
const limits = { bodyBytes: 4096, eventsPerRequest: 3, inFlightBytes: 10_000 }
const accept: Accept = async ({ events, requestId }) => ({
  accepted: events.length,
  duplicates: 0,
  conflicts: 0,
  rejected: 0,
  sanitized: 0,
  request_id: requestId,
  results: [],
  results_truncated: false,
  warnings: [],
  directives: [],
})

type Sent = Partial<Omit<RawRequest, "body">> & { body?: string | Buffer }
async function send(
  { body = "[]", headers, ...rest }: Sent = {},
  options: Options = {},
  authenticate = async () => key,
) {
  let isRead = false
  async function* chunks() {
    isRead = true
    yield Buffer.from(body)
  }
  const answer = await handleEvents(
    {
      method: "POST",
      remote: "127.0.0.1",
      ...rest,
      headers: { authorization: "Bearer x", "content-type": "application/json", ...headers },
      body: chunks(),
    },
    authenticate,
    { limits, accept, ...options },
  )
  return { ...answer, json: JSON.parse(answer.body ?? "null"), isRead }
}

test("a request that is taken is answered with its counts and its id", async () => {
  const answer = await send({ body: '[{"id":"a"}]', requestId: "request-7" })
  expect(answer.status).toBe(200)
  expect(answer.json).toMatchObject({ accepted: 1, request_id: "request-7" })
  expect(answer.headers["x-request-id"]).toBe("request-7")
  expect(answer.headers.connection).toBeUndefined()
})

test("A14: another method is 405 with Allow, before anything else is asked", async () => {
  const answer = await send({ method: "GET", headers: { authorization: undefined } })
  expect([answer.status, answer.headers.allow, answer.isRead]).toEqual([405, "POST", false])
})

test("without a valid key not a byte of the body is read, and the connection is closed", async () => {
  const refuse = async () => {
    throw new AppError("key_invalid", "No such key.")
  }
  const answer = await send({}, {}, refuse)
  expect([answer.status, answer.isRead, answer.headers.connection]).toEqual([401, false, "close"])
  expect(answer.headers["www-authenticate"]).toBe("Bearer")
  expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8")
})

describe("B02: the media type alone decides", () => {
  test.each([
    "application/json",
    "Application/JSON",
    "application/json; charset=utf-8",
    "application/json;charset=latin1",
  ])("%s is JSON", async (type) => expect((await send({ headers: { "content-type": type } })).status).toBe(200))
  test("application/x-ndjson is one event a line", async () => {
    expect((await send({ headers: { "content-type": "application/x-ndjson" }, body: "1\n2" })).json.accepted).toBe(2)
  })
  test.each([
    undefined,
    "",
    "text/plain",
    "application/xml",
    "multipart/form-data; boundary=x",
    "application/jsonx",
    "text/json",
  ])("%s is not", async (type) => {
    const answer = await send({ headers: { "content-type": type } })
    expect([answer.status, answer.json.code, answer.isRead]).toEqual([415, "unsupported_media_type", false])
  })
})

describe("B04: identity or one layer of gzip", () => {
  test.each([undefined, "", "identity", "Identity"])("%s is identity", async (coding) =>
    expect((await send({ headers: { "content-encoding": coding } })).status).toBe(200),
  )
  test.each(["gzip", " GZIP "])("%s is gzip", async (coding) =>
    expect((await send({ headers: { "content-encoding": coding }, body: gzipSync("[1]") })).json.accepted).toBe(1),
  )
  test.each(["br", "zstd", "deflate", "gzip, gzip", "identity, gzip", "x"])("%s is refused", async (coding) => {
    const answer = await send({ headers: { "content-encoding": coding } })
    expect([answer.status, answer.json.code, answer.isRead]).toEqual([415, "unsupported_encoding", false])
  })
})

test("B07: a length over the limit is refused before the body is read", async () => {
  const answer = await send({ headers: { "content-length": "4097" } })
  expect([answer.status, answer.json.code, answer.isRead]).toEqual([413, "body_too_large", false])
})

test("a refusal names its type, title, code and request, and whether to try again", async () => {
  const { json, headers } = await send({ body: "{", requestId: "request-8" })
  expect(json).toEqual({
    type: "/problems/invalid_json",
    title: "Bad request",
    status: 400,
    code: "invalid_json",
    detail: "The body is not JSON.",
    request_id: "request-8",
    retryable: false,
  })
  expect(headers.connection).toBeUndefined()
})

test("I9: work that takes too long is 503 with Retry-After", async () => {
  const answer = await send({}, { workMs: 20, accept: () => new Promise(() => {}) })
  expect([answer.status, answer.json.code, answer.json.retryable]).toEqual([503, "timed_out", true])
  expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0)
})

describe("I7, I8: what the database says becomes a status", () => {
  const failing = (code: string) =>
    send({}, { accept: async () => Promise.reject(Object.assign(new Error("sql text"), { code })) })
  test.each([
    "08006",
    "53300",
    "53100",
    "57P01",
    "57P03",
    "57014",
    "25006",
    "40001",
    "40P01",
    "55P03",
    "ECONNREFUSED",
    "CONNECT_TIMEOUT",
  ])("%s is transient: 503, never 500", async (code) => {
    const answer = await failing(code)
    expect(answer.status).toBe(503)
    expect(answer.headers["retry-after"]).toBeDefined()
    expect(answer.body).not.toContain("sql text")
  })
  test("anything else is a bug: 500, without its words", async () => {
    const answer = await failing("42P01")
    expect(answer.status).toBe(500)
    expect(answer.body).not.toContain("sql text")
  })
})
