import type { NativeEvent } from "@/lib/contracts/events"
import { DAY_MS, toIso } from "@/lib/time"
import { RunDraft, sha256 } from "./draft"
import { Random } from "./random"
import { DEMO_PROJECT, type Delivery, type Scenario } from "./scenario"

/** Histories with the shapes that break screens and ledgers, one each. All lie in the day before `until` unless they say otherwise. */
const HOUR = 3_600_000
const SONNET = { provider: "anthropic", model: "claude-sonnet-4-5" }

/** Cuts one long list into deliveries of a batch each. */
function* inBatches(events: NativeEvent[], receivedAt: number): Generator<Delivery> {
  for (let i = 0; i < events.length; i += 1_000) yield { receivedAt, events: events.slice(i, i + 1_000) }
}

/** A run of twenty steps with `pages` pairs of a tool and the call below it in each. */
const longRunOf = (id: string, pages: number): Scenario => ({
  title: `One run of ${(40 * pages).toLocaleString("en-US")} spans`,
  project: DEMO_PROJECT,
  expectedEvents: () => 40 * pages + 42,
  deliveries: function* ({ seed, until }) {
    const random = new Random(seed, id)
    const draft = new RunDraft(id, until - 20 * HOUR)
    const plan = Array.from({ length: 20 }, (_, i) => `shard-${String(i + 1).padStart(2, "0")}`)
    // However many there are, they take the same twelve hours.
    const pace = (ms: number) => Math.ceil((ms * 250) / pages)
    draft.started({
      workflow: "index-rebuild",
      agent: "indexer",
      environment: "production",
      plan,
      tags: { team: "search" },
    })
    for (const step of plan) {
      draft.stepStarted(step)
      for (let i = 0; i < pages; i++) {
        const parent = draft.span({
          kind: "tool",
          name: "read_page",
          ms: pace(random.int(20, 300)),
          input: { page: i },
        })
        const usage = { input: random.int(400, 2_000), cache_read: random.int(0, 4_000), output: random.int(20, 300) }
        draft.span({ kind: "llm", name: "summarise page", ms: pace(random.int(800, 6_000)), parent, ...SONNET, usage })
      }
      draft.stepFinished("succeeded")
    }
    draft.finished("succeeded", { output: { sha256: sha256(id), refs: plan } })
    yield* inBatches(draft.events, draft.clock)
  },
})

export const longRun = longRunOf("long-run", 250)
export const hugeRun = longRunOf("huge-run", 1_250)

export const deepTree: Scenario = {
  title: "A tree 60 spans deep",
  project: DEMO_PROJECT,
  expectedEvents: () => 62,
  deliveries: function* ({ until }) {
    const draft = new RunDraft("deep-tree", until - 19 * HOUR)
    draft.started({
      workflow: "deep-research",
      agent: "researcher",
      environment: "production",
      tags: { team: "search" },
    })
    let parent: string | undefined
    for (let depth = 0; depth < 60; depth++) {
      const kind = depth === 59 ? "llm" : depth % 2 === 0 ? "agent" : "tool"
      const model = kind === "llm" ? { ...SONNET, usage: { input: 900, output: 120 } } : {}
      // Each lies inside its parent: it starts later and is shorter.
      parent = draft.span({
        kind,
        name: `level ${depth + 1}`,
        ms: 130_000 - depth * 2_000,
        overlaps: true,
        parent,
        ...model,
      })
      draft.pass(500)
    }
    draft.pass(150_000).finished("succeeded", { output: { sha256: sha256("deep-tree") } })
    yield* inBatches(draft.events, draft.clock)
  },
}

export const unknownModel: Scenario = {
  title: "Calls of a model that no price list has, beside priced ones",
  project: DEMO_PROJECT,
  expectedEvents: () => 104,
  deliveries: function* ({ seed, until }) {
    const random = new Random(seed, "unknown-model")
    const draft = new RunDraft("unknown-model", until - 18 * HOUR)
    draft.started({
      workflow: "catalog-enrichment",
      agent: "enricher",
      environment: "production",
      plan: ["enrich"],
      tags: { team: "search" },
    })
    draft.stepStarted("enrich")
    for (let i = 0; i < 50; i++) {
      const usage = { input: random.int(500, 3_000), output: random.int(50, 400) }
      draft.span({ kind: "llm", name: "describe item", ms: random.int(400, 2_000), ...SONNET, usage })
      draft.span({
        kind: "llm",
        name: "describe item",
        ms: 700,
        provider: "inhouse",
        model: "atlas-70b-preview",
        usage,
      })
    }
    draft.stepFinished("succeeded").finished("succeeded", { output: { sha256: sha256("unknown-model") } })
    yield* inBatches(draft.events, draft.clock)
  },
}

