import { setTimeout as sleep } from "node:timers/promises"
import { Andon, Halted } from "@/clients/ts/src/index"
import type { Booted } from "@/server/testing"
import type { Ask } from "./decisions"
import { measure } from "./ingest"

const LANES = 10
const RUNS_PER_LANE = 40
const LIMIT = 3
const LOOP_LIMIT = 10
const LOOPS = 5

type Answer = { accepted?: number; directives?: { run: string }[] }
type Leased = { items: { id: string; run: string | null; lease_token: string }[] }

/** Milliseconds from the acknowledgement of the batch that crossed a limit to the answer of its runner's long poll, which waits since before; 0 = earlier. */
export async function measureDirectives(
  server: Booted,
  ask: Ask,
): Promise<{ times: number[]; inAnswer: number; load: number }> {
  await save(ask, "crossing", { max_steps: LIMIT })
  const key = await runnerKey(ask, "poller")
  const target = { port: server.port, key: server.key, pid: server.pid }
  // Sixty batches of 25 events a second beside it: what it has to get through.
  const load = measure(target, { batch: 25, connections: 3, seconds: 25, perSecond: 20 })
  await sleep(3_000)
  const times: number[] = []
  let inAnswer = 0
  const lane = async (number: number) => {
    for (let n = 0; n < RUNS_PER_LANE; n++) {
      const run = `crossing-${number}-${n}`
      const first = [event(run, 0, "run.started", { workflow: "crossing" }), ...steps(run, 1, LIMIT)]
      await send(server, key, first)
      const poll = waitFor(server, key, run)
      await sleep(150)
      const { directives } = await send(server, key, steps(run, LIMIT + 1, LIMIT + 1))
      const ackedAt = performance.now()
      if (directives?.some((told) => told.run === run)) inAnswer++
      times.push(Math.max(0, (await poll) - ackedAt))
    }
  }
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)))
  return { times, inAnswer, load: (await load).eventsPerSecond }
}

/** Loops through the client, each step fifty milliseconds. @returns how many steps each began. */
export async function runAway(server: Booted, ask: Ask): Promise<number[]> {
  await save(ask, "loops", { max_steps: LOOP_LIMIT })
  const andon = new Andon({ url: server.url, key: await runnerKey(ask, "looper"), onError: () => {} })
  const begun: number[] = []
  for (let n = 0; n < LOOPS; n++) {
    const run = await andon.run({ id: `loop-${n}`, workflow: "loops" })
    let count = 0
    const work = async () => {
      count++
      await sleep(50)
    }
    try {
      for (let i = 0; i < 60; i++) await run.step(`look-${i}`, work)
      throw new Error("nothing halted the loop")
    } catch (error) {
      if (!(error instanceof Halted)) throw error
    }
    begun.push(count)
  }
  await andon.close(2_000)
  return begun
}

const save = (ask: Ask, workflow: string, document: object) =>
  ask("POST", "/api/v1/policies?project=bench", { workflow, document, base_version: 0, reason: "the bench's own" })

async function runnerKey(ask: Ask, name: string): Promise<string> {
  const body = { name, scopes: ["ingest", "read", "directives"] }
  return (await ask<{ secret: string }>("POST", "/api/v1/keys?project=bench", body)).secret
}

const event = (run: string, n: number, type: string, more: object) => ({
  id: `${run}:${n}`,
  type,
  run,
  at: new Date().toISOString(),
  ...more,
})
const steps = (run: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => event(run, from + i, "step.started", { step: `step-${from + i}` }))

async function send(server: Booted, key: string, events: object[]): Promise<Answer> {
  const answer = await fetch(`${server.url}/api/v1/events`, {
    method: "POST",
    headers: headers(key),
    body: JSON.stringify(events),
  })
  const told = (await answer.json()) as Answer
  if (told.accepted !== events.length) throw new Error(`a batch was answered ${answer.status}: ${JSON.stringify(told)}`)
  return told
}

/** Polls as a runner does until it is told of its run, and says that it has obeyed. @returns when it was told. */
async function waitFor(server: Booted, key: string, run: string): Promise<number> {
  for (;;) {
    const answer = await fetch(`${server.url}/api/v1/directives?wait=30&run=${run}`, { headers: headers(key) })
    const { items } = (await answer.json()) as Leased
    const toldAt = performance.now()
    const [item] = items
    if (!item) continue
    const body = JSON.stringify({ lease_token: item.lease_token })
    await fetch(`${server.url}/api/v1/directives/${item.id}/complete`, { method: "POST", headers: headers(key), body })
    return toldAt
  }
}
const headers = (key: string) => ({ authorization: `Bearer ${key}`, "content-type": "application/json" })
