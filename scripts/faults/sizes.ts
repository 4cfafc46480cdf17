import { gzipSync } from "node:zlib"
import { countEncodedTwice } from "@/db/queries/invariants"
import type { NativeEvent } from "@/lib/contracts/events"
import { toIso } from "@/lib/time"
import { type Fault, judge, passLine } from "./fault"
import { costOf } from "./journal"
import { rawPost } from "./raw-post"
import type { World } from "./world"

const MIB = 1024 * 1024
const LIMIT = 20 * MIB
const EVENTS = 5_000

/** A span with every field that the contract has. */
function fullSpan(prefix: string, index: number, text: string): NativeEvent {
  const at = Date.now() - 60_000
  return {
    id: `${prefix}e${index}`,
    type: "span",
    run: `${prefix}run-${index % 40}`,
    seq: index,
    at: toIso(at),
    schema_version: "1.0",
    span: `s${index}`,
    parent: `s${Math.max(0, index - 40)}`,
    kind: "llm",
    name: `call ${index}`,
    step: "work",
    attempt: 1,
    start: toIso(at),
    end: toIso(at + 500),
    provider: "openai",
    model: "gpt-5-mini",
    usage: { input: 1, cache_read: 2, cache_write: 3, output: 4, reasoning: 5, audio_input: 6, audio_output: 7 },
    cost: "0.000000000001",
    currency: "USD",
    status: "error",
    error: "timed out",
    workflow: "sizes",
    environment: "test",
    release: "1.0.0",
    tags: { team: "limits", customer: `c${index % 10}` },
    input: text,
    output: { text, ok: true, score: 0.5 },
  }
}

/** JSON with blanks up to the given number of bytes: valid, and exactly that long. */
function padded(events: readonly NativeEvent[], bytes: number): string {
  const text = JSON.stringify({ events })
  return text.padEnd(bytes, " ")
}

const acked = (events: readonly NativeEvent[]) =>
  events.map((event) => ({ id: event.id, cost: costOf(event), isAcked: true }))

async function peakMemory(world: World, work: () => Promise<unknown>): Promise<number> {
  const before = world.residentBytes()
  let peak = before
  const timer = setInterval(() => {
    peak = Math.max(peak, world.residentBytes())
  }, 5)
  await work()
  clearInterval(timer)
  return peak - before
}

const largeBatches: Fault = {
  id: "F15",
  title: "batches at the limits, and one past them",
  mutant: "one parameter a value",
  place: "world",
  async run(world, { prefix }) {
    const target = world.target()
    const events = Array.from({ length: EVENTS }, (_, i) => fullSpan(prefix, i, "x".repeat(100)))
    // Memory that the runtime takes once and keeps is not what a large batch costs.
    await rawPost(target, JSON.stringify({ events: events.slice(0, 500) }))
    const answers: Record<string, number> = {}
    let accepted = 0
    const grown = await peakMemory(world, async () => {
      const full = await rawPost(target, JSON.stringify({ events }))
      accepted = Number(full.body.accepted) + Number(full.body.duplicates)
      answers.at_limit = full.status
    })
    const over = [
      ...events.map((event) => ({ ...event, id: `${event.id}-over` })),
      fullSpan(`${prefix}over-`, 0, ""),
    ] as NativeEvent[]
    answers.one_event_over = (await rawPost(target, JSON.stringify({ events: over }))).status
    const small = [fullSpan(`${prefix}small-`, 0, "")]
    answers.wire_at_limit = (await rawPost(target, padded(small, LIMIT))).status
    answers.wire_over = (await rawPost(target, padded(over.slice(0, 1), LIMIT + 1))).status
    const zipped = (bytes: number) => new Uint8Array(gzipSync(padded(over.slice(0, 1), bytes)))
    answers.inflated_over = (await rawPost(target, zipped(LIMIT + 1), { "content-encoding": "gzip" })).status
    const must: Record<string, number> = {
      at_limit: 200,
      one_event_over: 413,
      wire_at_limit: 200,
      wire_over: 413,
      inflated_over: 413,
    }
    const statuses = Object.entries(must).map(([name, status]) => [
      name,
      { value: answers[name] ?? 0, holds: answers[name] === status, must: `${status}` },
    ])
    return judge(passLine(await world.verify(prefix, acked([...events, ...small]))), {
      ...Object.fromEntries(statuses),
      accepted: { value: accepted, holds: accepted === EVENTS, must: `${EVENTS}` },
      memory_mib: { value: Math.round(grown / MIB), holds: grown < 150 * MIB, must: "150 at most" },
    })
  },
}

const longBodies: Fault = {
  id: "F26",
  title: "bodies over the buffer of the pages' front",
  mutant: "cuts the body at 10 MiB",
  place: "world",
  async run(world, { prefix }) {
    const target = world.target()
    const events = Array.from({ length: 2_000 }, (_, i) => fullSpan(prefix, i, "y".repeat(2_700)))
    const body = JSON.stringify({ events })
    const answer = await rawPost(target, body)
    const over = events.map((event) => ({ ...event, id: `${event.id}-over` })) as NativeEvent[]
    const refused = await rawPost(target, padded(over, 21 * MIB))
    return judge(passLine(await world.verify(prefix, acked(events))), {
      body_mib: { value: Math.round(body.length / MIB), holds: body.length > 11 * MIB, must: "11 at least" },
      status: { value: answer.status, holds: answer.status === 200, must: "200" },
      accepted: {
        value: Number(answer.body.accepted),
        holds: answer.body.accepted === events.length,
        must: `${events.length}`,
      },
      over_status: { value: refused.status, holds: refused.status === 413, must: "413" },
      over_code: {
        value: String(refused.body.code),
        holds: refused.body.code === "body_too_large",
        must: "body_too_large",
      },
    })
  },
}

const encodedTwice: Fault = {
  id: "F27",
  title: "objects are stored as objects, and strings that look like values stay strings",
  mutant: "hands the driver a string for jsonb",
  place: "world",
  async run(world, { prefix }) {
    const event = {
      ...fullSpan(prefix, 0, ""),
      input: "0.1",
      output: ["true", "null", 0.1, true, null, "{}"],
    } as NativeEvent
    const answer = await rawPost(world.target(), JSON.stringify([event]))
    return await world.withOwner(async (owner, projectId) => {
      await owner`select set_config('app.project_ids', ${`{${projectId}}`}, false)`
      const twice = await countEncodedTwice(owner)
      const [row] = await owner<{ body: Record<string, unknown> }[]>`select body from events where id = ${event.id}`
      const same =
        JSON.stringify([row?.body.input, row?.body.output]) ===
        JSON.stringify(["0.1", ["true", "null", 0.1, true, null, "{}"]])
      return judge(passLine(await world.verify(prefix, acked([event]))), {
        status: { value: answer.status, holds: answer.status === 200, must: "200" },
        not_objects: { value: twice, holds: twice === 0, must: "0" },
        round_trip: { value: same ? "same" : "changed", holds: same, must: "same" },
      })
    })
  },
}

export const SIZES = [largeBatches, longBodies, encodedTwice]
