import { readFile } from "node:fs/promises"
import { getTableColumns, type Table } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { healthRollup, runs, spendRollup, verificationRollup } from "@/db/schema/projections"
import { applyRetention } from "@/ingest/maintain"
import { openLedger } from "@/ingest/testing"
import type { NativeEvent } from "@/lib/contracts/events"
import { DAY_MS, toIso } from "@/lib/time"
import { SCENARIOS } from "@/scripts/seed/scenarios"

/** A ledger with every kind of row: priced, reported and unpriced calls, updates, failed checks, loose costs, a zone of 23 and 25 hour days. */
let ledger: Awaited<ReturnType<typeof openLedger>>
const UNTIL = Date.UTC(2026, 10, 20)
const STORY = ["skipped-step", "halt-mid-run", "unknown-model", "retry-storm", "dst-day", "clock-skew"]

beforeAll(async () => {
  const book = JSON.parse(await readFile(new URL("../price-book.json", import.meta.url), "utf8"))
  ledger = await openLedger({ zone: "Europe/Berlin", prices: book })
  for (const name of STORY)
    for (const { events, receivedAt } of SCENARIOS[name]?.deliveries({ seed: "audit", until: UNTIL, scale: 1 }) ?? [])
      await ledger.send(events, { receivedAt })
  for (const events of updates()) await ledger.send(events, { receivedAt: UNTIL })
})
afterAll(() => ledger.close())

/** A span in three events, the last of which arrives first; a check that failed; a claim that moves its run to another team late. */
function updates(): NativeEvent[][] {
  const at = (ms: number) => toIso(UNTIL - DAY_MS + ms)
  const span = {
    type: "span",
    run: "updated",
    span: "s1",
    kind: "llm",
    provider: "openai",
    model: "gpt-5-mini",
  } as const
  return [
    [{ ...span, id: "u3", seq: 3, start: at(0), end: at(900), cost: "0.5", usage: { input: 10, output: 9 } }],
    [{ ...span, id: "u1", seq: 1, start: at(0), cost: "0.7" }],
    [
      {
        ...span,
        id: "u2",
        seq: 2,
        start: at(0),
        usage: { input: 1_000_000, reasoning: 4, audio_input: 5, audio_output: 6, cache_write: 7, cache_read: 8 },
      },
    ],
    [{ id: "u4", type: "verification", run: "updated", at: at(950), check: "c", outcome: "failed" }],
    [{ id: "u0", type: "run.started", run: "updated", seq: 0, at: at(0), workflow: "late", tags: { team: "later" } }],
  ]
}

const findings = async () => await withOwner(ledger.database.owner, (sql) => audit(sql))
/** Changes the database behind the ledger's back, audits, and puts everything back. */
async function tampered(change: string, undo: string) {
  return await withOwner(ledger.database.owner, async (sql) => {
    expect((await sql.unsafe(change)).count).toBe(1)
    try {
      return (await audit(sql)).differences.map(({ table, column }) => `${table}.${column}`)
    } finally {
      await sql.unsafe(undo)
    }
  })
}

/** Columns that are sums: what is not part of the key, nor text, nor an instant. */
const KEYS = new Set(["project_id", "grain", "bucket", "dimension_set_id", "status", "proof", "check_name", "outcome"])
const sumsOf = (table: Table): string[] =>
  Object.values(getTableColumns(table))
    .map((column) => column.name)
    .filter((name) => !KEYS.has(name))
const ROLLUPS = {
  spend_rollup: spendRollup,
  health_rollup: healthRollup,
  verification_rollup: verificationRollup,
} as const
const rollupColumns = Object.entries(ROLLUPS).flatMap(([table, schema]) =>
  [15, 1440].flatMap((grain) => sumsOf(schema).map((column) => ({ table, grain, column }))),
)
const RUN_SUMS = Object.values(getTableColumns(runs))
  .filter((column) => ["bigint", "numeric", "integer"].includes(column.getSQLType()))
  .map((column) => column.name)
  .filter((name) => !KEYS.has(name))

