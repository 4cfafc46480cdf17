import { beforeAll, expect, test } from "vitest"
import { type ProjectTx, sql, withProject } from "@/db/client"
import { readerFor } from "@/db/testing-reader"
import { DEFAULT_FILTERS, type Filters } from "@/lib/filters"
import { readBacktestRuns } from "./backtest"
import { getExceptionNumbers } from "./exception-numbers"
import { listExceptions } from "./exceptions"

const NOW = Date.parse("2026-11-20T10:00:00Z")
const db = readerFor(NOW)
let project: number

/** 100,000 exceptions, each with a run: nine of ten resolved, a tenth of them halts; 1,000 workflows. */
beforeAll(async () => {
  project = await db.make.project({ zone: "UTC" })
  const set = await db.make.set(project, { workflow: "w" })
  const at = "timestamptz '2026-11-20T09:00:00Z' - i * interval '25 seconds'"
  const { sql: own } = db.make
  await own.unsafe(`
    insert into runs (project_id, id, started_at, last_event_at, workflow, status, proof, proof_reasons, is_partial, notes, facts,
      dimension_set_id, first_received_at, last_received_at, cost, calls)
    select ${project}, 'r' || i, ${at}, ${at}, 'w', 'halted', 'pending', '[]', false, '[]', '{}', ${set}, ${at}, ${at}, 0.01, 1
    from generate_series(1, 100000) i`)
  await own.unsafe(`
    insert into exceptions (project_id, kind, severity, fingerprint, workflow, reason, state, count, first_seen_at, last_seen_at, raised_at, raised_by,
      violated_at, acked_at, acked_by, resolved_at, resolved_by, cause)
    select ${project}, case when i % 10 = 0 then 'halt' else 'alarm' end, case when i % 10 = 0 then 'critical' when i % 5 = 0 then 'high' else 'low' end,
      md5(i::text), 'w' || i % 1000, 'reason', case when i % 10 < 2 then 'unack_active' else 'resolved' end, 1, ${at}, ${at}, ${at}, 'ingest',
      ${at}, ${at} + interval '3 minutes', 'user:a', ${at} + interval '9 minutes', 'user:a', 'other'
    from generate_series(1, 100000) i`)
  await own.unsafe(`
    insert into exception_runs (project_id, exception_id, run_id, kind, at)
    select e.project_id, e.id, 'r' || row_number() over (order by e.id), e.kind, e.last_seen_at from exceptions e where e.project_id = ${project}`)
  await own.unsafe("vacuum analyze exceptions, exception_runs, runs")
}, 120_000)

/** The greatest number of rows that any part of a plan of these statements yields, measured. */
async function mostRows(ask: (tx: ProjectTx) => Promise<unknown>): Promise<number> {
  let most = 0
  await withProject(project, async (tx) => {
    const execute = tx.execute.bind(tx)
    const explaining = new Proxy(tx, {
      get(target, name) {
        if (name !== "execute") return Reflect.get(target, name, target)
        return async (statement: Parameters<typeof execute>[0]) => {
          const rows = await execute(sql`explain analyze ${statement}`)
          for (const row of rows)
            for (const [, found, loops] of String((row as Record<string, unknown>)["QUERY PLAN"]).matchAll(
              /actual.* rows=([\d.]+) loops=(\d+)/g,
            ))
              most = Math.max(most, Number(found) * Number(loops))
          return await execute(statement)
        }
      },
    })
    await ask(explaining)
  })
  // Otherwise nothing was explained, and nothing held.
  expect(most).toBeGreaterThan(0)
  return most
}

const OPEN = 20_000

test.each<[string, Partial<Filters>]>([
  ["what is open", {}],
  ["halts", { kind: ["halt"] }],
  ["what is critical", { severity: ["critical"] }],
  ["resolved ones", { state: ["resolved"] }],
  ["one workflow", { dimensions: { workflow: ["w1"] } }],
])("a page of %s among 100,000 reads no more than what is open", async (_, filters) => {
  const ask = (tx: ProjectTx, cursor: string | null = null) =>
    listExceptions(tx, { ...DEFAULT_FILTERS, ...filters, cursor }, NOW)
  expect(await mostRows(ask)).toBeLessThanOrEqual(OPEN)
  const { items, next_cursor, stake } = await withProject(project, (tx) => ask(tx))
  expect(items.length).toBeGreaterThan(0)
  if (next_cursor !== null) expect(await mostRows((tx) => ask(tx, next_cursor))).toBeLessThanOrEqual(OPEN)
  // Past the cap nothing of a part is told as if it were the whole.
  if (stake.runs.is_capped) expect(stake).toMatchObject({ oldest_at: null, spend: null })
})

test("the numbers look at the latest 10,000 and say so", async () => {
  const numbers = await withProject(project, (tx) => getExceptionNumbers(tx, NOW))
  expect(numbers).toMatchObject({ raised: 10_000, is_capped: true, stale: 19_337 })
  expect(numbers.severities).toMatchObject([
    { severity: "critical", raised: 1_000, detect: { median_ms: 0, p90_ms: 0 }, acknowledge: { median_ms: 180_000 } },
    { severity: "high", raised: 1_000 },
    { severity: "low", raised: 8_000, resolve: { median_ms: 540_000, p90_ms: 540_000 } },
  ])
})

test.each([null, "w"])(
  "a chunk of a backtest reads the runs that it gives, whatever is left of the range (%s)",
  async (workflow) => {
    const scope = { workflow, from: "2026-10-01T00:00:00Z", to: "2026-11-21T00:00:00Z" }
    const [before] = await withProject(project, (tx) => readBacktestRuns(tx, scope, null, 1))
    const chunk = await withProject(project, (tx) => readBacktestRuns(tx, scope, before ?? null, 500))
    expect([before?.id, chunk[0]?.id, chunk.at(-1)?.id]).toEqual(["r100000", "r99999", "r99500"])
    expect(await mostRows((tx) => readBacktestRuns(tx, scope, before ?? null, 500))).toBe(500)
  },
)
