import { readFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { KeyActor } from "@/access/actor"
import { takeItems } from "./accept"
import { decodeLangfuse } from "./formats/langfuse"
import { rebuild } from "./rebuild"
import { replayDeadLetter } from "./replay"
import { openLedger } from "./testing"

type Event = { id: string; type: string; timestamp: string; body: Record<string, unknown> }
const { batch: captured } = JSON.parse(
  readFileSync(new URL("formats/fixtures/langfuse-3.39.2-ingestion-batch.json", import.meta.url), "utf8"),
) as { batch: Event[] }

let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger?.close())

let request = 0
async function send(key: KeyActor, batch: readonly unknown[]) {
  request += 1
  const events = batch.map((raw) => decodeLangfuse(raw, "USD").item).filter((item) => item !== null)
  const { outcomes } = await takeItems({
    key,
    events,
    receivedAt: Date.UTC(2026, 10, 21),
    requestId: `lf-${request}`,
    door: "langfuse",
  })
  return outcomes.map((outcome) => (typeof outcome === "string" ? outcome : outcome.code))
}

/** Everything that pages read of a project, without what tells when it came. */
async function stateOf(key: KeyActor) {
  return await ledger.query(async (tx) => {
    const run =
      await tx`select id, status, proof, workflow, environment, release, team, tags, started_at, ended_at, is_partial,
      notes, spans, steps, errors, calls, verifications, input::text, cache_read::text, output::text, cost::text from runs`
    const spans =
      await tx`select span_id, parent_id, kind, name, status, error, outcome, model, provider, started_at, ended_at, has_start,
      is_call, input::text, cache_read::text, output::text, cost::text, cost_source, reported_cost::text, event_count from spans order by span_id`
    const checks = await tx`select id, check_name, outcome, score, evidence from verifications order by id`
    const spend = await tx`select bucket, sum(cost)::text as cost, sum(input)::text as input, sum(calls)::text as calls
      from spend_rollup where grain = 15 group by 1 order by 1`
    return JSON.parse(JSON.stringify({ run, spans, checks, spend }))
  }, key.project.id)
}

describe("the captured batch in the ledger", () => {
  test("whole, backwards, one by one, in halves and again: one state, one cost", async () => {
    const deliveries: Record<string, Event[][]> = {
      whole: [captured],
      backwards: [[...captured].reverse()],
      "one by one": captured.map((event) => [event]),
      "one by one backwards": [...captured].reverse().map((event) => [event]),
      "in halves, twice": [captured.slice(4), captured.slice(0, 4), captured, captured.slice(2, 6)],
    }
    const states: unknown[] = []
    for (const [name, batches] of Object.entries(deliveries)) {
      const key = await ledger.addProject(name.replace(/\W+/g, "-"))
      const outcomes: string[] = []
      for (const batch of batches) outcomes.push(...(await send(key, batch)))
      expect(outcomes.filter((outcome) => outcome === "accepted")).toHaveLength(captured.length)
      expect(outcomes.every((outcome) => outcome === "accepted" || outcome === "duplicate")).toBe(true)
      states.push(await stateOf(key))
      await rebuild(key.project.id, { order: "shuffle" })
      states.push(await stateOf(key))
    }
    for (const state of states) expect(state).toEqual(states[0])
    expect(states[0]).toMatchObject({
      run: [
        {
          id: "154e3ae7-d917-4102-b573-8ed7220b6968",
          status: "succeeded",
          proof: "unchecked",
          workflow: "run",
          team: "a",
          environment: "staging",
          release: "r1",
          is_partial: false,
          notes: [],
          spans: 3,
          calls: 1,
          errors: 1,
          input: "6",
          cache_read: "4",
          output: "5",
          cost: "0.001",
        },
      ],
      checks: [{ check_name: "pass", outcome: "passed", score: "1" }],
      spend: [{ cost: "0.001", input: "6", calls: "1" }],
    })
  })
})

