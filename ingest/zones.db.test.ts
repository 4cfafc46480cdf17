import { afterAll, beforeAll, expect, test } from "vitest"
import { pool } from "@/db/client"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { projectionHash } from "@/db/queries/projection-hash"
import { sumMoney } from "@/lib/money"
import { QUARTER_HOUR_MS as QUARTER } from "@/lib/time"
import { dayLevelStatements, rebuild } from "./rebuild"
import { openLedger } from "./testing"

let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger({ zone: "UTC" })
})
afterAll(() => ledger.close())

const ZONES = ["Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "America/New_York", "Australia/Lord_Howe"]

/** The calendar by another way than the one under test: the time zone data of the runtime. */
function calendar(zone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" })
  return (at) => format.format(at)
}

/** Every quarter hour around the switches of clocks in 2026, around the day that Apia never had, and around each end of month. */
function quarters(): number[] {
  const found = new Set<number>()
  const around = (centre: number, hours: number) => {
    for (let at = centre - hours * 4 * QUARTER; at < centre + hours * 4 * QUARTER; at += QUARTER) found.add(at)
  }
  for (const at of [
    Date.UTC(2026, 2, 29, 1),
    Date.UTC(2026, 9, 25, 1),
    Date.UTC(2026, 2, 8, 7),
    Date.UTC(2026, 10, 1, 6),
  ])
    around(at, 27)
  around(Date.UTC(2011, 11, 30, 10), 50)
  for (let month = 0; month < 12; month++) around(Date.UTC(2026, month, 1), 15)
  return [...found].sort((a, b) => a - b)
}

/** At the first millisecond, at the last, or a millisecond before the quarter: each in its own day, at a price that no other has. */
const moments = quarters().flatMap((at, i) => [at, at - 1, at + 1].slice(i % 3, (i % 3) + 1))
const priced = moments.map((at, i) => ({ at, cost: `0.00${String(i + 1).padStart(6, "0")}` }))
const events = priced.map(({ at, cost }) => ({
  id: `q-${at}`,
  type: "cost",
  at: new Date(at).toISOString(),
  model: "m",
  cost,
}))

function sums(keyOf: (at: number) => string, of = priced): Record<string, string> {
  const parts: Record<string, string[]> = {}
  for (const { at, cost } of of) {
    const key = keyOf(at)
    parts[key] ??= []
    parts[key].push(cost)
  }
  return Object.fromEntries(Object.entries(parts).map(([key, costs]) => [key, sumMoney(costs) as string]))
}

const changeZone = (zone: string) =>
  pool("maintenance").begin(async (tx) => {
    await tx`select set_config('app.project_ids', ${`{${ledger.key.project.id}}`}, true)`
    await tx`update projects set zone = ${zone} where id = ${ledger.key.project.id}`
    for (const statement of dayLevelStatements(ledger.key.project.id)) await tx.unsafe(statement)
  })

type DayRow = { at: number; cost: string; calls: number }
const dayRows = () =>
  ledger.query(async (tx) => [
    ...(await tx<
      DayRow[]
    >`select (extract(epoch from bucket) * 1000)::float8 as at, trim_scale(sum(cost))::text as cost, sum(calls)::int as calls
      from spend_rollup where grain = 1440 and calls > 0 group by 1 order by 1`),
  ])
const fineCalls = () =>
  ledger.query(
    async (tx) => (await tx`select count(*)::int as n from spend_rollup where grain = 15 and calls > 0`)[0]?.n,
  )

async function expectDays(zone: string, of = priced): Promise<void> {
  const dayOf = calendar(zone)
  const rows = await dayRows()
  const stored = Object.fromEntries(rows.map(({ at, cost }) => [dayOf(at), cost]))
  expect(stored, zone).toEqual(sums(dayOf, of))
  // A bucket is named by the first instant of its day.
  for (const { at } of rows) expect(dayOf(at - 1), zone).not.toBe(dayOf(at))
  const months: Record<string, string[]> = {}
  for (const [day, cost] of Object.entries(stored)) {
    months[day.slice(0, 7)] ??= []
    months[day.slice(0, 7)]?.push(cost)
  }
  expect(Object.fromEntries(Object.entries(months).map(([month, costs]) => [month, sumMoney(costs)])), zone).toEqual(
    sums((at) => dayOf(at).slice(0, 7), of),
  )
  const [held] = await ledger.query(
    (tx) => tx<{ cost: string }[]>`select trim_scale(sum(cost))::text as cost from spans`,
  )
  expect(sumMoney(Object.values(stored))).toBe(sumMoney([held?.cost as string]))
}

test("F30 days of any zone sum to their months and to the ledger, also after the zone was changed", async () => {
  for (let i = 0; i < events.length; i += 1_000)
    await ledger.send(events.slice(i, i + 1_000), { receivedAt: Date.UTC(2027, 0, 1) })
  await expectDays("UTC")
  const fine = await fineCalls()
  for (const zone of ZONES) {
    await changeZone(zone)
    await expectDays(zone)
    expect((await withOwner(ledger.database.owner, (owner) => audit(owner))).differences, zone).toEqual([])
  }
  expect(await fineCalls()).toBe(fine)
})

test("F30 days are as long as their clocks made them, and Apia never had its 30 December 2011", async () => {
  await changeZone("Europe/Berlin")
  const length = async (from: string, to: string) => {
    const [row] = await ledger.query(
      (tx) => tx<
        { n: number }[]
      >`select count(*)::int as n from (select generate_series(${from}::timestamptz, ${to}::timestamptz - interval '1 second', '15 minutes') as at) q
        where date_trunc('day', at, 'Europe/Berlin') = (select bucket from spend_rollup where grain = 1440 and bucket >= ${from} order by bucket limit 1)`,
    )
    return (row?.n ?? 0) / 4
  }
  expect(await length("2026-03-28T23:00:00Z", "2026-03-31T00:00:00Z")).toBe(23)
  expect(await length("2026-10-24T22:00:00Z", "2026-10-27T00:00:00Z")).toBe(25)
  await changeZone("Pacific/Apia")
  const dayOf = calendar("Pacific/Apia")
  const days = (await dayRows()).map(({ at }) => dayOf(at)).filter((day) => day.startsWith("2011-12"))
  expect(days).toContain("2011-12-29")
  expect(days).toContain("2011-12-31")
  expect(days).not.toContain("2011-12-30")
})

test("what comes after a change of zone is counted in the new zone's days, by several writers while it changes", async () => {
  const more = priced.slice(0, 400).map(({ at, cost }) => ({ at: at + 2, cost }))
  const late = more.map(({ at, cost }) => ({
    id: `late-${at}`,
    type: "cost",
    at: new Date(at).toISOString(),
    model: "m",
    cost,
  }))
  const parts = Array.from({ length: 8 }, (_, i) => late.slice(i * 50, i * 50 + 50))
  await Promise.all([
    ...parts.slice(0, 4).map((part) => ledger.send(part, { receivedAt: Date.UTC(2027, 0, 1) })),
    changeZone("Asia/Kathmandu"),
    ...parts.slice(4).map((part) => ledger.send(part, { receivedAt: Date.UTC(2027, 0, 1) })),
  ])
  await expectDays("Asia/Kathmandu", [...priced, ...more])
  const last = more.map(({ at, cost }) => ({ at: at + 1, cost }))
  await ledger.send(
    last.map(({ at, cost }) => ({ id: `last-${at}`, type: "cost", at: new Date(at).toISOString(), model: "m", cost })),
    { receivedAt: Date.UTC(2027, 0, 1) },
  )
  await expectDays("Asia/Kathmandu", [...priced, ...more, ...last])
  const hash = () => ledger.query((tx) => projectionHash(tx, ledger.key.project.id))
  const before = await hash()
  await rebuild(ledger.key.project.id, { order: "shuffle" })
  expect(await hash()).toBe(before)
  expect((await withOwner(ledger.database.owner, (owner) => audit(owner))).differences).toEqual([])
})
