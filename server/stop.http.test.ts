import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Andon, Halted, LinePaused } from "@/clients/ts/src/index"
import { type Booted, bootServer } from "./testing"

/** A server with a policy on two workflows, and agents that go through the client of `clients/ts`. */
const PLAN = ["fetch", "parse", "validate", "enrich", "load", "summarise"]
const STORY = {
  steps: PLAN.map((id, i) => ({
    id,
    after: id === "load" ? ["validate", "enrich"] : PLAN.slice(Math.max(0, i - 1), i),
  })),
}
const HASH = `sha256:${"a".repeat(64)}`

let server: Booted
let cookie: string
let key: string
let andon: Andon

const ask = async (method: "GET" | "POST", path: string, body?: unknown) => {
  const answer = await fetch(server.url + path, {
    method,
    headers: { cookie, origin: server.url, "sec-fetch-site": "same-origin", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, json: (await answer.json().catch(() => ({}))) as Record<string, unknown> }
}
const send = async (events: object[]) => {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" }
  const answer = await fetch(`${server.url}/api/v1/events`, { method: "POST", headers, body: JSON.stringify(events) })
  return (await answer.json()) as { accepted: number; directives: object[] }
}
const gate = async (run: string) => {
  const answer = await fetch(`${server.url}/api/v1/runs/${run}/gate`, { headers: { authorization: `Bearer ${key}` } })
  return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) }
}
const control = async (run: string) => (await ask("GET", `/api/v1/runs/${run}/acts`)).json

/** The run as events: its steps with their outcome, nine dollars each, and what it claims at its end. */
function story(run: string, steps: [string, "succeeded" | "failed"][], more: object[] = []): object[] {
  const start = Date.now() - 60_000
  let seq = 0
  const event = (type: string, fields: object) => {
    seq += 1
    return { id: `${run}:${seq}`, type, run, seq, at: new Date(start + seq * 1000).toISOString(), ...fields }
  }
  const at = () => new Date(start + seq * 1000).toISOString()
  return [
    event("run.started", { workflow: "invoices", agent: "extractor", plan: PLAN, checks: ["rows"] }),
    ...steps.flatMap(([step, outcome]) => [
      event("step.started", { step }),
      event("span", { span: `${run}-${step}`, kind: "llm", step, start: at(), end: at(), model: "m", cost: "9" }),
      event("step.finished", { step, outcome }),
    ]),
    event("run.finished", { outcome: "succeeded", output: { sha256: HASH, refs: PLAN } }),
    ...more.map((fields) => event("verification", fields)),
  ]
}
const PASS = { check: "rows", outcome: "passed", artifact: HASH, verifier: { name: "rows.sh", hash: HASH } }

