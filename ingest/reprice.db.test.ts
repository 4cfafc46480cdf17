import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { projectionHash } from "@/db/queries/projection-hash"
import { formatMoney, parseMoney } from "@/lib/money"
import { DAY_MS } from "@/lib/time"
import { addPrices, type ListPrice } from "./price-book"
import { REPLAY_ORDERS, rebuild } from "./rebuild"
import { applyRepricing, previewRepricing, undoRepricing } from "./reprice"
import type { RepricingScope, RepricingTally } from "./repricing-rows"
import { openLedger } from "./testing"

const price = (model: string, input: string, output: string): ListPrice => ({
  provider: "acme",
  model,
  valid_from: "2000-01-01T00:00:00.000Z",
  input,
  output,
  source: "test",
  source_date: "2026-01-01",
})
let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger({ zone: "Europe/Berlin", prices: [price("known", "0.000001", "0.000002")] })
})
afterAll(() => ledger.close())

const START = Date.UTC(2026, 10, 18)
const at = (ms: number) => new Date(START + ms).toISOString()
const SCOPE: RepricingScope = { from: START, to: START + 3 * DAY_MS, provider: "acme", model: null }
const NOTHING = async () => {}
const project = () => ({ id: ledger.key.project.id, prefersReportedCost: true })
let repricings = 0

const preview = (scope = SCOPE) => previewRepricing(project(), scope, () => {})
async function reprice(scope = SCOPE, onChunk: Parameters<typeof applyRepricing>[3] = NOTHING) {
  const { preview: shown, bookVersion } = await preview(scope)
  const id = ++repricings
  const done = await applyRepricing(project(), { id, scope, bookVersion }, () => {}, onChunk)
  return { id, shown, done }
}
const undo = (id: number, scope = SCOPE) => undoRepricing(project(), { id, scope }, () => {}, NOTHING)
const own = (...rows: ListPrice[]) =>
  ledger.query((tx) => addPrices(tx, ledger.key.project.id, rows, "user:k@example.com"))
const moved = ({ before, after }: RepricingTally) => formatMoney(parseMoney(after) - parseMoney(before))

async function spend() {
  const [row] = await ledger.query(
    (tx) =>
      tx`select trim_scale(sum(cost))::text as cost, sum(unpriced_calls)::int as unpriced, sum(calls)::int as calls from spend_rollup where grain = 15`,
  )
  return row as { cost: string; unpriced: number; calls: number }
}
const difference = (a: { cost: string }, b: { cost: string }) => formatMoney(parseMoney(b.cost) - parseMoney(a.cost))
async function clean() {
  const report = await withOwner(ledger.database.owner, (sql) => audit(sql, { projectId: ledger.key.project.id }))
  expect(report.differences).toEqual([])
}
const call = (id: string, run: string, model: string, ms: number, usage: object, more: object = {}) => ({
  id,
  type: "span",
  run,
  span: id,
  kind: "llm",
  start: at(ms),
  end: at(ms + 500),
  provider: "acme",
  model,
  usage,
  ...more,
})

describe("an unknown model", () => {
  test("priced later moves spend by exactly its amount; undone, by exactly as much back; the ledger is clean and replays", async () => {
    await ledger.send([
      call("a1", "a", "known", 0, { input: 1000, output: 10 }),
      call("a2", "a", "mystery", 1000, { input: 3000, output: 7 }),
      call("b1", "b", "mystery", DAY_MS, { input: 11, cache_read: 500 }),
      call("c1", "c", "mystery", DAY_MS + 1, { input: 5 }, { cost: "0.5" }),
      { id: "x1", type: "cost", at: at(2 * DAY_MS), provider: "acme", model: "mystery", usage: { output: 1000 } },
      // A roll-up of what is below it counts nowhere, whatever it costs.
      {
        id: "a0",
        type: "span",
        run: "a",
        span: "a0",
        kind: "agent",
        start: at(0),
        provider: "acme",
        model: "mystery",
        usage: { input: 9 },
      },
      call("a3", "a", "known", 2000, { input: 1 }, { parent: "a0" }),
    ])
    const before = await spend()
    expect(before.unpriced).toBe(3)
    await own(price("mystery", "0.00000123", "0.000045"))
    expect(await spend()).toEqual(before)

    const { id, shown, done } = await reprice()
    const after = await spend()
    // 3000 × 0.00000123 + 7 × 0.000045 + 511 × 0.00000123 + 1000 × 0.000045: c1 has its own.
    expect(difference(before, after)).toBe("0.04963353")
    expect(moved(shown)).toBe("0.04963353")
    expect(moved(done)).toBe("0.04963353")
    expect(shown).toMatchObject({ calls: 6, changed: 4, newly_priced: 3, still_unpriced: 0 })
    expect(shown.models).toMatchObject([{ provider: "acme", model: "mystery", changed: 4 }])
    expect(after.unpriced).toBe(0)
    await clean()
    const [kept] = await ledger.query(
      (tx) =>
        tx`select computed_cost::text as computed, cost::text as cost, billing->>'repricing' as by from spans where span_id = 'c1'`,
    )
    expect(kept).toEqual({ computed: "0.00000615", cost: "0.5", by: String(id) })

    const hash = () => ledger.query((tx) => projectionHash(tx, ledger.key.project.id))
    const whole = await hash()
    for (const order of REPLAY_ORDERS) {
      await rebuild(ledger.key.project.id, { order })
      expect(await hash()).toBe(whole)
    }
    // Once more changes nothing: what is priced is priced.
    expect((await reprice()).done).toMatchObject({ changed: 0 })

    const undone = await undo(id)
    expect(moved(undone)).toBe("-0.04963353")
    expect(await spend()).toEqual(before)
    await clean()
    await rebuild(ledger.key.project.id, { order: "shuffle" })
    expect(await spend()).toEqual(before)
    expect((await undo(id)).changed).toBe(0)
  })

  test("a span that something else has priced since is left by the undoing", async () => {
    const { id } = await reprice()
    await ledger.send([{ ...call("a2-end", "a", "mystery", 1000, { input: 4000 }), span: "a2" }])
    const now = await spend()
    const undone = await undo(id)
    expect(undone.changed).toBe(3)
    const [row] = await ledger.query((tx) => tx`select trim_scale(cost)::text as cost from spans where span_id = 'a2'`)
    expect(row?.cost).toBe("0.005235")
    expect(difference(now, await spend())).toBe(moved(undone))
    await clean()
  })
})

