import { readFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { Langfuse } from "langfuse"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { withOwner } from "@/db/owner"
import { type Booted, bootServer } from "./testing"
import { type Answer, call, type Sending } from "./testing-http"

const MIB = 1024 * 1024
type Lists = { successes: { id: string; status: number }[]; errors: { id: string; status: number; error: string }[] }

let made = 0
const event = (type: string, body: object) => {
  made += 1
  return { id: `e${made}`, type, timestamp: new Date().toISOString(), body }
}
const generation = (extra: object = {}) =>
  event("generation-create", { id: `g${made}`, traceId: "t", startTime: new Date().toISOString(), ...extra })

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`

async function send(server: Booted, body: Sending["body"] | object, headers: Sending["headers"] = {}): Promise<Answer> {
  const isRaw = typeof body === "string" || Buffer.isBuffer(body) || Symbol.asyncIterator in (body as object)
  return await call(server, "/api/public/ingestion", {
    method: "POST",
    headers: { authorization: basic("pk-lf-any", server.key), "content-type": "application/json", ...headers },
    body: isRaw ? (body as string) : JSON.stringify(body),
  })
}

async function rows<Row>(server: Booted, text: string): Promise<Row[]> {
  return JSON.parse(JSON.stringify(await withOwner(server.owner, (sql) => sql.unsafe(text)))) as Row[]
}

describe.each([
  ["the server in front", "on"],
  ["the Next route", "off"],
])("through %s", (_way, front) => {
  let server: Booted
  beforeAll(async () => {
    server = await bootServer({ env: { ANDON_INGEST_FRONT: front } })
  })
  afterAll(() => server?.dispose())

  test("every event of a batch stands in exactly one list, and the good ones are stored", async () => {
    const good = [generation({ costDetails: { total: 0.25 } }), event("sdk-log", { log: "x" })]
    const bad = [
      generation({ usageDetails: { input: -1 } }),
      event("no-such-type", {}),
      { ...generation(), timestamp: "yesterday" },
    ]
    const batch = [good[0], bad[0], good[0], 7, bad[1], good[1], bad[2]]
    const answer = await send(server, { batch, metadata: { batch_size: 7 } })
    expect(answer.status).toBe(207)
    const { successes, errors } = answer.json as unknown as Lists
    expect(successes).toEqual(good.map(({ id }) => ({ id, status: 201 })))
    expect(errors.map(({ id, status }) => [id, status])).toEqual(
      [bad[0]?.id, "unknown", bad[1]?.id, bad[2]?.id].map((id) => [id, 400]),
    )
    expect(errors[0]?.error).toContain("usage.input must not be negative")
    const stored = await rows(server, `select id from events where id = 'langfuse:c:${good[0]?.id}'`)
    expect(stored).toHaveLength(1)
    const letters = await rows(server, "select code from dead_letters order by code")
    expect(letters).toEqual(
      ["bad_timestamp", "invalid_event", "negative_amount", "unknown_type"].map((code) => ({ code })),
    )
  })

  test("sent again it is 201 again and changes nothing", async () => {
    const batch = [generation({ traceId: "again", costDetails: { total: 1 } })]
    const first = await send(server, { batch })
    const second = await send(server, gzipSync(JSON.stringify({ batch })), { "content-encoding": "gzip" })
    expect([second.status, second.json]).toEqual([207, first.json])
    expect(await rows(server, "select calls, cost::text from runs where id = 'again'")).toEqual([
      { calls: 1, cost: "1" },
    ])
  })

  test("a key is one half of Basic, or the bearer; every refusal is JSON that says what is wrong", async () => {
    const taken = { batch: [] }
    for (const authorization of [basic("pk-lf-a", server.key), basic(server.key, "sk-lf-b"), `Bearer ${server.key}`])
      expect([authorization, (await send(server, taken, { authorization })).status]).toEqual([authorization, 207])
    for (const authorization of [undefined, basic("pk-lf-a", "sk-lf-b"), "Bearer pk-lf-a", "Digest x", "Basic %%%"]) {
      const refused = await send(server, taken, { authorization })
      expect([authorization, refused.status, refused.json.message]).toEqual([
        authorization,
        401,
        expect.stringContaining("Invalid credentials"),
      ])
    }
    for (const [body, headers, status] of [
      ["{", {}, 400],
      ["null", {}, 400],
      ["[]", {}, 400],
      ['{"batch":{}}', {}, 400],
      [`{"batch":${"[".repeat(5_000)}${"]".repeat(5_000)}}`, {}, 400],
      ["x", { "content-encoding": "gzip" }, 400],
      ["{}", { "content-type": "text/plain" }, 415],
      ["{}", { "content-encoding": "br" }, 415],
      [JSON.stringify({ batch: Array.from({ length: 5_001 }, () => 1) }), {}, 413],
      [Buffer.alloc(21 * MIB, " "), {}, 413],
      [gzipSync(Buffer.alloc(50 * MIB, " ")), { "content-encoding": "gzip" }, 413],
    ] as [string | Buffer, object, number][]) {
      const answer = await send(server, body, headers as Sending["headers"])
      expect([body.slice(0, 20), answer.status]).toEqual([body.slice(0, 20), status])
      expect(typeof answer.json.message).toBe("string")
      expect(answer.headers["content-type"]).toContain("application/json")
    }
    const got = await call(server, "/api/public/ingestion", { headers: { authorization: `Bearer ${server.key}` } })
    expect([got.status, got.headers.allow]).toEqual([405, "POST"])
  })

  test("what clients ask first is answered: health to all, the project to its key", async () => {
    const health = await call(server, "/api/public/health")
    expect([health.status, health.json.status, typeof health.json.version]).toEqual([200, "OK", "string"])
    const projects = (authorization: string) => call(server, "/api/public/projects", { headers: { authorization } })
    expect((await projects(basic("pk-lf-a", server.key))).json).toEqual({
      data: [{ id: "demo", name: "demo", metadata: {} }],
    })
    const refused = await projects(basic("pk-lf-a", "wrong"))
    expect([refused.status, refused.json.message]).toEqual([401, expect.stringContaining("Invalid credentials")])
  })

  test("a score outside a batch is a verification", async () => {
    const score = (body: object) =>
      call(server, "/api/public/scores", {
        method: "POST",
        headers: { authorization: basic("pk", server.key), "content-type": "application/json" },
        body: JSON.stringify(body),
      })
    const body = { id: "s1", traceId: "scored", name: "tone", value: 0.4, comment: "flat" }
    const answer = await score(body)
    expect([answer.status, answer.json]).toEqual([200, { id: "s1" }])
    expect((await score({ traceId: "scored", name: "ok", value: 1, dataType: "BOOLEAN" })).status).toBe(200)
    expect((await score(body)).status).toBe(200)
    expect(
      await rows(
        server,
        "select check_name, outcome, score::text from verifications where run_id = 'scored' order by check_name",
      ),
    ).toEqual([
      { check_name: "ok", outcome: "passed", score: "1" },
      { check_name: "tone", outcome: "skipped", score: "0.4" },
    ])
    const refused = await score({ name: "tone", value: 1 })
    expect([refused.status, refused.json.message]).toEqual([400, expect.stringContaining("traceId")])
  })

  test("the real SDK: what it sends is stored once, with its exact cost, and nothing is sent again", async () => {
    const langfuse = new Langfuse({
      publicKey: "pk-lf-any",
      secretKey: server.key,
      baseUrl: server.url,
      environment: "staging",
      release: "r7",
      flushAt: 7,
      fetchRetryDelay: 50,
    })
    const sent: { status: number; events: { id: string; type: string }[] }[] = []
    const retries: unknown[] = []
    langfuse.on("retry", (text) => retries.push(text))
    const fetched = langfuse.fetch.bind(langfuse)
    langfuse.fetch = async (url, options) => {
      const answer = await fetched(url, options)
      sent.push({ status: answer.status, events: JSON.parse(String(options.body)).batch })
      return answer
    }
    const runs = 20
    for (let n = 0; n < runs; n++) {
      const trace = langfuse.trace({
        id: `sdk/${n}`,
        name: "invoice extraction",
        userId: "u1",
        sessionId: "s1",
        input: { n },
        tags: ["team:billing", "beta"],
        metadata: { a: { x: 1 } },
      })
      const agent = trace.span({ name: "agent", input: { n } })
      // Its cost is exactly a third of a cent and more: 12 decimals.
      const call = agent.generation({ name: "extract", model: "gpt-4o-mini", input: [{ role: "user", content: "hi" }] })
      call.update({ completionStartTime: new Date() })
      call.end({
        output: "yo",
        usageDetails: { input: 100 + n, output: 20, input_cached_tokens: 40 },
        costDetails: { total: 0.003333333333 },
      })
      // Priced by us: 1000 at 0.15, 200 at 0.075, 50 at 0.6 dollars a million.
      agent.generation({
        name: "price",
        model: "gpt-4o-mini-2024-07-18",
        endTime: new Date(),
        usageDetails: { input: 1000, input_cached_tokens: 200, output: 50 },
      })
      agent.event({ name: "parsed" })
      if (n % 2 === 0) agent.end({ level: "ERROR", statusMessage: "boom" })
      else agent.end({ output: "ok" })
      trace.score({ name: "schema", value: n % 2, dataType: "BOOLEAN" })
      trace.score({ name: "quality", value: 0.5 })
      trace.update({ output: { n }, metadata: { a: { y: 2 } }, tags: ["gold"] })
    }
    await langfuse.shutdownAsync()

    expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([207]))
    expect(retries).toEqual([])
    const ids = sent.flatMap(({ events }) => events.map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
    const stored = await rows<{ id: string }>(server, "select id from events where run_id like 'sdk/%'")
    expect(stored.map(({ id }) => id.replace(/^langfuse:[cu]:/, "")).sort()).toEqual(ids.sort())

    const found = await rows(
      server,
      `select status, proof, workflow, environment, release, team, tags, is_partial, spans, calls, unpriced_calls, errors, verifications,
       input::int, cache_read::int, output::int, cost::text from runs where id in ('sdk/4', 'sdk/5') order by id`,
    )
    const run = {
      status: "succeeded",
      proof: "unchecked",
      workflow: "invoice extraction",
      environment: "staging",
      release: "r7",
      team: "billing",
      is_partial: false,
      spans: 4,
      calls: 2,
      unpriced_calls: 0,
      verifications: 2,
      // 0.003333333333 + 0.00015 + 0.000015 + 0.00003
      cache_read: 240,
      output: 70,
      cost: "0.003528333333",
      tags: {
        team: "billing",
        beta: "true",
        gold: "true",
        user: "u1",
        session: "s1",
        "metadata.a.x": "1",
        "metadata.a.y": "2",
      },
    }
    expect(found).toEqual([
      { ...run, input: 1104, errors: 1 },
      { ...run, input: 1105, errors: 0 },
    ])
    // An id of another format in an address of ours.
    const shown = await call(server, `/api/v1/runs/${encodeURIComponent("sdk/4")}`, {
      headers: { authorization: `Bearer ${server.key}` },
    })
    expect([shown.status, shown.json.id, shown.json.cost]).toEqual([200, "sdk/4", run.cost])
    const [total] = await rows(
      server,
      `select (select sum(cost)::text from runs where id like 'sdk/%') as runs, (select sum(cost)::text from spans where run_id like 'sdk/%' and is_call) as spans,
       (select count(*)::int from verifications where run_id like 'sdk/%' and outcome = 'passed') as passed`,
    )
    expect(total).toEqual({ runs: "0.070566666660", spans: "0.070566666660", passed: 10 })
  })
})

// The client sends again whatever was not answered with 207, and 207 comes after the commit.
test("a database that is killed under the SDK: its own retry delivers everything, once", async () => {
  const server = await bootServer()
  try {
    const langfuse = new Langfuse({
      publicKey: "pk-lf-any",
      secretKey: server.key,
      baseUrl: server.url,
      flushAt: 50,
      fetchRetryCount: 30,
      fetchRetryDelay: 500,
    })
    const statuses: number[] = []
    const fetched = langfuse.fetch.bind(langfuse)
    langfuse.fetch = async (url, options) => {
      const answer = await fetched(url, options)
      statuses.push(answer.status)
      return answer
    }
    const record = (from: number, to: number) => {
      for (let n = from; n < to; n++) {
        const trace = langfuse.trace({ id: `k${n}`, name: "w", output: "done" })
        trace.generation({
          name: "c",
          model: "unheard-of",
          endTime: new Date(),
          costDetails: { total: 0.000000000001 },
        })
      }
    }
    record(0, 100)
    await langfuse.flushAsync()
    process.kill(
      Number.parseInt(readFileSync(join(server.dataDir, "postgres", "postmaster.pid"), "utf8"), 10),
      "SIGKILL",
    )
    record(100, 300)
    await langfuse.shutdownAsync()
    expect(statuses.filter((status) => status !== 207 && status !== 503)).toEqual([])
    expect(statuses).toContain(503)
    expect(
      await rows(server, "select count(*)::int as runs, sum(calls)::int as calls, sum(cost)::text as cost from runs"),
    ).toEqual([{ runs: 300, calls: 300, cost: "0.000000000300" }])
    expect(await rows(server, "select count(*)::int as n from events")).toEqual([{ n: 600 }])
  } finally {
    await server.dispose()
  }
})
