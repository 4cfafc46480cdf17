import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { projectionHash } from "@/db/queries/projection-hash"
import { formatMoney, parseMoney } from "@/lib/money"
import { DAY_MS } from "@/lib/time"
import { takeItems } from "./accept"
import type { Attributes } from "./formats/otlp/model"
import { type Draft, spanToEvents } from "./formats/otlp/spans"
import { anOtlpSpan } from "./formats/otlp/testing"
import type { ListPrice } from "./price-book"
import { REPLAY_ORDERS, rebuild } from "./rebuild"
import { applyRemap, previewRemap, type RemapScope, undoRemap } from "./remap"
import type { RemapTally } from "./remap-span"
import { openLedger } from "./testing"

const price = (model: string, rates: Partial<ListPrice>): ListPrice => ({
  provider: "anthropic",
  model,
  valid_from: "2000-01-01T00:00:00.000Z",
  source: "test",
  source_date: "2026-11-01",
  input: "0.000003",
  output: "0.000015",
  cache_read: "0.0000003",
  cache_write: "0.00000375",
  ...rates,
})
let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger({ zone: "Asia/Kathmandu", prices: [price("claude-sonnet-4-5", {})] })
})
afterAll(() => ledger.close())

const START = Date.UTC(2026, 10, 18)
const SCOPE: RemapScope = { from: START, to: START + 3 * DAY_MS, convention: null }
const NOTHING = async () => {}
const project = () => ({ id: ledger.key.project.id, currency: "USD", prefersReportedCost: true })
let acts = 0
let requests = 0

const CALL: Attributes = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "anthropic",
  "gen_ai.request.model": "claude-sonnet-4-5",
  "gen_ai.usage.input_tokens": 10_000,
  "gen_ai.usage.cache_read.input_tokens": 9_000,
  "gen_ai.usage.output_tokens": 300,
}
/** As it is read today: 1000 × 0.000003 + 9000 × 0.0000003 + 300 × 0.000015. */
const RIGHT = "0.0102"
/** As a mapping read it that took the cache for tokens beside the input: 10000 × 0.000003 + 9000 × 0.0000003 + 300 × 0.000015. */
const WRONG = "0.0372"

const hex = (n: number, digits: number) => n.toString(16).padStart(digits, "0")
/** What a span becomes, as an older mapping left it. */
function stored(n: number, attributes: Attributes, as: object, rest: Parameters<typeof anOtlpSpan>[1] = {}): Draft[] {
  const start = BigInt(START + n * 1000) * 1_000_000n
  const ids = { traceId: hex(Math.floor(n / 10) + 1, 32), spanId: hex(n + 1, 16), start, end: start + 500_000_000n }
  const [own, ...others] = spanToEvents(anOtlpSpan(attributes, { ...ids, ...rest })).drafts as [Draft, ...Draft[]]
  return [{ ...own, ...as, source: { ...(own.source as object), mapping_version: 0 } }, ...others]
}
const asOlder = { usage: { input: 10_000, cache_read: 9_000, output: 300 } }
async function send(...drafts: Draft[]) {
  const { outcomes } = await takeItems({
    key: ledger.key,
    events: drafts,
    receivedAt: Date.now(),
    requestId: `r${requests++}`,
  })
  expect(new Set(outcomes)).toEqual(new Set(["accepted"]))
}

async function remap(scope = SCOPE, onChunk: Parameters<typeof applyRemap>[3] = NOTHING) {
  const { preview, basis } = await previewRemap(project(), scope, () => {})
  const id = ++acts
  const done = await applyRemap(project(), { id, scope, basis }, () => {}, onChunk)
  return { id, preview, done }
}
const undo = (id: number, scope = SCOPE) => undoRemap(project(), { id, scope }, () => {}, NOTHING)
const moved = ({ before, after }: RemapTally) => formatMoney(parseMoney(after) - parseMoney(before))
async function spend() {
  const [row] = await ledger.query(
    (
      tx,
    ) => tx`select trim_scale(sum(cost))::text as cost, sum(unpriced_calls)::int as unpriced, sum(calls)::int as calls,
      sum(input)::int as input, sum(cache_read)::int as cached from spend_rollup where grain = 1440`,
  )
  return row as { cost: string; unpriced: number; calls: number; input: number; cached: number }
}
const hash = () => ledger.query((tx) => projectionHash(tx, ledger.key.project.id))
async function clean() {
  const report = await withOwner(ledger.database.owner, (sql) => audit(sql, { projectId: ledger.key.project.id }))
  expect(report.differences).toEqual([])
}

