import { projectionHash } from "@/db/queries/projection-hash"
import { openLedger } from "@/ingest/testing"
import type { NativeEvent } from "@/lib/contracts/events"
import { toIso } from "@/lib/time"
import { WORKFLOWS } from "@/scripts/seed/demo/catalog"
import { demoRun } from "@/scripts/seed/demo/run"
import { Random } from "@/scripts/seed/random"
import { readBook } from "./book"
import { type Fault, judge, NOTHING } from "./fault"

const START = Date.UTC(2026, 8, 1, 8)
const RECEIVED = Date.UTC(2026, 8, 20)

/** Runs of every fate, and what makes order matter: spans told in two parts, contradicting ends, ties in time, ends without starts, costs without runs. */
function tangledRuns(seed: string, count: number): NativeEvent[] {
  const random = new Random(seed, "tangled")
  const events: NativeEvent[] = []
  for (let i = 0; i < count; i++) {
    const workflow = random.weighted(WORKFLOWS)
    const draft = demoRun(random, workflow, random.pick(workflow.releases), `t${i}`, START + i * 97_000)
    for (const event of draft.events) {
      if (event.type === "run.started" && i % 17 === 0) continue
      if (event.type === "span" && random.chance(150)) events.push(...inTwoParts(event))
      else events.push(event)
    }
    if (i % 11 === 0)
      events.push({
        id: `t${i}:again`,
        type: "run.finished",
        run: `t${i}`,
        at: toIso(draft.clock),
        outcome: "failed",
        error: "told twice",
      })
    if (i % 13 === 0)
      events.push({
        id: `t${i}:cost`,
        type: "cost",
        at: toIso(draft.clock),
        provider: "openai",
        model: "gpt-5-nano",
        usage: { input: i },
        tags: { team: "loose" },
      })
    if (i % 7 === 0) events.push(...rollup(`t${i}`, draft.clock))
  }
  return events
}

/** A span as an exporter that sends starts early tells it: the start, then the end with all that it knows. */
function inTwoParts(event: Extract<NativeEvent, { type: "span" }>): NativeEvent[] {
  const { id, seq, type, run, span, kind, name, start, step, attempt } = event
  const begin: NativeEvent = {
    id: `${id}-start`,
    type,
    run,
    span,
    kind,
    name,
    start,
    step,
    attempt,
    ...(seq === undefined ? {} : { seq }),
    model: "requested-model",
    usage: { output: 1 },
  }
  return [begin, { ...event, id: `${id}-end` }]
}

/** An agent's span that repeats the usage of the call below it, told before and after. */
function rollup(run: string, at: number): NativeEvent[] {
  const usage = { input: 1_000, output: 10 }
  const call = { provider: "anthropic", model: "claude-haiku-4-5", usage, start: toIso(at - 50), end: toIso(at) }
  return [
    { id: `${run}:agent`, type: "span", run, span: "agent", kind: "agent", name: "invoke_agent", ...call },
    { id: `${run}:child`, type: "span", run, span: "child", parent: "agent", kind: "llm", name: "chat", ...call },
  ]
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const out = [...items]
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.int(0, i)
    ;[out[i], out[j]] = [out[j] as T, out[i] as T]
  }
  return out
}

async function hashAfter(events: readonly NativeEvent[], random: Random): Promise<{ hash: string; refused: number }> {
  const ledger = await openLedger({ zone: "America/New_York", prices: await readBook() })
  try {
    let refused = 0
    for (let i = 0; i < events.length; ) {
      const batch = events.slice(i, i + random.int(1, 400))
      i += batch.length
      const answer = await ledger.send(batch, { receivedAt: RECEIVED })
      refused += answer.rejected + answer.conflicts
    }
    const hash = await ledger.query((tx) => projectionHash(tx, ledger.key.project.id, { ignoreReceived: true }))
    return { hash, refused }
  } finally {
    await ledger.close()
  }
}

const outOfOrder: Fault = {
  id: "F09",
  title: "the same events in order, reversed and shuffled",
  mutant: "the order of arrival decides",
  place: "ledger",
  async run({ random, mode, say }) {
    const [runs, shuffles] = mode === "short" ? [40, 2] : [200, 50]
    const events = tangledRuns(String(random.int(1, 1e6)), runs)
    const inOrder = await hashAfter(events, random)
    const hashes = new Set([inOrder.hash])
    let refused = inOrder.refused
    const orders = [[...events].reverse(), ...Array.from({ length: shuffles }, () => shuffled(events, random))]
    for (const [index, order] of orders.entries()) {
      const { hash, refused: more } = await hashAfter(order, random)
      hashes.add(hash)
      refused += more
      say(`${index + 1} of ${orders.length} orders`)
    }
    return judge(NOTHING, {
      events: { value: events.length, holds: events.length > runs, must: `${runs} at least` },
      orders: { value: orders.length + 1, holds: true, must: "" },
      hashes: { value: hashes.size, holds: hashes.size === 1, must: "1" },
      refused: { value: refused, holds: refused === 0, must: "0" },
    })
  },
}

export const ORDER = [outOfOrder]