describe("the audit", () => {
  it("finds nothing in a ledger that nobody touched, and has looked at every table", async () => {
    const report = await findings()
    expect(report.differences).toEqual([])
    expect(report.found).toBe(0)
    for (const rows of Object.values(report.compared)) expect(rows).toBeGreaterThan(0)
  })

  it.each(rollupColumns)(
    "names a changed $column in a $grain-minute row of $table",
    async ({ table, grain, column }) => {
      const row = `ctid = (select ctid from ${table} where grain = ${grain} order by bucket desc, dimension_set_id limit 1)`
      const found = await withOwner(ledger.database.owner, async (sql) => {
        await sql.unsafe(`update ${table} set ${column} = ${column} + 1 where ${row}`)
        const report = await audit(sql)
        // The changed version is another row: it is the one that is now wrong.
        const [difference] = report.differences
        const where = Object.entries(difference?.key ?? {})
          .map(([name, value]) => `${name} = '${value}'`)
          .join(" and ")
        expect((await sql.unsafe(`update ${table} set ${column} = ${column} - 1 where ${where}`)).count).toBe(1)
        return report.differences
      })
      expect(found.map((difference) => [difference.table, difference.key.grain, difference.column])).toEqual([
        [table, grain, column],
      ])
      expect(Number(found[0]?.stored)).toBe(Number(found[0]?.computed) + 1)
    },
  )

  it.each(RUN_SUMS)("names a changed %s of a run", async (column) => {
    const where = "where id = 'updated'"
    const found = await tampered(
      `update runs set ${column} = ${column} + 1 ${where}`,
      `update runs set ${column} = ${column} - 1 ${where}`,
    )
    expect(found).toEqual([`runs.${column}`])
  })

  it.each(["first_span_at + interval '1 day'", "last_span_at - interval '1 day'"])(
    "names a bound of a run that does not cover its spans: %s",
    async (change) => {
      const column = change.slice(0, change.indexOf(" "))
      const found = await tampered(
        `update runs set ${column} = ${change} where id = 'updated'`,
        `update runs set ${column} = ${column} ${change.includes("+") ? "-" : "+"} interval '1 day' where id = 'updated'`,
      )
      expect(found).toEqual([`runs.${column}`])
    },
  )

  it.each([
    ["cost", "cost = cost + 1", "cost = cost - 1"],
    ["computed_cost", "computed_cost = computed_cost + 1", "computed_cost = computed_cost - 1"],
    ["reported_cost", "reported_cost = reported_cost + 1", "reported_cost = reported_cost - 1"],
    ["cost_source", "cost_source = 'computed'", "cost_source = 'reported'"],
    ["price_id", "price_id = price_id + 1", "price_id = price_id - 1"],
    ["is_estimated", "is_estimated = not is_estimated", "is_estimated = not is_estimated"],
    ["event_count", "event_count = event_count + 1", "event_count = event_count - 1"],
  ])("names a span whose %s is not what its events decided", async (column, change, undo) => {
    const where = "where run_id = 'updated' and span_id = 's1'"
    const found = await tampered(`update spans set ${change} ${where}`, `update spans set ${undo} ${where}`)
    expect(found).toContain(`spans.${column}`)
  })

  it("names tokens of a span that its totals do not have, in the run and in both levels", async () => {
    const where = "where run_id = 'updated' and span_id = 's1'"
    const found = await tampered(
      `update spans set input = input + 1 ${where}`,
      `update spans set input = input - 1 ${where}`,
    )
    expect(found.sort()).toEqual(["runs.input", "spend_rollup.input", "spend_rollup.input"])
  })

  it("names a row that is missing and a row that nothing adds up to", async () => {
    const where =
      "ctid = (select ctid from verification_rollup where grain = 1440 and verifications > 0 order by bucket desc limit 1)"
    const found = await tampered(
      `with gone as (delete from verification_rollup where ${where} returning *) insert into verification_rollup select project_id, grain, bucket, dimension_set_id, 'other', outcome, verifications from gone`,
      "update verification_rollup set check_name = 'c' where check_name = 'other'",
    )
    expect(found).toEqual(["verification_rollup.verifications", "verification_rollup.verifications"])
  })

  it("names an event that is gone", async () => {
    const found = await withOwner(ledger.database.owner, async (sql) => {
      const [kept] = await sql`select * from events where id = 'u3'`
      await sql`delete from events where id = 'u3'`
      const report = await audit(sql)
      await sql`insert into events ${sql(kept as Record<string, unknown>)}`
      return report.differences.map(({ table, column }) => `${table}.${column}`)
    })
    expect(found).toContain("spans.event_count")
    expect(found).toContain("spans.reported_cost")
  })

  it("is safe while ingest runs: it sees one moment", async () => {
    let isDone = false
    const feed = (async () => {
      for (const { events, receivedAt } of SCENARIOS.demo?.deliveries({ seed: "live", until: UNTIL, scale: 0.03 }) ??
        []) {
        await ledger.send(events, { receivedAt })
        if (isDone) break
      }
    })()
    const reports = []
    for (let i = 0; i < 4; i++) reports.push(await findings())
    isDone = true
    await feed
    reports.push(await findings())
    expect(reports.map((report) => report.found)).toEqual([0, 0, 0, 0, 0])
    expect(reports[4]?.compared.runs).toBeGreaterThan(reports[0]?.compared.runs ?? 0)
  })
})

describe("after retention", () => {
  it("what was dropped is sealed, and the rest still adds up", async () => {
    const before = await findings()
    await applyRetention(UNTIL - DAY_MS)
    const report = await findings()
    expect(report.found).toBe(0)
    expect(report.sealed).toBeGreaterThan(0)
    expect(report.compared.spans).toBeLessThan(before.compared.spans ?? 0)
    expect(report.compared.spans).toBeGreaterThan(0)
  })
})
