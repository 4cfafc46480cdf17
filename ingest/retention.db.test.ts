import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { projectionHash } from "@/db/queries/projection-hash"
import { applyRetention } from "./maintain"
import { REPLAY_ORDERS, rebuild } from "./rebuild"
import { openLedger } from "./testing"

let ledger: Awaited<ReturnType<typeof openLedger>>
beforeEach(async () => {
  ledger = await openLedger({ zone: "America/New_York" })
})
afterEach(() => ledger.close())

const day = (n: number, hour = 12): number => Date.UTC(2026, 9, n, hour)
const SEAL = day(10, 0)
const iso = (at: number) => new Date(at).toISOString()

/** A run of one call, one step and one verification that starts and is received at `at`; it costs one dollar. */
const run = (id: string, at: number) => [
  { id: `${id}:1`, type: "run.started", run: id, at: iso(at), workflow: "w", plan: ["s"], checks: ["c"] },
  { id: `${id}:2`, type: "step.started", run: id, at: iso(at + 1000), step: "s" },
  { id: `${id}:3`, type: "span", run: id, span: "call", kind: "llm", step: "s", start: iso(at + 2000), cost: "1" },
  { id: `${id}:4`, type: "step.finished", run: id, at: iso(at + 3000), step: "s", outcome: "succeeded" },
  { id: `${id}:5`, type: "verification", run: id, at: iso(at + 4000), check: "c", outcome: "passed" },
  { id: `${id}:6`, type: "run.finished", run: id, at: iso(at + 5000), outcome: "succeeded" },
]
const cost = (id: string, at: number) => ({ id, type: "cost", at: iso(at), model: "m", cost: "1", tags: { team: id } })

const figures = () =>
  ledger.query(async (tx) => {
    const spend =
      await tx`select grain, sum(calls)::int as calls, sum(cost)::text as cost from spend_rollup group by 1 order by 1`
    const health = await tx`select grain, sum(runs)::int as runs from health_rollup group by 1 order by 1`
    const checks = await tx`select grain, sum(verifications)::int as n from verification_rollup group by 1 order by 1`
    return JSON.stringify([spend, health, checks])
  })
const hash = () => ledger.query((tx) => projectionHash(tx, ledger.key.project.id))
const stored = (table: string) =>
  ledger.query(async (tx) => (await tx.unsafe(`select count(*)::int as n from ${table}`))[0]?.n as number)
const differences = async () => (await withOwner(ledger.database.owner, (owner) => audit(owner))).differences

async function sealed(): Promise<void> {
  for (const n of [3, 8, 9, 10, 11])
    await ledger.send([...run(`r${n}`, day(n)), cost(`c${n}`, day(n))], { receivedAt: day(n) + 60_000 })
  await applyRetention(SEAL + 5 * 3_600_000)
}

async function expectStable(): Promise<void> {
  expect(await differences()).toEqual([])
  const [before, told] = [await hash(), await figures()]
  for (const order of REPLAY_ORDERS) {
    await rebuild(ledger.key.project.id, { order })
    expect(await figures(), order).toBe(told)
    expect(await hash(), order).toBe(before)
    expect(await differences(), order).toEqual([])
  }
}

describe("retention", () => {
  test("drops whole days of events and spans and what lies wholly before; no figure changes", async () => {
    for (const n of [3, 8, 9, 10, 11])
      await ledger.send([...run(`r${n}`, day(n)), cost(`c${n}`, day(n))], { receivedAt: day(n) + 60_000 })
    const before = await figures()
    const { dropped } = await applyRetention(SEAL + 5 * 3_600_000)
    expect(dropped).toEqual([
      "events_20261003",
      "events_20261008",
      "events_20261009",
      "spans_20261003",
      "spans_20261008",
      "spans_20261009",
    ])
    expect(await figures()).toBe(before)
    expect([
      await stored("events"),
      await stored("spans"),
      await stored("runs"),
      await stored("verifications"),
    ]).toEqual([14, 6, 2, 2])
    expect(await stored("event_keys")).toBe(35)
    expect(await applyRetention(SEAL + 5 * 3_600_000)).toEqual({ dropped: [] })
    await expectStable()
  })

  test("a retry of what was dropped is still a duplicate, another body still a conflict", async () => {
    await sealed()
    const before = await figures()
    expect(await ledger.send([...run("r3", day(3)), cost("c3", day(3))])).toMatchObject({ accepted: 0, duplicates: 7 })
    expect(await ledger.send([{ ...cost("c3", day(3)), cost: "9" }])).toMatchObject({ conflicts: 1 })
    expect(await figures()).toBe(before)
    expect(await stored("spans")).toBe(6)
  })

  test("what comes late for a dropped day is counted there, once, and a rebuild leaves it", async () => {
    await sealed()
    const events = [cost("late", day(3)), ...run("late", day(8))]
    expect(await ledger.send(events, { receivedAt: day(11) })).toMatchObject({ accepted: 7 })
    expect(await ledger.send(events, { receivedAt: day(11) })).toMatchObject({ duplicates: 7 })
    const rows = await ledger.query((tx) => tx`select sum(cost)::text as cost from spend_rollup where grain = 15`)
    expect(rows[0]?.cost).toBe("12")
    await expectStable()
  })

  test("a run over the edge keeps its totals, whatever is rebuilt", async () => {
    const [first, second, third, ...rest] = run("edge", SEAL - 2500)
    await ledger.send([first, second, third], { receivedAt: SEAL - 1000 })
    await ledger.send(
      [...rest, { id: "edge:7", type: "span", run: "edge", span: "b", kind: "llm", start: iso(SEAL + 1), cost: "2" }],
      { receivedAt: SEAL + 1000 },
    )
    await sealed()
    const totals = () =>
      ledger.query(
        async (tx) =>
          (
            await tx`select status, calls, cost::text, jsonb_array_length(notes) as notes from runs where id = 'edge'`
          )[0],
      )
    const before = await totals()
    expect(before).toEqual({ status: "succeeded", calls: 2, cost: "3", notes: 0 })
    await expectStable()
    expect(await totals()).toEqual(before)
  })

  test("history brought in today and dropped tomorrow stays dropped in a rebuild", async () => {
    await ledger.send([...run("old", day(1)), cost("old", day(2))], { receivedAt: day(20) })
    await sealed()
    expect(await stored("spans")).toBe(6)
    await expectStable()
    expect(await stored("spans")).toBe(6)
  })

  test("a clock that runs ahead over the edge loses nothing that is kept", async () => {
    await ledger.send([cost("ahead", SEAL + 3_600_000), ...run("ahead", SEAL + 7_200_000)], {
      receivedAt: SEAL - 3_600_000,
    })
    await sealed()
    expect(await stored("spans")).toBe(9)
    await expectStable()
    expect(await stored("spans")).toBe(9)
  })
})
