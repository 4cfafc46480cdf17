import { readFileSync } from "node:fs"
import { connect } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Booted, bootServer } from "./testing"
import { call, raw, sendEvents } from "./testing-http"

const MIB = 1024 * 1024
let made = 0
/** A priced call of its own run. */
function event(extra: object = {}): object {
  made += 1
  const at = new Date().toISOString()
  return {
    id: `e${made}`,
    type: "cost",
    at,
    provider: "openai",
    model: "gpt-5-mini",
    usage: { input: 10, output: 1 },
    ...extra,
  }
}
const events = (count: number, extra?: object) => Array.from({ length: count }, () => event(extra))

/** Resident memory of a process in bytes; Linux only. */
function rss(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024
}

/** What every case must leave behind: a server that takes the next good batch. */
async function takesTheNext(server: Booted): Promise<void> {
  expect((await sendEvents(server, events(2))).json).toMatchObject({ accepted: 2, rejected: 0 })
}

describe.each([
  ["the server in front", "on"],
  ["the Next route", "off"],
])("through %s", (_way, front) => {
  let server: Booted
  beforeAll(async () => {
    server = await bootServer({ env: { ANDON_INGEST_FRONT: front } })
    await takesTheNext(server)
  })
  afterAll(() => server?.dispose())

  test("an envelope, an array, NDJSON and gzip are taken alike", async () => {
    for (const [body, headers] of [
      [JSON.stringify({ events: events(2) }), {}],
      [JSON.stringify(events(2)), {}],
      [
        events(2)
          .map((e) => JSON.stringify(e))
          .join("\n"),
        { "content-type": "application/x-ndjson" },
      ],
      [gzipSync(JSON.stringify(events(2))), { "content-encoding": "gzip" }],
    ] as [string | Buffer, Record<string, string>][]) {
      const answer = await sendEvents(server, body, headers)
      expect([answer.status, answer.json.accepted]).toEqual([200, 2])
      expect(answer.json.request_id).toBe(answer.headers["x-request-id"])
    }
  })

  test("a line of NDJSON that is not JSON is rejected by its index, the rest lands", async () => {
    const body = [JSON.stringify(event()), '{"id":', JSON.stringify(event())].join("\n")
    const answer = await sendEvents(server, body, { "content-type": "application/x-ndjson" })
    expect(answer.json).toMatchObject({
      accepted: 2,
      rejected: 1,
      results: [{ index: 1, status: "rejected", code: "invalid_json" }],
    })
  })

  test("F08: a batch sent again is duplicates, and success", async () => {
    const batch = events(3)
    expect((await sendEvents(server, batch)).json).toMatchObject({ accepted: 3, duplicates: 0 })
    expect((await sendEvents(server, batch)).json).toMatchObject({ accepted: 0, duplicates: 3 })
  })

  test("B01: what is no JSON or no envelope is 400; no events are none", async () => {
    for (const body of ["", "{", "nonsense"])
      expect((await sendEvents(server, body)).json).toMatchObject({ status: 400, code: "invalid_json" })
    for (const body of ["null", "{}", "7"])
      expect((await sendEvents(server, body)).json).toMatchObject({ status: 400, code: "invalid_envelope" })
    for (const body of ["[]", '{"events":[]}'])
      expect(await sendEvents(server, body)).toMatchObject({ status: 200, json: { accepted: 0 } })
    await takesTheNext(server)
  })

  test("B02: another media type is 415", async () => {
    for (const type of ["text/plain", "application/xml", "multipart/form-data; boundary=x", undefined])
      expect((await sendEvents(server, "[]", { "content-type": type })).json).toMatchObject({
        status: 415,
        code: "unsupported_media_type",
      })
  })

  test("B04: another or a second encoding is 415", async () => {
    for (const coding of ["br", "zstd", "gzip, gzip", "unknown"])
      expect((await sendEvents(server, "[]", { "content-encoding": coding })).json).toMatchObject({
        status: 415,
        code: "unsupported_encoding",
      })
  })

  test("B05: corrupt and cut gzip are 400", async () => {
    const gzip = { "content-encoding": "gzip" }
    const whole = gzipSync(JSON.stringify(events(2)))
    for (const body of [Buffer.from("no gzip"), whole.subarray(0, whole.length - 5)])
      expect((await sendEvents(server, body, gzip)).json).toMatchObject({ status: 400, code: "invalid_gzip" })
    await takesTheNext(server)
  })

  test("B06: a gzip bomb is 413, quickly and without the memory", async () => {
    const bomb = gzipSync(Buffer.alloc(50 * MIB))
    const before = rss(server.pid)
    const from = performance.now()
    const answer = await sendEvents(server, bomb, { "content-encoding": "gzip" })
    expect(answer.json).toMatchObject({ status: 413, code: "body_too_large" })
    expect(performance.now() - from).toBeLessThan(1_000)
    expect(rss(server.pid) - before).toBeLessThan(60 * MIB)
    await takesTheNext(server)
  })

  test("B07: 50 MB are refused before they are read, with a length, in chunks and without end; the connection is closed", async () => {
    const chunk = Buffer.alloc(64 * 1024, " ")
    const before = rss(server.pid)
    const withLength = await sendEvents(server, Buffer.alloc(50 * MIB, " "))
    expect(withLength.json).toMatchObject({ status: 413, code: "body_too_large" })
    expect(withLength.headers.connection).toBe("close")
    const chunked = await sendEvents(
      server,
      Array.from({ length: 800 }, () => chunk),
    )
    expect(chunked.json).toMatchObject({ status: 413, code: "body_too_large" })
    async function* endless() {
      for (;;) yield chunk
    }
    expect((await sendEvents(server, endless())).json).toMatchObject({ status: 413, code: "body_too_large" })
    expect(rss(server.pid) - before).toBeLessThan(150 * MIB)
    await takesTheNext(server)
  })

  test("B08: a body that is not as long as it says is never taken for another request", async () => {
    const head = `POST /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${server.key}\r\nContent-Type: application/json\r\n`
    const smuggled = "GET /healthz/live HTTP/1.1\r\nHost: x\r\n\r\n"
    const both = await raw(server, `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`)
    expect(both).toMatch(/^HTTP\/1\.1 400 /)
    expect(both.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    const twice = await raw(server, `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]`)
    expect(twice).toMatch(/^HTTP\/1\.1 400 /)
    const short = await raw(server, `${head}Content-Length: 2\r\n\r\n[]trailing rubbish\r\n\r\n`)
    expect(short).toMatch(/HTTP\/1\.1 400 (?!.*HTTP\/1\.1)/s)
    const long = await raw(server, `${head}Content-Length: 200\r\n\r\n[]`, 500)
    expect(long).toBe("")
    await takesTheNext(server)
  })

  test("B09: 100,000 levels are 400, as arrays and inside an event", async () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000)
    expect((await sendEvents(server, deep)).json).toMatchObject({ status: 400, code: "too_deep" })
    const inside = `{"events":[{"id":"deep","type":"cost","at":"2026-11-20T10:00:00Z","x":${deep}}]}`
    expect((await sendEvents(server, inside)).json).toMatchObject({ status: 400, code: "too_deep" })
    await takesTheNext(server)
  })

  test("A14: only POST; the others are 405 with Allow, and no origin is let in", async () => {
    for (const method of ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]) {
      const answer = await call(server, "/api/v1/events", { method, headers: { origin: "https://evil.example" } })
      expect([method, answer.status, answer.headers.allow]).toEqual([method, 405, "POST"])
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined()
    }
  })

  test("a key is asked for before the body: 401 with what to send, on a closed connection", async () => {
    for (const authorization of [undefined, "Bearer nonsense", "Basic eDp5", `Bearer ${server.key.slice(0, -1)}_`]) {
      const answer = await sendEvents(server, "not even JSON", { authorization, "content-type": "text/plain" })
      expect([answer.status, answer.headers["www-authenticate"], answer.headers.connection]).toEqual([
        401,
        "Bearer",
        "close",
      ])
      expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8")
    }
  })

  test("F15: 5,000 events are taken, 5,001 are 413 with nothing stored", async () => {
    const batch = events(5_001)
    const refused = await sendEvents(server, batch)
    expect(refused.json).toMatchObject({ status: 413, code: "too_many_events" })
    expect((await sendEvents(server, batch.slice(0, 5_000))).json).toMatchObject({ accepted: 5_000, duplicates: 0 })
  })

  test("F15: 20 MiB are taken, one byte more is 413 with nothing stored, on the wire and inflated", async () => {
    const batch = JSON.stringify(events(3))
    const padded = (size: number) => Buffer.concat([Buffer.from(batch), Buffer.alloc(size - batch.length, " ")])
    const gzip = { "content-encoding": "gzip" }
    const before = rss(server.pid)
    expect((await sendEvents(server, padded(20 * MIB + 1))).json).toMatchObject({ status: 413, code: "body_too_large" })
    expect((await sendEvents(server, gzipSync(padded(20 * MIB + 1)), gzip)).json).toMatchObject({
      status: 413,
      code: "body_too_large",
    })
    expect((await sendEvents(server, gzipSync(padded(20 * MIB)), gzip)).json).toMatchObject({
      accepted: 3,
      duplicates: 0,
    })
    expect((await sendEvents(server, padded(20 * MIB))).json).toMatchObject({ accepted: 0, duplicates: 3 })
    expect(rss(server.pid) - before).toBeLessThan(150 * MIB)
  })

  test("F26: 12 MB of events are stored whole, 21 MB not in part", async () => {
    const text = "x".repeat(6_000)
    const batch = events(2_000, { note: text })
    expect(JSON.stringify(batch).length).toBeGreaterThan(12_000_000)
    expect((await sendEvents(server, batch)).json).toMatchObject({ accepted: 2_000, rejected: 0 })
    const more = events(3_600, { note: text })
    expect((await sendEvents(server, more)).json).toMatchObject({ status: 413, code: "body_too_large" })
    expect((await sendEvents(server, more.slice(0, 10))).json).toMatchObject({ accepted: 10, duplicates: 0 })
  })

  test('a sender that waits for "100 Continue" is told to go on only when its key is good', async () => {
    const good = await raw(
      server,
      `POST /api/v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nAuthorization: Bearer ${server.key}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]`,
    )
    expect(good).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /)
  })

  // Mutant: `graceMs` of BODY_PACE at 500 s; the listener's own bound then cuts them off only after 32 seconds.
  test("F18: 100 senders of one byte a second are cut off with 408, others are served meanwhile", async () => {
    const before = rss(server.pid)
    const slow = Array.from({ length: 100 }, () => trickle(server))
    const from = performance.now()
    const times: number[] = []
    while (performance.now() - from < 4_000) {
      const sent = performance.now()
      expect((await sendEvents(server, events(5))).json.accepted).toBe(5)
      times.push(performance.now() - sent)
      await sleep(50)
    }
    // The first of them arrives behind a hundred that connect at the same instant.
    const p95 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)]
    expect(p95).toBeLessThan(1_000)
    const answers = await Promise.all(slow)
    expect(performance.now() - from).toBeLessThan(20_000)
    expect(new Set(answers.map((text) => text.slice(0, 12)))).toEqual(new Set(["HTTP/1.1 408"]))
    expect(rss(server.pid) - before).toBeLessThan(50 * MIB)
  })
})

/** A body at one byte a second; resolves with the answer when the server closes, within 35 seconds. */
function trickle(server: Booted): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, "127.0.0.1")
    let text = ""
    socket.on("data", (chunk) => (text += chunk))
    socket.write(
      `POST /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${server.key}\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n[`,
    )
    const timer = setInterval(() => socket.write(" "), 1_000)
    const limit = setTimeout(() => socket.destroy(), 35_000)
    socket.on("error", () => {})
    socket.on("close", () => {
      clearInterval(timer)
      clearTimeout(limit)
      resolve(text)
    })
  })
}