export const missingEnd: Scenario = {
  title: "Runs that never end, spans that never end, an end without a start",
  project: DEMO_PROJECT,
  expectedEvents: () => 8,
  deliveries: function* ({ until }) {
    const at = until - 17 * HOUR
    const silent = new RunDraft("missing-end-silent", at)
    silent.started({
      workflow: "support-triage",
      agent: "triager",
      environment: "production",
      plan: ["read", "label", "route"],
      tags: { team: "support" },
    })
    silent
      .stepStarted("read")
      .span({ kind: "llm", name: "read ticket", ms: 2_000, ...SONNET, usage: { input: 800, output: 90 } })
    silent.stepFinished("succeeded").stepStarted("label")
    const open: NativeEvent = {
      id: "missing-end-silent:open",
      type: "span",
      run: "missing-end-silent",
      span: "open",
      kind: "llm",
      name: "label ticket",
      step: "label",
      start: toIso(silent.clock),
      ...SONNET,
    }
    const orphan = new RunDraft("missing-end-orphan", at + 60_000)
    orphan.span({ kind: "llm", name: "answer", ms: 3_000, ...SONNET, usage: { input: 500, output: 200 } })
    orphan.finished("succeeded")
    yield { receivedAt: until - 16 * HOUR, events: [...silent.events, open, ...orphan.events] }
  },
}

export const retryStorm: Scenario = {
  title: "One step tried 40 times, every attempt paid for",
  project: DEMO_PROJECT,
  expectedEvents: () => 124,
  deliveries: function* ({ seed, until }) {
    const random = new Random(seed, "retry-storm")
    const draft = new RunDraft("retry-storm", until - 15 * HOUR)
    draft.started({
      workflow: "support-answer",
      agent: "answerer",
      environment: "production",
      release: "2.6.1",
      plan: ["answer"],
      tags: { team: "support", customer: "globex" },
    })
    for (let attempt = 1; attempt <= 40; attempt++) {
      const last = attempt === 40
      draft.stepStarted("answer", attempt)
      const usage = { input: 11_200 + random.int(0, 80), output: last ? 640 : random.int(0, 30) }
      const error = last ? {} : { error: "schema mismatch: field 'citations' is required" }
      draft.span({ kind: "llm", name: "write answer", ms: random.int(900, 4_000), ...SONNET, usage, ...error })
      draft.stepFinished(last ? "succeeded" : "failed", last ? undefined : "schema mismatch").pass(200)
    }
    draft.finished("succeeded", { output: { sha256: sha256("retry-storm"), refs: ["answer"] } })
    yield* inBatches(draft.events, draft.clock)
  },
}

/** How many of the spans below are more than a day ahead of the time they are received. */
export const CLOCK_SKEW_SUSPECTS = 200

export const clockSkew: Scenario = {
  title: "1,000 spans from clocks that are an hour or 400 days wrong",
  project: DEMO_PROJECT,
  expectedEvents: () => 1_001,
  deliveries: function* ({ seed, until }) {
    const random = new Random(seed, "clock-skew")
    const receivedAt = until - 14 * HOUR
    const events: NativeEvent[] = [
      {
        id: "clock-skew:0",
        type: "run.started",
        run: "clock-skew",
        seq: 0,
        at: toIso(receivedAt),
        workflow: "fleet-report",
        agent: "reporter",
        tags: { team: "platform" },
      },
    ]
    const skews = [0, HOUR, -HOUR, -400 * DAY_MS, 400 * DAY_MS]
    for (let i = 1; i <= 1_000; i++) {
      const start = receivedAt + (skews[i % 5] as number) - random.int(0, HOUR / 2)
      events.push({
        id: `clock-skew:${i}`,
        type: "span",
        run: "clock-skew",
        seq: i,
        span: `s${i}`,
        kind: "llm",
        name: "report part",
        start: toIso(start),
        end: toIso(start + random.int(100, 4_000)),
        ...SONNET,
        usage: { input: random.int(100, 900), output: random.int(10, 90) },
        status: "ok",
      })
    }
    yield* inBatches(events, receivedAt)
  },
}

