import fc from "fast-check"
import type { PolicyDocument } from "@/lib/contracts/policies"

const rates = {
  provider: "p",
  valid_from: "2000-01-01T00:00:00Z",
  cache_write: null,
  reasoning: null,
  audio_input: null,
  audio_output: null,
  source: "test",
  source_date: "2026-01-01",
}
export const PRICES = [
  { ...rates, model: "m1", prompt_above: 0, input: "0.000003", cache_read: "0.0000003", output: "0.000015" },
  { ...rates, model: "m1", prompt_above: 1_000, input: "0.000006", cache_read: "0.0000006", output: "0.00003" },
  // Dearer from the middle of the time that the events lie in.
  { ...rates, model: "m2", prompt_above: 0, input: "0.000001", cache_read: null, output: "0.000002" },
  {
    ...rates,
    model: "m2",
    prompt_above: 0,
    valid_from: "2026-10-31T23:00:00Z",
    input: "0.000007",
    cache_read: null,
    output: "0.000009",
  },
]
/** Limits that random runs cross now and then, all kinds of them; a workflow of its own has others. */
export const POLICIES: Record<string, PolicyDocument> = {
  "": {
    max_cost_run: "1.60",
    max_steps: 4,
    max_duration_s: 30_000,
    max_step_duration_s: 7_200,
    max_retries_per_step: 1,
    heartbeat_s: 3_600,
    loop: { same_call_k: 2, window: 3, same_call_in_window_m: 2, no_progress_n: 2 },
    allowed_models: ["m1"],
  },
  w1: {
    max_cost_run: "0.000001",
    required_verifications: [{ name: "c2", min_score: 0.5 }],
    proof_grace_s: 3_600,
    steps: [{ id: "s1" }, { id: "s2", after: ["s1"], max_attempts: 2 }, { id: "s3", required: false, after: ["s2"] }],
  },
}
export type Fields = Record<string, unknown>
const FROM = Date.UTC(2026, 9, 31, 17)
export const RECEIVED = Date.UTC(2026, 10, 20, 10)

/** Few runs, spans, steps and instants, so that events meet: twelve hours over an end of month, in steps that fall on the same instant. */
const runId = fc.constantFrom("r1", "r2", "r3")
const instant = fc.nat(36).map((n) => new Date(FROM + n * 20 * 60_000).toISOString())
const ahead = fc.nat(3).map((n) => new Date(RECEIVED + (n + 2) * 86_400_000).toISOString())
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 })
const seldom = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
const seq = fc.nat(30)
const usage = fc.record(
  { input: fc.nat(1_500), cache_read: fc.nat(900), output: fc.nat(50), reasoning: fc.nat(9) },
  { requiredKeys: [] },
)
const placement = {
  workflow: seldom(fc.constantFrom("w1", "w2")),
  environment: seldom(fc.constantFrom("live", "test")),
  release: seldom(fc.constantFrom("1.0")),
  tags: seldom(fc.dictionary(fc.constantFrom("team", "customer", "__proto__"), fc.constantFrom("a", "b", " "))),
}
const money = {
  provider: maybe(fc.constantFrom("p", "p", "q")),
  model: maybe(fc.constantFrom("m1", "m2", "unknown")),
  usage: maybe(usage),
  cost: seldom(fc.constantFrom("0.000000000001", "1.5", "0", "2000000")),
}
const spanId = fc.constantFrom("a", "b", "c", "d", "e", "step:s1:1")
const hash = fc.constantFrom(`sha256:${"f".repeat(64)}`, `sha256:${"0".repeat(64)}`)
const stepName = fc.constantFrom("s1", "s2", "s3")