describe("an act", () => {
  test("is refused when the prices are no longer those that were shown", async () => {
    const { bookVersion } = await preview()
    await own(price("another", "0.1", "0.1"))
    await expect(
      applyRepricing(project(), { id: ++repricings, scope: SCOPE, bookVersion }, () => {}, NOTHING),
    ).rejects.toMatchObject({ code: "conflict" })
  })

  test("touches its range and its model alone", async () => {
    await ledger.send([
      call("d1", "d", "early", 0, { input: 1 }),
      call("d2", "d", "early", DAY_MS, { input: 1 }),
      call("d3", "d", "late", DAY_MS, { input: 1 }),
    ])
    await own(price("early", "1", "1"), price("late", "1", "1"))
    const { done } = await reprice({ from: START + DAY_MS, to: START + 2 * DAY_MS, provider: "acme", model: "early" })
    expect(done).toMatchObject({ calls: 1, changed: 1 })
    const priced = await ledger.query((tx) => tx`select span_id from spans where run_id = 'd' and cost is not null`)
    expect(priced.map((row) => row.span_id)).toEqual(["d2"])
  })

  test("that was cut off goes on where it was, while ingest goes on: nothing is lost or counted twice", async () => {
    const events = Array.from({ length: 400 }, (_, i) =>
      call(`e${i}`, `e${i % 120}`, "slow", i * 1000, { input: 1000 + i }),
    )
    await ledger.send(events)
    await own(price("slow", "0.00001", "0"))
    const scope = { ...SCOPE, model: "slow" }
    const before = await spend()
    const { bookVersion } = await preview(scope)
    const id = ++repricings
    let chunks = 0
    const cut = applyRepricing(
      project(),
      { id, scope, bookVersion },
      () => {},
      async () => {
        if (++chunks === 2) throw new Error("the server was killed")
      },
    )
    await expect(cut).rejects.toThrow("killed")
    const [half] = await ledger.query(
      (tx) => tx`select count(*)::int as done from spans where model = 'slow' and cost is not null`,
    )
    expect(half?.done).toBeGreaterThan(0)
    expect(half?.done).toBeLessThan(400)
    await clean()

    const late = Array.from({ length: 20 }, (_, i) => [call(`late${i}`, `e${i}`, "slow", i * 1000 + 1, { input: 1 })])
    await Promise.all([
      applyRepricing(project(), { id, scope, bookVersion }, () => {}, NOTHING),
      ...late.map((each) => ledger.send(each)),
    ])
    const sum = events.reduce((total, _, i) => total + 1000n + BigInt(i), 20n) * parseMoney("0.00001")
    expect(difference(before, await spend())).toBe(formatMoney(sum))
    await clean()
    await undo(id, scope)
    expect(difference(before, await spend())).toBe(formatMoney(20n * parseMoney("0.00001")))
    await clean()
  })

  test("prices by the discount and the setting of now", async () => {
    await ledger.send([call("f1", "f", "known", 0, { input: 1000 }, { cost: "0.9" })])
    await ledger.query(
      (tx) => tx`insert into price_discounts (project_id, provider, percent, valid_from, reason, created_by)
        values (${ledger.key.project.id}, 'Acme', 12.5, ${at(-1)}, 'contract', 'user:k@example.com')`,
    )
    const { invalidateBook } = await import("./price-book")
    invalidateBook()
    const scope = { ...SCOPE, model: "known" }
    const { id } = await reprice(scope)
    const stored = () =>
      ledger.query(
        (tx) =>
          tx`select trim_scale(computed_cost)::text as computed, trim_scale(cost)::text as cost, billing from spans where span_id = 'f1'`,
      )
    expect((await stored())[0]).toEqual({
      computed: "0.000875",
      cost: "0.9",
      billing: { discount: "12.5", repricing: id },
    })
    const computed = { ...project(), prefersReportedCost: false }
    const { bookVersion } = await previewRepricing(computed, scope, () => {})
    await applyRepricing(computed, { id: ++repricings, scope, bookVersion }, () => {}, NOTHING)
    expect((await stored())[0]).toMatchObject({ cost: "0.000875" })
    await clean()
  })
})