describe("observations", () => {
  const at = (second: number) => `2026-11-20T10:00:0${second}.000Z`
  let made = 0
  const event = (type: string, body: object, second = 0): Event => {
    made += 1
    return { id: `o${made}`, type, timestamp: at(second), body: body as Record<string, unknown> }
  }

  test("an agent that repeats the tokens and the cost of its calls does not add to them, whatever comes first", async () => {
    const usage = (input: number, total: number) => ({ usageDetails: { input }, costDetails: { total } })
    const parent = event("agent-create", { id: "agent", traceId: "t", startTime: at(0), ...usage(30, 0.3) })
    const calls = [1, 2].map((n) =>
      event("generation-create", {
        id: `call${n}`,
        traceId: "t",
        parentObservationId: "agent",
        startTime: at(n),
        ...usage(10 * n, n / 10),
      }),
    )
    for (const [name, batches] of Object.entries({
      first: [[parent], calls],
      last: [calls, [parent]],
      between: [[calls[0]], [parent], [calls[1]]],
    })) {
      const key = await ledger.addProject(`roll-up-${name}`)
      for (const batch of batches) await send(key, batch)
      expect((await stateOf(key)).run).toMatchObject([{ cost: "0.3", input: "30", calls: 2 }])
    }
  })

  test("an update moves the difference", async () => {
    const key = await ledger.addProject("moves")
    const call = { id: "g", traceId: "t", startTime: at(0) }
    await send(key, [event("generation-create", { ...call, usageDetails: { input: 5 }, costDetails: { total: 0.5 } })])
    expect((await stateOf(key)).spend).toMatchObject([{ cost: "0.5", input: "5", calls: "1" }])
    await send(key, [
      event("generation-update", { ...call, usageDetails: { input: 7 }, costDetails: { total: 0.2 } }, 1),
    ])
    expect((await stateOf(key)).spend).toMatchObject([{ cost: "0.2", input: "7", calls: "1" }])
  })

  test("ids of 800 characters, with anything in them, are kept whole", async () => {
    const key = await ledger.addProject("ids")
    const id = (letter: string) => `${letter}/%2F?#<b>日本 ${"x".repeat(800)}`.slice(0, 800)
    expect(
      await send(key, [
        event("trace-create", { id: id("t"), name: "w" }),
        event("span-create", { id: id("a"), traceId: id("t"), startTime: at(0) }),
        event("span-create", { id: id("b"), traceId: id("t"), parentObservationId: id("a"), startTime: at(1) }),
        event("score-create", { traceId: id("t"), name: "c", value: true, dataType: "BOOLEAN" }),
        event("span-create", { id: `${id("c")}x`, traceId: id("t"), startTime: at(1) }),
      ]),
    ).toEqual(["accepted", "accepted", "accepted", "accepted", "invalid_id"])
    const { run, spans } = await stateOf(key)
    expect(run).toMatchObject([{ id: id("t"), workflow: "w", spans: 2 }])
    expect(spans).toMatchObject([{ span_id: id("a") }, { span_id: id("b"), parent_id: id("a") }])
  })

  test("what was refused is kept as it came, and can be sent again once the reading is mended", async () => {
    const key = await ledger.addProject("letters")
    await send(key, [event("generation-create", { id: "g", traceId: "t", usageDetails: { input: -1 } })])
    const replay = async () => {
      const [letter] = await ledger.query((tx) => tx<{ id: string }[]>`select id from dead_letters`, key.project.id)
      return await replayDeadLetter(key.project, String(letter?.id), "replay")
    }
    expect(await replay()).toMatchObject({ rejected: 1, results: [{ code: "negative_amount" }] })
    await ledger.query((tx) => tx`update dead_letters set raw = replace(raw, ':-1', ':1')`, key.project.id)
    expect(await replay()).toMatchObject({ accepted: 1 })
    expect((await stateOf(key)).run).toMatchObject([{ id: "t", input: "1" }])
  })

  test("an event id seen before with another body changes nothing", async () => {
    const key = await ledger.addProject("again")
    const first = event("generation-create", { id: "g", traceId: "t", startTime: at(0), costDetails: { total: 1 } })
    const other = { ...first, body: { ...first.body, costDetails: { total: 2 } } }
    expect(await send(key, [first])).toEqual(["accepted"])
    expect(await send(key, [other])).toEqual(["conflict"])
    expect((await stateOf(key)).run).toMatchObject([{ cost: "1" }])
  })
})