describe("calls whose cache an older mapping counted twice", () => {
  test("are read again to the right cost, to the last digit, and back", async () => {
    const calls = Array.from({ length: 25 }, (_, i) => stored(i, CALL, asOlder))
    // What the mapping of today reads alike, what no mapping made, and what is out of range.
    const alike = stored(100, CALL, {})
    const later = stored(4 * 86_400, CALL, asOlder)
    await send(...calls.flat(), ...alike, ...later)
    const call = { type: "span", kind: "llm", provider: "anthropic", model: "claude-sonnet-4-5", usage: { input: 1 } }
    await ledger.send([{ ...call, id: "n1", run: "native", span: "n1", start: new Date(START).toISOString() }])
    const before = await spend()
    const untouched = await hash()

    const { id, preview, done } = await remap()
    const difference = formatMoney(25n * (parseMoney(RIGHT) - parseMoney(WRONG)))
    expect(preview).toMatchObject({ spans: 27, changed: 25, left: 0, fields: { usage: 25 } })
    expect(preview.conventions).toMatchObject([{ convention: "gen_ai", changed: 25 }])
    expect([moved(preview), moved(preview.conventions[0] as RemapTally), moved(done)]).toEqual(
      Array(3).fill(difference),
    )
    expect(done).toEqual({ ...preview, closed: undefined, conventions: undefined })
    const after = await spend()
    expect(formatMoney(parseMoney(after.cost) - parseMoney(before.cost))).toBe(difference)
    expect([before.input - after.input, after.cached - before.cached]).toEqual([25 * 9_000, 0])
    const [row] = await ledger.query(
      (tx) => tx`select trim_scale(cost)::text as cost, input::int, billing from spans where span_id = ${hex(1, 16)}`,
    )
    expect(row).toEqual({ cost: RIGHT, input: 1_000, billing: { remapping: id } })
    await clean()

    const whole = await hash()
    for (const order of REPLAY_ORDERS) {
      await rebuild(ledger.key.project.id, { order })
      expect(await hash()).toBe(whole)
    }
    expect((await remap()).done).toMatchObject({ changed: 0 })

    const undone = await undo(id)
    expect(moved(undone)).toBe(formatMoney(-parseMoney(difference)))
    expect(await spend()).toEqual(before)
    await clean()
    await rebuild(ledger.key.project.id, { order: "shuffle" })
    expect(await spend()).toEqual(before)
    expect((await undo(id)).changed).toBe(0)
    expect(untouched).not.toBe(whole)
  })
})

describe("a run whose call an older mapping did not see", () => {
  test("counts the call instead of its roll-up, and the preview says so", async () => {
    const trace = { traceId: hex(0xa1, 32) }
    const agent = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "clerk" }
    const usage = { "gen_ai.request.model": "claude-sonnet-4-5", "gen_ai.usage.input_tokens": 5_000 }
    const root = { ...trace, spanId: hex(0xb1, 16), parentId: "" }
    const call = { ...trace, spanId: hex(0xb2, 16), parentId: root.spanId }
    const asStep = {
      kind: "step",
      provider: undefined,
      model: undefined,
      usage: undefined,
      error: "lost",
      status: "error",
    }
    await send(
      ...stored(500, { ...agent, ...usage, "gen_ai.provider.name": "anthropic" }, {}, root),
      ...stored(510, CALL, asStep, call),
    )
    const before = await spend()
    // 5000 × 0.000003 of the roll-up, against the call's own.
    const scope = { ...SCOPE, from: START + 500_000, to: START + 600_000 }
    const { id, preview, done } = await remap(scope)
    const difference = formatMoney(parseMoney(RIGHT) - parseMoney("0.015"))
    expect([moved(preview), moved(done)]).toEqual([difference, difference])
    expect(preview).toMatchObject({
      changed: 1,
      unpriced_before: 0,
      before: "0.015",
      after: RIGHT,
      fields: { kind: 1, status: 1, error: 1, provider: 1, model: 1, usage: 1 },
    })
    await clean()
    await undo(id, scope)
    expect(await spend()).toEqual(before)
    await clean()
  })
})