beforeAll(async () => {
  server = await bootServer()
  const { email, password } = server.admin
  const answer = await fetch(`${server.url}/api/auth/login`, {
    method: "POST",
    headers: { origin: server.url, "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  })
  cookie = (answer.headers.getSetCookie()[0] ?? "").split(";")[0] ?? ""
  const made = await ask("POST", "/api/v1/keys", { name: "runner", scopes: ["ingest", "read", "directives"] })
  key = String(made.json.secret)
  for (const [workflow, document] of Object.entries({ invoices: STORY, loops: { max_steps: 10 } })) {
    const saved = await ask("POST", "/api/v1/policies", {
      workflow,
      document,
      base_version: 0,
      reason: "the test's own",
    })
    expect(saved).toMatchObject({ status: 201 })
  }
  andon = new Andon({ url: server.url, key, onError: () => {} })
})
afterAll(async () => {
  await andon?.close(2_000)
  await server?.dispose()
})

describe("an agent fails at step three, goes on with step five and claims a polished end", () => {
  it("through the client it is halted when step five starts; the rest is not spent", async () => {
    for (let n = 0; n < 5; n++)
      await send(
        story(
          `done-${n}`,
          PLAN.map((step) => [step, "succeeded"]),
          [PASS],
        ),
      )
    const begun: string[] = []
    const agent = async () => {
      const run = await andon.run({
        id: "story",
        workflow: "invoices",
        agent: "extractor",
        plan: PLAN,
        checks: ["rows"],
      })
      const step = (name: string) =>
        run.step(name, () => {
          begun.push(name)
          run.call({ model: "m", cost: "9" })
          if (name === "validate") throw new Error("row 17 is empty")
        })
      await step("fetch")
      await step("parse")
      await step("validate").catch(() => {})
      await step("load")
      await step("summarise")
      await run.finish("succeeded", { sha256: HASH, refs: PLAN })
    }
    const thrown = await agent().catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(Halted)
    expect(thrown).toMatchObject({ run: "story", rule: "T10", step: "load" })
    expect(begun).toEqual(["fetch", "parse", "validate"])
    expect(await control("story")).toMatchObject({
      state: "halted",
      usable: false,
      not_spent: { amount: "27", median: "54", runs: 5 },
      cost_after_halt: { cost: "0", calls: 0 },
    })
  })

  it("told all at once it is quarantined at its end, and its gate is shut", async () => {
    const steps = ["fetch", "parse", "validate", "load", "summarise"]
    const { directives } = await send(
      story(
        "batch",
        steps.map((step) => [step, step === "validate" ? "failed" : "succeeded"]),
      ),
    )
    expect(directives).toMatchObject([{ run: "batch", action: expect.stringMatching(/halt|quarantine/) }])
    expect(await control("batch")).toMatchObject({ status: "succeeded", proof: "unproven", hold: "quarantined" })
    expect(await gate("batch")).toMatchObject({
      status: 409,
      code: "not_usable",
      usable: false,
      state: "quarantined",
      exception: expect.stringMatching(new RegExp(`^${server.url}/.+/\\d+\\?project=`)),
    })
    expect(await gate("done-0")).toMatchObject({ status: 200, state: "done", usable: true })
    const released = await ask("POST", "/api/v1/runs/batch/acts", {
      act: "release",
      reason: "checked by hand",
      version: 0,
    })
    expect(released).toMatchObject({ status: 200, json: { state: "released", proof: "unproven", version: 1 } })
    expect(await gate("batch")).toMatchObject({ status: 200, state: "released" })
  })
})

describe("a runaway loop at twenty steps a second", () => {
  it("ends with the step under way: none begins after the halt was to be read", async () => {
    const run = await andon.run({ id: "loop", workflow: "loops" })
    let begun = 0
    const loop = async () => {
      for (let n = 0; n < 60; n++)
        await run.step(`look-${n}`, async () => {
          begun += 1
          await sleep(50)
        })
    }
    await expect(loop()).rejects.toMatchObject({ name: "Halted", rule: "T02", observed: "11", limit: "10" })
    expect(begun).toBe(10)
  })
})

describe("a person halts", () => {
  it("and the runner hears it in the middle of a step, within a second", async () => {
    const run = await andon.run({ id: "long", workflow: "letters" })
    let toldAt = 0
    const work = async (signal: AbortSignal) => {
      const halted = await ask("POST", "/api/v1/runs/long/acts", { act: "halt", reason: "wrong customer", version: 0 })
      expect(halted).toMatchObject({ status: 200, json: { state: "halting" } })
      toldAt = Date.now()
      // It may have been heard before the person was answered.
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }))
    }
    await run.step("work", work)
    expect(Date.now() - toldAt).toBeLessThan(1_000)
    await expect(run.step("next", () => {})).rejects.toBeInstanceOf(Halted)
    expect(await control("long")).toMatchObject({ state: "halted", directive: { acked_at: expect.any(String) } })
  })

  it("pauses a line: no run of it starts until somebody resumes it", async () => {
    const paused = await ask("POST", "/api/v1/workflows/letters/acts", { act: "pause", reason: "audit", version: 0 })
    expect(paused).toMatchObject({ status: 200, json: { state: "paused", version: 1 } })
    await expect(andon.run({ workflow: "letters" })).rejects.toEqual(new LinePaused("letters", "audit"))
    const checked = ["cause_known", "cause_removed", "held_runs_seen"]
    const resume = { act: "resume", reason: "audit is over", version: 1, checked }
    expect(await ask("POST", "/api/v1/workflows/letters/acts", resume)).toMatchObject({ json: { state: "live" } })
    const run = await andon.run({ workflow: "letters" })
    await run.finish("succeeded")
  })
})
