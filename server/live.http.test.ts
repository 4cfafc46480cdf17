import { type IncomingMessage, request } from "node:http"
import { setTimeout as sleep } from "node:timers/promises"
import postgres from "postgres"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Booted, bootServer } from "./testing"
import { call, sendEvents } from "./testing-http"

let server: Booted
beforeAll(async () => {
  server = await bootServer()
})
afterAll(() => server?.dispose())

type Change = { topics: string[]; runs: string[]; all_runs: boolean; at: string }
type Watch = { res: IncomingMessage; changes: Change[]; text(): string; ended: Promise<void>; close(): void }

/** Opens the stream with the project's key and gathers what it says. */
function watch(more = ""): Promise<Watch> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${server.key}` }
    const req = request(
      { host: "127.0.0.1", port: server.port, path: `/api/v1/live?project=demo${more}`, headers },
      (res) => {
        let text = ""
        const changes: Change[] = []
        const ended = new Promise<void>((done) => res.once("close", done))
        res.setEncoding("utf8")
        res.on("data", (chunk: string) => {
          text += chunk
          for (const [, data] of chunk.matchAll(/event: change\ndata: (.*)\n\n/g))
            changes.push(JSON.parse(data as string))
        })
        res.on("error", () => {})
        resolve({ res, changes, text: () => text, ended, close: () => req.destroy() })
      },
    )
    req.on("error", reject)
    req.end()
  })
}

async function until(holds: () => boolean, ms = 5_000): Promise<void> {
  for (const from = performance.now(); !holds(); await sleep(10))
    if (performance.now() - from > ms) throw new Error("it did not come to be")
}

const started = (run: string) => ({
  id: `${run}:1`,
  type: "run.started",
  run,
  at: new Date().toISOString(),
  workflow: "w",
})

test("an event is told to those who watch its project within two seconds, and names its run", async () => {
  const one = await watch()
  expect(one.res.headers["content-type"]).toBe("text/event-stream; charset=utf-8")
  expect(one.res.headers["x-content-type-options"]).toBe("nosniff")
  const from = performance.now()
  expect((await sendEvents(server, [started("live-1")])).json.accepted).toBe(1)
  await until(() => one.changes.some(({ runs }) => runs.includes("live-1")), 2_000)
  expect(performance.now() - from).toBeLessThan(2_000)
  expect(one.changes[0]?.topics).toContain("runs")
  one.close()
})

test("what changed between the reading of a page and its stream is told at once, and nothing when nothing did", async () => {
  const before = Date.now()
  const open = await watch()
  expect((await sendEvents(server, [started("live-missed")])).json.accepted).toBe(1)
  await until(() => open.changes.some(({ runs }) => runs.includes("live-missed")))
  open.close()
  await open.ended
  const late = await watch(`&since=${before}`)
  await until(() => late.changes.length > 0, 1_000)
  expect(late.changes[0]).toMatchObject({ topics: expect.arrayContaining(["runs"]), runs: [], all_runs: true })
  const [fresh, silent, old] = [await watch(`&since=${Date.now()}`), await watch(), await watch("&since=1")]
  await until(() => old.changes.length > 0, 1_000)
  expect(old.changes[0]?.topics).toEqual(["spend", "runs", "verifications", "halts"])
  await sleep(300)
  expect([fresh.changes, silent.changes]).toEqual([[], []])
  for (const one of [late, fresh, silent, old]) one.close()
})

test("a halt is told within a second, and halts are told of only when one of them looks different", async () => {
  const one = await watch()
  const [run, other] = ["live-halt", "live-other"].map(started) as [
    ReturnType<typeof started>,
    ReturnType<typeof started>,
  ]
  await sendEvents(server, [run, other])
  await until(() => one.changes.some(({ topics }) => topics.includes("runs")))
  expect(one.changes.some(({ topics }) => topics.includes("halts"))).toBe(false)
  const from = performance.now()
  const halt = { id: "live-halt:2", type: "run.halted", run: run.run, at: run.at, by: "agent", reason: "enough" }
  expect((await sendEvents(server, [halt])).json.accepted).toBe(1)
  await until(() => one.changes.some(({ topics }) => topics.includes("halts")))
  expect(performance.now() - from).toBeLessThan(1_000)
  // A halted run that goes on to cost is told of, too.
  const told = one.changes.length
  const late = { id: "live-halt:3", type: "span", run: run.run, span: "s", kind: "llm", start: run.at, cost: "1" }
  expect((await sendEvents(server, [late])).json.accepted).toBe(1)
  await until(() => one.changes.slice(told).some(({ topics }) => topics.includes("halts")))
  one.close()
})

test("a flood is told at most every half second, and nothing of it is lost", async () => {
  const begun = performance.now()
  const one = await watch()
  const wanted = new Set<string>()
  for (const from = performance.now(); performance.now() - from < 2_500; await sleep(20)) {
    const run = `flood-${wanted.size}`
    wanted.add(run)
    await sendEvents(server, [started(run)])
  }
  await until(() => {
    const told = new Set(one.changes.flatMap(({ runs }) => runs))
    return [...wanted].every((run) => told.has(run)) || one.changes.some((change) => change.all_runs)
  })
  // The first is told at once; a timer may come a few milliseconds early.
  expect(one.changes.length).toBeLessThanOrEqual(1 + (performance.now() - begun) / 490)
  expect(one.changes.length).toBeGreaterThan(2)
  one.close()
})

test("more runs than are named at once are told as any run", async () => {
  const one = await watch()
  const runs = Array.from({ length: 51 }, (_, i) => `many-${i}`)
  expect((await sendEvents(server, runs.map(started))).json.accepted).toBe(51)
  const ofAny = () => one.changes.find((change) => change.all_runs)
  await until(() => ofAny() !== undefined)
  expect(ofAny()?.topics).toContain("runs")
  one.close()
})

test("nobody without a right to the project may watch", async () => {
  const path = "/api/v1/live?project=demo"
  expect((await call(server, path)).status).toBe(401)
  expect((await call(server, path, { headers: { authorization: "Bearer nonsense" } })).status).toBe(401)
  const foreign = await call(server, "/api/v1/live?project=other", {
    headers: { authorization: `Bearer ${server.key}` },
  })
  expect([foreign.status, foreign.json.code]).toEqual([403, "foreign_project"])
  const post = await call(server, path, { method: "POST", headers: { authorization: `Bearer ${server.key}` } })
  expect([post.status, post.headers.allow]).toEqual([405, "GET"])
})

test("after its own line to the database broke, everything counts as changed", async () => {
  const one = await watch()
  const sql = postgres({ ...server.owner, max: 1 })
  const cut = await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'andon live'`
  expect(cut.count).toBeGreaterThan(0)
  await sql.end()
  await until(() => one.changes.some((change) => change.all_runs), 10_000)
  await sendEvents(server, [started("live-2")])
  await until(() => one.changes.some(({ runs }) => runs.includes("live-2")))
  one.close()
})

test("a key that is revoked stops watching at the next heartbeat", async () => {
  const one = await watch()
  const sql = postgres({ ...server.owner, max: 1 })
  await sql`update ingest_keys set revoked_at = now()`
  await Promise.race([one.ended, sleep(20_000)])
  const isEnded = one.res.complete
  await sql`update ingest_keys set revoked_at = null`
  await sql.end()
  expect(isEnded).toBe(true)
  expect(one.text()).toContain(": beat")
})

test("a reader that does not read is dropped, and harms nobody", async () => {
  const deaf = await watch()
  deaf.res.pause()
  deaf.res.socket.pause()
  const one = await watch()
  expect((await sendEvents(server, [started("live-3")])).json.accepted).toBe(1)
  await until(() => one.changes.some(({ runs }) => runs.includes("live-3")))
  deaf.close()
  one.close()
})