describe("an act", () => {
  test("is not done by other mappings or prices than it was shown with", async () => {
    const basis = "otlp 0, langfuse 0, prices none"
    await expect(applyRemap(project(), { id: ++acts, scope: SCOPE, basis }, () => {}, NOTHING)).rejects.toMatchObject({
      code: "conflict",
    })
  })

  test("takes one convention alone, and leaves what is not kept whole", async () => {
    const scope = { from: START + DAY_MS, to: START + 2 * DAY_MS, convention: "openllmetry" }
    const traceloop = { "traceloop.span.kind": "task", ...CALL }
    const day = 86_400
    const source = { format: "otlp", convention: "openllmetry", mapping_version: 0, dropped_attributes: 3 }
    const [partial] = stored(day + 30, traceloop, asOlder)
    await send(...stored(day + 1, traceloop, asOlder), ...stored(day + 11, CALL, asOlder), {
      ...(partial as Draft),
      source,
    })
    const { id, done } = await remap(scope)
    expect(done).toMatchObject({ changed: 1, left: 1 })
    expect((await undo(id, scope)).changed).toBe(1)
    await clean()
  })

  test("cut off and gone on with while events come in, each span is read again once", async () => {
    const day = 2 * 86_400
    const scope = { from: START + 2 * DAY_MS, to: START + 3 * DAY_MS, convention: null }
    await send(...Array.from({ length: 700 }, (_, i) => stored(day + i * 10, CALL, asOlder)).flat())
    const before = await spend()
    const { basis } = await previewRemap(project(), scope, () => {})
    const id = ++acts
    let chunks = 0
    const stop = async () => {
      if (++chunks === 3) throw new Error("the server was killed")
    }
    await expect(applyRemap(project(), { id, scope, basis }, () => {}, stop)).rejects.toThrow("killed")
    await clean()
    const late = Array.from({ length: 10 }, (_, i) => stored(day + i * 10 + 1, CALL, {}))
    await Promise.all([
      applyRemap(project(), { id, scope, basis }, () => {}, NOTHING),
      ...late.map((drafts) => send(...drafts)),
    ])
    const difference = 700n * (parseMoney(RIGHT) - parseMoney(WRONG)) + 10n * parseMoney(RIGHT)
    expect(formatMoney(parseMoney((await spend()).cost) - parseMoney(before.cost))).toBe(formatMoney(difference))
    await clean()

    // A span that says more afterwards is priced by all of it, and without the act by the reading that came back.
    const [more] = stored(day, CALL, { id: "otlp:late", usage: { output: 1_300 } })
    await send({ ...(more as Draft), at: new Date(START + 3 * DAY_MS).toISOString() })
    expect((await undo(id, scope)).changed).toBe(700)
    const [row] = await ledger.query(
      (tx) => tx`select input::int, output::int, trim_scale(cost)::text as cost from spans
      where span_id = ${hex(day + 1, 16)}`,
    )
    // 10000 × 0.000003 + 9000 × 0.0000003 + 1300 × 0.000015
    expect(row).toEqual({ input: 10_000, output: 1_300, cost: "0.0522" })
    await clean()
    await rebuild(ledger.key.project.id, { order: "reverse" })
    await clean()
  })
})