export const haltMidRun: Scenario = {
  title: "Halts in mid-run: by a rule with late spans after it, and by the agent itself",
  project: DEMO_PROJECT,
  expectedEvents: () => 13,
  deliveries: function* ({ until }) {
    const begin = {
      workflow: "payment-reconciliation",
      agent: "reconciler",
      environment: "production",
      release: "5.1.0",
      plan: ["load", "match", "post", "report"],
      checks: ["balance_check"],
      tags: { team: "billing", customer: "initech" },
    }
    const call = (draft: RunDraft, name: string) =>
      draft.span({
        kind: "llm",
        name,
        ms: 9_000,
        provider: "openai",
        model: "gpt-5-mini",
        usage: { input: 24_000, cache_read: 8_000, output: 1_900, reasoning: 2_400 },
      })
    const ruled = new RunDraft("halt-by-rule", until - 13 * HOUR)
    ruled.started(begin).stepStarted("load")
    call(ruled, "load statements")
    ruled.stepFinished("succeeded").stepStarted("match")
    call(ruled, "match lines")
    ruled.halted("andon", "cost of the run 0.0231 is above the limit 0.0200", "run_cost")
    // What was in flight when the halt came still costs money.
    call(ruled, "match lines")
    const self = new RunDraft("halt-by-agent", until - 12 * HOUR)
    self.started(begin).stepStarted("load")
    call(self, "load statements")
    self.halted("agent", "statement of 2026-02 is missing two pages").stepFinished("cancelled")
    yield { receivedAt: until - 11 * HOUR, events: [...ruled.events, ...self.events] }
  },
}

/** The last Sunday of March or October, 01:00 UTC: when Europe changes its clocks. */
function switchOf(year: number, month: 2 | 9): number {
  const last = new Date(Date.UTC(year, month + 1, 0))
  return Date.UTC(year, month, last.getUTCDate() - last.getUTCDay(), 1)
}

export const dstDay: Scenario = {
  title: "Days of 23 and 25 hours in Europe/Berlin, a cent every quarter hour and around each edge",
  project: { slug: "demo-dst", name: "Demo Europe/Berlin", zone: "Europe/Berlin" },
  expectedEvents: () => 210,
  deliveries: function* ({ until }) {
    const year = new Date(until).getUTCFullYear()
    const switches = [switchOf(year - 1, 9), switchOf(year, 2), switchOf(year, 9)]
      .filter((at) => at + 2 * DAY_MS < until)
      .slice(-2)
    for (const at of switches) {
      // Berlin is one hour ahead in winter, two in summer: the day starts at 23:00 or 22:00 UTC and ends at the other.
      const isSpring = new Date(at).getUTCMonth() === 2
      const from = at - (isSpring ? 2 : 3) * HOUR
      const to = from + (isSpring ? 23 : 25) * HOUR
      const moments = [from - 1, from + 1, at - 1, at, at + 1, to - 1, to, to + 1]
      for (let moment = from; moment < to; moment += 15 * 60_000) moments.push(moment)
      const events = [...new Set(moments)]
        .sort((a, b) => a - b)
        .map(
          (moment): NativeEvent => ({
            id: `dst-day:${moment}`,
            type: "cost",
            at: toIso(moment),
            provider: "openai",
            model: "gpt-5-mini",
            usage: { input: 1_000, output: 100 },
            cost: "0.01",
            workflow: "night-watch",
            tags: { team: "platform" },
          }),
        )
      yield { receivedAt: to + HOUR, events }
    }
  },
}

export const emptyProject: Scenario = {
  title: "A project without any event",
  project: { slug: "demo-empty", name: "Demo, empty", zone: "UTC" },
  expectedEvents: () => 0,
  deliveries: function* () {},
}
