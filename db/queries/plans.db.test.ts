import { beforeAll, describe, expect, test } from "vitest"
import { type ProjectTx, sql, withProject } from "@/db/client"
import { readerFor } from "@/db/testing-reader"
import { type Filters, parseFilters } from "@/lib/filters"
import { getBoard } from "./board"
import { getFacets } from "./facets"
import { listHalts } from "./halts"
import { getHealth } from "./health"
import { getDataQuality } from "./quality"
import { getRun } from "./run"
import { listRunSpans } from "./run-spans"
import { listRuns } from "./runs"
import { listSpans } from "./spans"
import { getSpend } from "./spend"
import { listCostlyRuns } from "./spend-runs"
import { listFailureGroups } from "./verification-failures"
import { listReleaseHistories } from "./verification-releases"
import { getVerificationSeries } from "./verification-series"
import { listVerifications } from "./verifications"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
let project: number

/** The plans that the statements of a question run by, as the role that pages use. */
async function plansOf(
  query: string,
  ask: (tx: ProjectTx, filters: Filters, now: number) => Promise<unknown>,
): Promise<string> {
  const plans: string[] = []
  await withProject(project, async (tx) => {
    const execute = tx.execute.bind(tx)
    const explaining = new Proxy(tx, {
      get(target, name) {
        if (name !== "execute") return Reflect.get(target, name, target)
        return async (statement: Parameters<typeof execute>[0]) => {
          const rows = await execute(sql`explain ${statement}`)
          plans.push([...rows].map((row) => String((row as Record<string, unknown>)["QUERY PLAN"])).join("\n"))
          return await execute(statement)
        }
      },
    })
    await ask(explaining, parseFilters(new URLSearchParams(query)), NOW)
  })
  expect(plans.length).toBeGreaterThan(0)
  return plans.join("\n\n")
}

beforeAll(async () => {
  project = await db.make.project({ zone: "Europe/Berlin" })
  const set = await db.make.set(project, { workflow: "w", model: "m" })
  const days = Array.from({ length: 90 }, (_, i) => new Date(NOW - i * 86_400_000).toISOString())
  await db.make.days("spans", days)
  const run = "'r' || lpad(i::text, 6, '0')"
  const at = `timestamptz '2026-11-20T10:00:00Z' - i * interval '5 minutes'`
  const { sql: own } = db.make
  await own.unsafe(`
    insert into runs (project_id, id, started_at, last_event_at, workflow, status, proof, proof_reasons, is_partial, notes, facts,
      dimension_set_id, first_received_at, last_received_at)
    select ${project}, ${run}, ${at}, ${at}, 'w', case when i % 20 = 0 then 'halted' else 'succeeded' end,
      case when i % 20 = 0 then 'pending' when i % 30 = 1 then 'unproven' else 'verified' end, '[]', false, '[]', '{}', ${set}, ${at}, ${at}
    from generate_series(1, 25000) i`)
  await own.unsafe(`
    insert into spans (project_id, run_id, span_id, started_at, kind, name, model, dimension_set_id, key_id, is_counted, is_call, cost,
      is_estimated, is_time_suspect, has_start, event_count, received_at)
    select ${project}, ${run}, 's' || k, ${at} + k * interval '1 second', 'llm', 'x', 'm', ${set}, 0, true, true, 0.01, false, false, true, 1, ${at}
    from generate_series(1, 25000) i cross join generate_series(1, 4) k`)
  await own.unsafe(`
    insert into verifications (project_id, id, run_id, at, check_name, outcome, dimension_set_id, received_at)
    select ${project}, 'v' || i, ${run}, ${at}, 'rows', case when i % 25 = 0 then 'failed' else 'passed' end, ${set}, ${at}
    from generate_series(1, 25000) i`)
  await db.make.rollUp(project)
  await own.unsafe("vacuum analyze")
})

