import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { connect, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, afterEach, expect, test, vi } from "vitest"
import { makeKeySecret } from "@/access/key-secret"
import { startEmbedded } from "@/db/embedded/start"
import { BELIEVED_MS } from "./health"
import { type Booted, bootServer } from "./testing"
import { call, sendEvents } from "./testing-http"

const servers: Booted[] = []
/** The folder of the first, and its key, so that those after it have no database to make; who harms the database brings one of his own. */
const folder = mkdtempSync(join(tmpdir(), "andon-drain-"))
const ANDON_INIT_INGEST_KEY = makeKeySecret().text
async function boot(dataDir?: string): Promise<Booted> {
  const server = await bootServer(dataDir === undefined ? {} : { dataDir, env: { ANDON_INIT_INGEST_KEY } })
  servers.push(server)
  return server
}
afterEach(async () => {
  for (const server of servers.splice(0)) await server.dispose()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
const databasePid = (server: Booted) =>
  Number.parseInt(readFileSync(join(server.dataDir, "postgres", "postmaster.pid"), "utf8"), 10)

const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n"

/** A request whose body is only half sent, and that the server is at: its key was good, and the body was asked for. */
async function half(server: Booted, id: string): Promise<{ finish(): Promise<string> }> {
  const body = JSON.stringify([{ id, type: "cost", at: new Date().toISOString(), model: "gpt-5-mini" }])
  const socket: Socket = connect(server.port, "127.0.0.1")
  let text = ""
  socket.on("data", (chunk) => (text += chunk))
  socket.on("error", () => {})
  const closed = new Promise<string>((resolve) => socket.on("close", () => resolve(text.slice(CONTINUE.length))))
  socket.write(
    `POST /api/v1/events HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nAuthorization: Bearer ${server.key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  )
  await vi.waitFor(() => expect(text).toBe(CONTINUE), { timeout: 10_000 })
  socket.write(body.slice(0, 20))
  return {
    finish() {
      socket.write(body.slice(20))
      return closed
    },
  }
}

// Mutant: `process.exit` in Drain.start.
test("F19: SIGTERM with 50 requests in flight finishes each of them, takes nothing new and leaves nothing behind", async () => {
  const server = await boot(folder)
  const pid = databasePid(server)
  const stream = await fetch(`${server.url}/api/v1/live`, { headers: { authorization: `Bearer ${server.key}` } })
  expect(stream.status).toBe(200)
  const requests = await Promise.all(Array.from({ length: 50 }, (_, i) => half(server, `f${i}`)))
  const from = performance.now()
  server.signal("SIGTERM")
  await untilNotReady(server)
  // It ends as a whole.
  expect(await stream.text()).toContain(": watching")
  const answers = await Promise.all(requests.map((request) => request.finish()))
  for (const text of answers) {
    expect(text).toMatch(/^HTTP\/1\.1 200 /)
    const [head = "", body = ""] = text.split("\r\n\r\n")
    expect(Buffer.byteLength(body)).toBe(Number(/content-length: (\d+)/i.exec(head)?.[1]))
    expect(JSON.parse(body).accepted).toBe(1)
  }
  expect(await server.exited).toBe(0)
  expect(performance.now() - from).toBeLessThan(10_000)
  expect(isAlive(pid)).toBe(false)

  const again = await bootServer({ dataDir: server.dataDir, env: { ANDON_INIT_INGEST_KEY: server.key } })
  const batch = Array.from({ length: 50 }, (_, i) => ({
    id: `f${i}`,
    type: "cost",
    at: new Date().toISOString(),
    model: "gpt-5-mini",
  }))
  expect((await sendEvents(again, batch)).json).toMatchObject({ accepted: 0 })
  await again.stop()
})

test("an idle server ends at once, and its database with it", async () => {
  const server = await boot(folder)
  const pid = databasePid(server)
  await sendEvents(server, [])
  const from = performance.now()
  expect(await server.stop()).toBe(0)
  expect(performance.now() - from).toBeLessThan(3_000)
  expect(isAlive(pid)).toBe(false)
})

test("connections that say nothing, as browsers open them in advance, hold nobody up", async () => {
  const server = await boot(folder)
  const silent = Array.from({ length: 5 }, () => connect(server.port, "127.0.0.1").on("error", () => {}))
  await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once("connect", resolve))))
  const from = performance.now()
  expect(await server.stop()).toBe(0)
  expect(performance.now() - from).toBeLessThan(4_000)
})

test("a second signal does not wait for a request that hangs", async () => {
  const server = await boot(folder)
  await half(server, "hangs")
  server.signal("SIGTERM")
  await untilNotReady(server)
  await sleep(500)
  expect(isAlive(server.pid)).toBe(true)
  const from = performance.now()
  server.signal("SIGTERM")
  expect(await server.exited).toBe(0)
  expect(performance.now() - from).toBeLessThan(5_000)
})

// Mutant: a step of the drain without its bound.
test("F20: SIGTERM while the database is down or hangs still ends within 30 seconds", async () => {
  const server = await boot()
  const pid = databasePid(server)
  // Stopped, not ended: its connections are open and say nothing.
  process.kill(-1 * processGroup(pid), "SIGSTOP")
  try {
    const waiting = sendEvents(server, [{ id: "w", type: "cost", at: new Date().toISOString() }]).catch(() => null)
    await sleep(300)
    const from = performance.now()
    server.signal("SIGTERM")
    await server.exited
    expect(performance.now() - from).toBeLessThan(30_000)
    await waiting
  } finally {
    process.kill(-1 * processGroup(pid), "SIGKILL")
  }
})

test("F05, F04: while the database is away it is alive, not ready, and refuses events within 5 seconds as 503; then it serves again", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "andon-own-database-"))
  let database = await startEmbedded({ dataDir, unsafe: true })
  const url = `postgres://${database.user}@/${database.database}?host=${encodeURIComponent(database.socketDir)}`
  const server = await bootServer({ env: { DATABASE_URL: url } })
  servers.push(server)
  const at = new Date().toISOString()
  const event = (id: string) => ({ id, type: "cost", at, model: "gpt-5-mini" })
  try {
    expect((await sendEvents(server, [event("before")])).json).toMatchObject({ accepted: 1 })
    await database.stop()
    await sleep(BELIEVED_MS + 100)
    const ready = await call(server, "/healthz/ready")
    expect([ready.status, ready.json.reason]).toEqual([503, "database_unavailable"])
    expect((await call(server, "/healthz/live")).status).toBe(200)
    for (let round = 0; round < 3; round++) {
      const from = performance.now()
      const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => sendEvents(server, [event(`away${i}`)])))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
      for (const { headers } of answers) expect(Number(headers["retry-after"])).toBeGreaterThan(0)
      expect(performance.now() - from).toBeLessThan(5_000)
    }
    database = await startEmbedded({ dataDir, unsafe: true })
    const from = performance.now()
    while ((await sendEvents(server, [event("after")])).status !== 200) {
      expect(performance.now() - from).toBeLessThan(10_000)
      await sleep(100)
    }
    // Events are taken again within half a second of the last probe, which still believes what it heard.
    await sleep(BELIEVED_MS + 100)
    expect((await call(server, "/healthz/ready")).status).toBe(200)
    expect((await sendEvents(server, [event("before")])).json).toMatchObject({ duplicates: 1 })
    expect(await server.stop()).toBe(0)
  } finally {
    await database.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
})

/** Waits until it takes no more: it says so, or nothing listens any more. */
async function untilNotReady(server: Booted): Promise<void> {
  const isReady = async () => (await call(server, "/healthz/ready").catch(() => null))?.status === 200
  await vi.waitFor(async () => expect(await isReady()).toBe(false), { timeout: 10_000 })
}

/** The group of a process, from the fifth field of its stat line; the name before it may hold spaces. */
function processGroup(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2])
}

// Mutant: no "error" listener on stdout and stderr in server/main.ts; the process then logs its failing log for ever.
test("a server whose log nobody reads any more still ends when it is told to", async () => {
  const server = await boot(folder)
  server.hangUp()
  server.signal("SIGTERM")
  const code = await Promise.race([server.exited, sleep(20_000, "still running")])
  expect(code).toBe(0)
})
