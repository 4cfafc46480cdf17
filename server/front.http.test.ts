import { connect } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import postgres from "postgres"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Booted, bootServer, freePort } from "./testing"
import { type Answer, call, raw, sendEvents } from "./testing-http"

const REQUIRED = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
}

let server: Booted
/** Begun before everything else: it takes ten seconds, and nobody's time. */
let cutOff: Promise<string>
beforeAll(async () => {
  server = await bootServer()
  cutOff = endlessHeaders()
})
afterAll(() => server?.dispose())

const get = (path: string, headers: Record<string, string> = {}) => call(server, path, { headers })
const nonceOf = (answer: Answer) => /'nonce-([^']+)'/.exec(String(answer.headers["content-security-policy"]))?.[1]

/** @returns what was answered when the server closes. */
async function endlessHeaders(): Promise<string> {
  const socket = connect(server.port, "127.0.0.1")
  let text = ""
  socket.on("data", (chunk) => (text += chunk))
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n")
  const drip = setInterval(() => socket.write("a"), 1_000)
  await new Promise((resolve) => socket.on("close", resolve).on("error", () => {}))
  clearInterval(drip)
  return text
}

describe("A13: headers", () => {
  async function addressOf(pattern: RegExp): Promise<string> {
    const { text } = await get("/login")
    return pattern.exec(text)?.[0] ?? ""
  }

  test("every answer carries them: pages, API, static files, probes, ingest and every kind of error", async () => {
    const answers: Record<string, Answer> = {
      page: await get("/login"),
      redirect: await get("/"),
      missing: await get("/no/such/page"),
      api: await get("/api/v1/me"),
      missingApi: await get("/api/v1/nothing"),
      static: await get(await addressOf(/\/_next\/static\/[^"]+\.js/)),
      icon: await get(await addressOf(/\/icon\.svg\?[^"]+/)),
      missingStatic: await get("/_next/static/nothing.js"),
      live: await get("/healthz/live"),
      ready: await get("/healthz/ready"),
      probeByPost: await call(server, "/healthz/live", { method: "POST" }),
      ingest: await sendEvents(server, []),
      ingestRefused: await sendEvents(server, "{"),
      ingestByGet: await get("/api/v1/events"),
      stream: await get("/api/v1/live"),
      tooLarge: await call(server, "/api/auth/login", { method: "POST", headers: { "content-length": "2000000" } }),
      badUrl: await get("/%ff"),
      badMethod: await call(server, "/login", { method: "DELETE" }),
    }
    for (const [what, { headers }] of Object.entries(answers)) {
      expect([what, headers]).toMatchObject([what, REQUIRED])
      const policy = String(headers["content-security-policy"])
      expect([what, policy]).toEqual([what, expect.stringContaining("frame-ancestors 'none'")])
      expect([what, policy]).toEqual([what, expect.stringContaining("object-src 'none'")])
      expect(policy.replace("style-src-attr 'unsafe-inline'", "")).not.toMatch(/unsafe-/)
      expect([what, headers["permissions-policy"]]).toEqual([what, expect.stringContaining("camera=()")])
      expect([what, headers["access-control-allow-origin"]]).toEqual([what, undefined])
      expect([what, headers["x-powered-by"]]).toEqual([what, undefined])
      const isHashed = what === "static" || what === "icon"
      const caching = expect.stringContaining(isHashed ? "immutable" : "no-store")
      expect([what, headers["cache-control"]]).toEqual([what, caching])
    }
    expect(answers.static?.status).toBe(200)
    expect(answers.icon?.status).toBe(200)
  })

  test("what is below HTTP is answered with them too", async () => {
    for (const [bytes, status] of [
      ["rubbish\r\n\r\n", 400],
      [`GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${"x".repeat(20_000)}\r\n\r\n`, 431],
    ] as const) {
      const text = await raw(server, bytes)
      expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
      for (const [name, value] of Object.entries(REQUIRED)) expect(text).toContain(`${name}: ${value}`)
      expect(text).toContain("frame-ancestors 'none'")
    }
  })

  test("each page has a nonce of its own, on every script that it holds", async () => {
    const [one, two] = [await get("/login"), await get("/login")]
    expect(nonceOf(one)).toBeTruthy()
    expect(nonceOf(one)).not.toBe(nonceOf(two))
    const scripts = one.text.match(/<script\b[^>]*>/g) ?? []
    expect(scripts.length).toBeGreaterThan(2)
    for (const script of scripts) expect(script).toContain(`nonce="${nonceOf(one)}"`)
  })

  test("B65: a nonce or policy that the client sends is not used", async () => {
    const forged = {
      "x-nonce": "evil",
      "content-security-policy": "script-src 'nonce-ZXZpbA=='",
      "content-security-policy-report-only": "script-src 'nonce-ZXZpbA=='",
    }
    const { text } = await get("/login", forged)
    expect(text).not.toMatch(/evil|ZXZpbA==/)
  })
})

describe("B65, A12: headers that claim", () => {
  // Next sends a prefetch without its token to the same address with one: 307, and no data.
  test.each<Record<string, string>>([
    { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" },
    { "x-forwarded-for": "127.0.0.1", "x-forwarded-host": "localhost", "x-real-ip": "127.0.0.1" },
    { "x-andon-remote": "127.0.0.1", "x-http-method-override": "GET" },
    { rsc: "1", "next-router-prefetch": "1" },
  ])("%j opens nothing", async (headers) => {
    for (const path of ["/api/v1/me", "/api/v1/keys?project=demo", "/api/v1/live?project=demo"])
      expect([path, (await get(path, headers)).status]).toEqual([path, expect.toBeOneOf([401, 307])])
  })

  test("a request id that the client sends is not ours", async () => {
    const answer = await get("/api/v1/me", { "x-request-id": "chosen-by-the-client" })
    expect(answer.headers["x-request-id"]).not.toBe("chosen-by-the-client")
    expect(answer.json.request_id).toBe(answer.headers["x-request-id"])
  })
})

test.each(["/runs/%ff", "/api/v1/runs/%ff", "/api/v1/runs/%", "/%c3%28", "/api/v1/runs/a%zz/spans"])(
  "%s holds an escape that is no text: refused as such, and the pages go on",
  async (path) => {
    const answer = await get(path, { authorization: `Bearer ${server.key}` })
    expect([answer.status, answer.json.code, answer.json.request_id]).toEqual([
      400,
      "invalid_input",
      answer.headers["x-request-id"],
    ])
    expect((await get("/login")).status).toBe(200)
  },
)

test("A16: nothing is upgraded", async () => {
  const upgrade =
    "GET /_next/hmr HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
  await get("/login")
  expect(await raw(server, upgrade)).toBe("")
  expect(await raw(server, "CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n")).toBe("")
})

test("one process holds one set of connections, whichever copy of the code asks", async () => {
  for (let round = 0; round < 5; round++) {
    await sendEvents(server, [{ id: `c${round}`, type: "cost", at: new Date().toISOString(), model: "gpt-5-mini" }])
    await Promise.all(
      ["/login", "/api/v1/me", "/spend", "/runs"].map((path) => get(path, { authorization: `Bearer ${server.key}` })),
    )
  }
  const sql = postgres({ ...server.owner, max: 1 })
  const rows = await sql<{ name: string; count: number }[]>`
    select application_name as name, count(*)::int as count from pg_stat_activity where application_name like 'andon %' group by 1`
  await sql.end()
  const counts = Object.fromEntries(rows.map(({ name, count }) => [name, count]))
  expect(counts["andon pages"]).toBeLessThanOrEqual(8)
  expect(counts["andon ingest"]).toBeLessThanOrEqual(3)
  expect(counts["andon live"]).toBeLessThanOrEqual(2)
})

describe("start", () => {
  test("a taken port is said in words, at once, with exit code 1", async () => {
    const second = await bootServer({ port: server.port, waitForReady: false })
    expect(await second.exited).toBe(1)
    expect(second.log()).toContain(`Port ${server.port} on 127.0.0.1 is taken`)
    await second.dispose()
  })

  test("a data folder in use is said in words, with exit code 1, and harms nobody", async () => {
    const second = await bootServer({ dataDir: server.dataDir, port: await freePort(), waitForReady: false })
    expect(await second.exited).toBe(1)
    expect(second.log()).toMatch(/another Andon/i)
    expect((await get("/healthz/ready")).status).toBe(200)
  })

  test("every wrong variable is named, with exit code 1", async () => {
    const broken = await bootServer({
      env: { ANDON_MAX_EVENTS: "many", ANDON_TRUSTED_PROXIES: "example.org" },
      waitForReady: false,
    })
    expect(await broken.exited).toBe(1)
    expect(broken.log()).toContain("ANDON_MAX_EVENTS must be a whole number")
    await broken.dispose()
  })

  test("while it starts it is alive and not ready", async () => {
    const starting = await bootServer({ waitForReady: false })
    const seen = new Set<string>()
    for (let ready = 0; ready !== 200; await sleep(10)) {
      const answer = await call(starting, "/healthz/ready").catch(() => null)
      if (!answer) continue
      ready = answer.status
      seen.add(`${(await call(starting, "/healthz/live")).status} ${ready}`)
      if (ready !== 503) continue
      // It may have become ready since: then it says so.
      const { status } = await sendEvents(starting, [])
      if (status !== 503) expect((await call(starting, "/healthz/ready")).status).toBe(200)
    }
    await starting.dispose()
    expect([...seen]).toEqual(["200 503", "200 200"])
  })
})

test("request headers that never end are cut off with 408", async () => {
  expect(await cutOff).toMatch(/^HTTP\/1\.1 408 /)
})