const event = (time: fc.Arbitrary<string>): fc.Arbitrary<Fields> => {
  const common = { seq: maybe(seq) }
  const of = (type: string, fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Fields> =>
    fc.record({ type: fc.constant(type), ...common, ...fields })
  const span = of("span", {
    run: runId,
    span: spanId,
    start: time,
    at: maybe(time),
    end: maybe(time),
    parent: maybe(spanId),
    kind: maybe(fc.constantFrom("agent", "llm", "tool", "step", "embedding", "other")),
    name: maybe(fc.constantFrom("s1", "chat")),
    step: seldom(stepName),
    status: maybe(fc.constantFrom("ok", "error")),
    input: maybe(fc.constantFrom({ q: 1 }, '{"q": 1}', { q: 2 })),
    ...money,
    ...placement,
  })
  return fc.oneof(
    { weight: 6, arbitrary: span },
    {
      weight: 2,
      arbitrary: span.map(({ start: _, ...rest }) => ({ ...rest, at: rest.at ?? rest.end ?? "2026-11-01T00:00:00Z" })),
    },
    { weight: 2, arbitrary: of("step.started", { run: runId, at: time, step: stepName, attempt: seldom(fc.nat(2)) }) },
    {
      weight: 3,
      arbitrary: of("step.finished", {
        run: runId,
        at: time,
        step: stepName,
        attempt: seldom(fc.nat(2)),
        outcome: fc.constantFrom("succeeded", "succeeded", "failed", "skipped"),
        state: seldom(hash),
      }),
    },
    {
      weight: 2,
      arbitrary: of("run.started", {
        run: runId,
        at: time,
        agent: maybe(fc.constantFrom("agent")),
        plan: maybe(fc.subarray(["s1", "s2"])),
        checks: maybe(fc.subarray(["c1"])),
        ...placement,
      }),
    },
    {
      weight: 2,
      arbitrary: of("run.finished", {
        run: runId,
        at: time,
        outcome: fc.constantFrom("succeeded", "succeeded", "succeeded", "failed"),
        output: maybe(fc.record({ sha256: hash })),
      }),
    },
    {
      weight: 1,
      arbitrary: of("run.halted", { run: runId, at: time, by: maybe(fc.constant("agent")), step: maybe(stepName) }),
    },
    {
      weight: 3,
      arbitrary: of("verification", {
        run: runId,
        at: time,
        check: fc.constantFrom("c1", "c2"),
        outcome: fc.constantFrom("passed", "passed", "failed", "error"),
        artifact: maybe(hash),
        verifier: maybe(fc.constant({ name: "v", hash: `sha256:${"a".repeat(64)}` })),
        score: maybe(fc.constantFrom(0.1, 1)),
      }),
    },
    { weight: 2, arbitrary: of("cost", { at: time, ...money, ...placement, step: seldom(stepName) }) },
  )
}

/** Ids that are not in the order of the list, for they decide between equals. A run's events have numbers all, some or none. */
export const story = fc
  .record({
    isAhead: fc.boolean(),
    isJudged: fc.boolean(),
    numbered: fc.constantFrom("all", "some", "none"),
    drafts: fc.array(event(instant), { minLength: 20, maxLength: 70 }),
    suspects: fc.array(event(ahead), { maxLength: 4 }),
  })
  .map(({ isAhead, isJudged, numbered, drafts, suspects }) => ({
    isAhead,
    isJudged,
    events: [...drafts, ...(isAhead ? suspects : [])].map((draft, i): Fields => {
      const { seq: given, ...rest } = draft
      const number = numbered === "none" ? undefined : numbered === "all" ? (given ?? i) : given
      const raw = { id: `e${(i * 577) % 1_009}`, ...rest, ...(number === undefined ? {} : { seq: number }) }
      return JSON.parse(JSON.stringify(raw)) as Fields
    }),
  }))

/** What a random story meets too seldom: usage told before the kind that makes it a call, a ring of spans with usage, and a halt that a late event takes the ground from. */
export const KNOWN: Fields[][] = [
  [
    { id: "k1", type: "span", run: "r1", span: "a", start: "2026-11-01T00:00:00Z", usage: { input: 5 } },
    { id: "k2", type: "span", run: "r1", span: "a", at: "2026-11-01T00:00:01Z", kind: "llm" },
  ],
  ["a", "b", "c", "d"].map((name, i) => ({
    id: `k${i}`,
    type: "span",
    run: "r1",
    span: name,
    parent: "bcab"[i],
    kind: "agent",
    start: "2026-11-01T00:00:00Z",
    ...(i === 1 ? {} : { usage: { input: 1 } }),
  })),
  // Told one by one it is halted before the success of its first step is known.
  [
    { id: "k1", type: "run.started", run: "r1", at: "2026-11-01T00:00:00Z", workflow: "w1" },
    ...["step.started", "step.finished"].flatMap((type, i) => [
      { id: `k2${i}`, type, run: "r1", at: `2026-11-01T00:01:0${i}Z`, step: "s1", attempt: 1, outcome: "failed" },
    ]),
    { id: "k3", type: "step.started", run: "r1", at: "2026-11-01T00:03:00Z", step: "s2" },
    ...["step.started", "step.finished"].flatMap((type, i) => [
      { id: `k4${i}`, type, run: "r1", at: `2026-11-01T00:02:0${i}Z`, step: "s1", attempt: 2, outcome: "succeeded" },
    ]),
  ].map(({ outcome, ...event }: Fields) => (event.type === "step.finished" ? { ...event, outcome } : event)),
]

export type Delivery = { order: number[]; cuts: number[]; hours: number[] }
/** How one set of events comes: in what order, in what batches, when. */
export const delivery = fc.record({
  order: fc.array(fc.nat(), { minLength: 100, maxLength: 100 }),
  cuts: fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 80, maxLength: 80 }),
  hours: fc.array(fc.nat(60), { minLength: 80, maxLength: 80 }),
})

export const PLAIN: Delivery = {
  order: [2, 0, 3, 1],
  cuts: [1],
  hours: Array.from({ length: 80 }, (_, i) => i),
}

export function batches(events: readonly Fields[], { cuts }: Delivery): Fields[][] {
  const out: Fields[][] = []
  for (let from = 0, i = 0; from < events.length; i++) {
    const size = cuts[i % cuts.length] as number
    out.push(events.slice(from, from + size))
    from += size
  }
  return out
}
export const shuffled = (events: readonly Fields[], { order }: Delivery): Fields[] =>
  events
    .map((item, i) => ({ item, key: order[i % order.length] as number }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)

export const receivedAt = (hours: number, isFixed: boolean): number =>
  isFixed ? RECEIVED : RECEIVED + hours * 3_600_000
