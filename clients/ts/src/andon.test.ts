import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, describe, expect, it } from "vitest"
import { Andon, type AndonOptions, Halted, LinePaused } from "./index.js"
import { type Loopback, loopback, type Reply } from "./testing-server.js"
import type { Directive } from "./wire.js"

const HALT: Omit<Directive, "run"> = {
  action: "halt",
  rule: "T10",
  observed: "failed",
  limit: "succeeded",
  step: "load",
}
const open: { close(): Promise<unknown> }[] = []
const errors: string[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
  errors.length = 0
})

async function start(options: Partial<AndonOptions> = {}, more?: (path: string) => Reply | Promise<Reply> | null) {
  const server = await loopback(more)
  const onError = (error: Error) => void errors.push(error.message)
  const andon = new Andon({ url: server.url, key: "k", lingerMs: 5, onError, ...options })
  open.push(server, { close: () => andon.close(100) })
  return { server, andon }
}
const types = ({ events }: Loopback) =>
  events.map(({ type, step, outcome }) => [type, step, outcome].filter(Boolean).join(" "))

describe("a run", () => {
  it("tells its start, its steps, their calls and its end, in order and numbered", async () => {
    const { server, andon } = await start()
    const run = await andon.run({ id: "r1", workflow: "w", plan: ["a"], checks: ["c"] })
    const result = await run.step("a", () => {
      run.call({ model: "m", provider: "p", usage: { input: 1 } })
      return 7
    })
    run.verify({ check: "c", outcome: "passed", artifact: "sha256:0" })
    await run.finish("succeeded", { sha256: "sha256:0", refs: ["a"] })
    expect(result).toBe(7)
    expect(types(server)).toEqual([
      "run.started",
      "step.started a",
      "span a",
      "step.finished a succeeded",
      "verification passed",
      "run.finished succeeded",
    ])
    expect(server.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
    expect(server.events[0]).toMatchObject({ run: "r1", workflow: "w", plan: ["a"], checks: ["c"] })
    expect(server.events[2]).toMatchObject({ kind: "llm", step: "a", attempt: 1, usage: { input: 1 } })
    expect(new Set(server.events.map(({ id }) => id)).size).toBe(6)
  })

  it("a step that throws is failed, and a second try is a second attempt", async () => {
    const { server, andon } = await start()
    const run = await andon.run({})
    const fail = () => {
      throw new Error("no route")
    }
    await expect(run.step("a", fail)).rejects.toThrow("no route")
    await run.step("a", () => {})
    await run.finish("succeeded")
    const ends = server.events.filter(({ type }) => type === "step.finished")
    expect(ends).toMatchObject([
      { attempt: 1, outcome: "failed", error: "Error: no route" },
      { attempt: 2, outcome: "succeeded" },
    ])
  })
})

describe("halted", () => {
  it("by the answer to the very event that crossed the limit: the step's work never begins", async () => {
    const { server, andon } = await start()
    const run = await andon.run({ id: "r1" })
    await run.step("fetch", () => {})
    server.directives.set("r1", { run: "r1", ...HALT })
    let hasBegun = false
    const step = run.step("load", () => {
      hasBegun = true
    })
    await expect(step).rejects.toMatchObject({ name: "Halted", rule: "T10", observed: "failed", limit: "succeeded" })
    expect(hasBegun).toBe(false)
    expect(types(server).slice(-3)).toEqual(["step.started load", "step.finished load cancelled", "run.halted load"])
    expect(server.events.at(-1)).toMatchObject({ by: "policy", rule: "T10" })
    expect(run.signal.aborted).toBe(true)
  })

  it("stays so: no further step, no claim of an end, one confirmation", async () => {
    const { server, andon } = await start()
    const run = await andon.run({ id: "r1" })
    server.directives.set("r1", { run: "r1", ...HALT })
    await expect(run.step("a", () => {})).rejects.toBeInstanceOf(Halted)
    server.directives.clear()
    await expect(run.step("b", () => {})).rejects.toBeInstanceOf(Halted)
    await expect(run.finish("succeeded")).rejects.toBeInstanceOf(Halted)
    expect(types(server).filter((type) => /halted|finished succeeded|started b/.test(type))).toEqual([
      "run.halted load",
    ])
  })

  it("a loop of twenty steps a second: at most the step that was under way", async () => {
    const { server, andon } = await start()
    const run = await andon.run({ id: "r1" })
    const begun: number[] = []
    let haltedAt = 0
    setTimeout(() => {
      server.directives.set("r1", { run: "r1", ...HALT, rule: "T02" })
      haltedAt = Date.now()
    }, 320)
    const loop = async () => {
      for (let n = 0; n < 100; n++)
        await run.step(`s${n}`, async () => {
          begun.push(Date.now())
          await sleep(50)
        })
    }
    await expect(loop()).rejects.toMatchObject({ rule: "T02" })
    expect(begun.length).toBeGreaterThan(3)
    expect(begun.filter((at) => at > haltedAt).length).toBeLessThanOrEqual(1)
  })

  it("in the middle of a step, by the long poll: its signal is aborted and the directive is confirmed", async () => {
    let items: object[] = []
    const { server, andon } = await start({}, async (path) => {
      if (!path.startsWith("/api/v1/directives?")) return { status: 200 }
      await sleep(20)
      return { status: 200, body: { items: items.splice(0) } }
    })
    const run = await andon.run({ id: "r1" })
    const step = run.step("a", async (signal) => {
      items = [{ id: "7", lease_token: "t", lease_until: "", run: "r1", ...HALT }]
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
    })
    await expect(step).rejects.toBeInstanceOf(Halted)
    await expect(run.step("b", () => {})).rejects.toBeInstanceOf(Halted)
    const told = server.requests.filter(({ path }) => path.startsWith("/api/v1/directives/7/"))
    expect(told.map(({ path, body }) => [path.split("/").at(-1), JSON.parse(body).lease_token])).toEqual([
      ["ack", "t"],
      ["complete", "t"],
    ])
  })
})

describe("a line that is paused", () => {
  it("starts no run", async () => {
    const gate = (path: string): Reply =>
      path.includes("/gate") ? { status: 409, body: { code: "line_paused", reason: "three halts" } } : { status: 404 }
    const { server, andon } = await start({}, gate)
    await expect(andon.run({ workflow: "a b" })).rejects.toEqual(new LinePaused("a b", "three halts"))
    expect(server.requests.map(({ path }) => path)).toEqual(["/api/v1/workflows/a%20b/gate"])
  })

  it("says when it is a budget that is used up", async () => {
    const used = { code: "budget_cap", reason: "the budget “cap” is used up" }
    const { andon } = await start({}, (path) => ({ status: path.includes("/gate") ? 409 : 404, body: used }))
    await expect(andon.run({ workflow: "a" })).rejects.toMatchObject({
      name: "LinePaused",
      code: "budget_cap",
      message: "The line a may start nothing: the budget “cap” is used up",
    })
  })
})

describe("an Andon that", () => {
  it("is busy is asked again when it said, with the same events", async () => {
    const { server, andon } = await start()
    server.replies.push({ status: 503 }, { status: 429, headers: { "retry-after": "1" } })
    const before = Date.now()
    const run = await andon.run({ id: "r1" })
    await andon.flush()
    expect(Date.now() - before).toBeGreaterThanOrEqual(1000)
    const sent = server.requests.filter(({ path }) => path === "/api/v1/events").map(({ body }) => body)
    expect(new Set(sent).size).toBe(1)
    expect(types(server)).toEqual(["run.started"])
    await run.finish("succeeded")
  })

  it("is away holds up no step for longer than the gate", async () => {
    const andon = new Andon({ url: "http://127.0.0.1:9", key: "k", gateMs: 40, onError: () => {} })
    open.push({ close: () => andon.close(1) })
    const run = await andon.run({ workflow: "w" })
    expect(await run.step("a", () => 5)).toBe(5)
  })

  it("will not take one event takes the others", async () => {
    const { server, andon } = await start({ lingerMs: 30 })
    const run = await andon.run({ id: "r1" })
    await andon.flush()
    server.replies.push({ status: 413 }, { status: 413 }, { status: 413 })
    for (const model of ["m1", "m2", "m3"]) run.call({ model })
    await andon.flush()
    expect(server.events.map(({ model }) => model)).toEqual([undefined, "m2", "m3"])
    expect(errors).toEqual(["Andon answered 413"])
  })
})