describe("plans of the questions that pages ask", () => {
  test("no workers are started for them", async () => {
    await withProject(project, async (tx) => {
      const [row] = await tx.execute(
        sql`select current_setting('max_parallel_workers_per_gather') as workers, current_setting('jit') as jit`,
      )
      expect(row).toEqual({ workers: "0", jit: "off" })
    })
  })

  test.each([
    ["spend", "last=90d&by=model", getSpend],
    ["spend in hours", "last=24h&by=model", getSpend],
    ["spend against the period before", "last=30d&by=model&compare=previous", getSpend],
    ["spend per run", "last=90d&by=workflow&shape=per_run&compare=previous", getSpend],
    ["health", "last=90d", getHealth],
    ["facets of runs", "last=90d&workflow=w&status=failed", getFacets],
    ["data quality", "last=90d", getDataQuality],
    ["verification series", "last=90d", getVerificationSeries],
    ["verification series by workflow", "last=90d&by=workflow", getVerificationSeries],
    ["release histories", "last=90d", listReleaseHistories],
  ] as const)("%s is answered from roll-ups alone", async (_, query, ask) => {
    const plans = await plansOf(query, ask)
    expect(plans).not.toMatch(/ on (spans|runs|verifications|events)(_\d+)?\b/)
    expect(plans).not.toMatch(/Seq Scan on \w+_rollup/)
  })

  test.each([
    ["runs", "last=90d", listRuns, /runs_recent/],
    ["runs, oldest first", "last=90d&sort=oldest", listRuns, /Backward using runs_recent/],
    ["runs of many with one beginning", "last=90d&q=r", listRuns, /runs_recent/],
    ["halted runs", "last=90d", listHalts, /runs_(halted|recent)/],
    ["unproven runs", "last=90d&proof=unproven", listRuns, /runs_(needing_proof|recent)/],
    ["verifications", "last=90d", listVerifications, /verifications_recent/],
    ["failed verifications", "last=90d&outcome=failed", listVerifications, /verifications_(not_passed|recent)/],
  ] as const)("%s are read in the order of an index, never sorted whole", async (_, query, ask, index) => {
    const plans = await plansOf(query, ask)
    expect(plans).toMatch(index)
    const list = plans.split("\n\n").at(-1) ?? ""
    expect(list).toMatch(index)
    expect(list).not.toMatch(/Seq Scan on (runs|verifications)\b/)
    // The runs of a page of verifications may be put in order again; nothing else is sorted.
    expect(
      list.split("\n").filter((line) => /\bSort\b/.test(line) && !/Sort Key/.test(line)).length,
    ).toBeLessThanOrEqual(ask === listVerifications ? 1 : 0)
  })

  test.each([
    ["failures", "last=90d", listFailureGroups],
    ["verifications by model", "last=90d&by=model", getVerificationSeries],
    ["verifications of a model", "last=90d&model=m", listVerifications],
  ] as const)("%s read the newest rows by index, and calls in the days of their runs", async (_, query, ask) => {
    const plans = await plansOf(query, ask)
    expect(plans).toMatch(/verifications_(not_passed|recent)/)
    expect(plans).not.toMatch(/Seq Scan on verifications/)
    // 5,000 results five minutes apart are 18 days; on a day so small that every call of it is wanted, its partition may be read whole.
    expect(new Set(plans.match(/ on spans_\d{8}/g)).size).toBeLessThanOrEqual(19)
  })

  test("spans behind a figure are read by index, in the days that hold the page", async () => {
    const plans = await plansOf("last=90d&model=m", listSpans)
    expect(plans).not.toMatch(/Seq Scan on spans/)
    expect(new Set(plans.match(/ on spans_\d{8}/g)).size).toBeLessThanOrEqual(3)
  })

  test("the board reads roll-ups, and of runs only what it draws", async () => {
    const plans = await plansOf("", getBoard)
    expect(plans).not.toMatch(/ on spans/)
    expect(plans).not.toMatch(/Seq Scan on (runs|verifications|events|\w+_rollup)\b/)
    expect(plans).toMatch(/runs_(workflow|recent)/)
  })

  test("the costliest runs are read by index in the days that were chosen, their calls in those days alone", async () => {
    const plans = await plansOf("last=90d&model=m", listCostlyRuns)
    // Days that hold nothing may be read whole.
    expect(plans).not.toMatch(/Seq Scan on spans_202611/)
    expect(plans).not.toMatch(/Seq Scan on \w+_rollup/)
    expect(plans).toMatch(/Index (Only )?Scan using spans_20261120_pkey/)
    expect(plans).toMatch(/Index Scan using runs_workflow/)
    const few = await plansOf("from=2026-11-19&to=2026-11-20", listCostlyRuns)
    expect(few).toMatch(/runs_(recent|workflow)/)
  })

  test("one run reads its own days", async () => {
    const plans = `${await plansOf("", (tx) => getRun(tx, "r012345"))}\n${await plansOf("", (tx) => listRunSpans(tx, "r012345"))}`
    expect(plans).not.toMatch(/Seq Scan on (spans|runs|verifications)/)
    expect(new Set(plans.match(/ on spans_\d{8}/g)).size).toBe(1)
  })
})
