import type { TransactionSql } from "postgres"
import { arrayLiteral } from "@/db/array-literal"
import { pool } from "@/db/client"
import { DIFFERING } from "@/db/differing"
import { LEDGER_LOCK } from "@/db/ledger-lock"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"
import { KEPT_RULES } from "@/policy/apply-findings"
import { ACTS_IN_SQL } from "./act-events"
import { applyEvents } from "./apply"
import { DimensionIds } from "./dimensions"

import { type EventRow, toLedgerEvent } from "./load-spans"
import { openScope } from "./writer"

/** In which order a rebuild reads the ledger. The result must be the same; the orders exist to prove it. */
export const REPLAY_ORDERS = ["ledger", "reverse", "shuffle"] as const
export type ReplayOrder = (typeof REPLAY_ORDERS)[number]
export type Progress = (done: number, total: number) => void

const BATCH = 2_000
/** A run whose events and spans the ledger still holds, all of them: `$2` is the first instant that retention keeps. */
const WHOLE = "r.first_received_at >= $2 and r.started_at >= $2 and (r.first_span_at is null or r.first_span_at >= $2)"
const ORDER: Record<ReplayOrder, string> = { ledger: "", reverse: "order by n desc", shuffle: "order by md5(id || $2)" }
/** Acts speak of spans that are there, and the watchdog of runs: they follow them in every order. */
const IS_LATER = `(type in ${ACTS_IN_SQL} or type = 'tick')`
const PHASES = [`not ${IS_LATER}`, IS_LATER]

/**
 * Makes all projections of a project again from its events and the decisions stored with them, in one transaction: readers see the old state until
 * the new one is whole, and a crash changes nothing. Ingest into this project waits or is answered 503 meanwhile. Days that retention has
 * dropped stay as they are, and so do runs that reach into them: what is left of their events does not tell the whole of them.
 */
export async function rebuild(
  projectId: number,
  options: { order?: ReplayOrder; onProgress?: Progress } = {},
): Promise<{ events: number }> {
  const { order = "ledger", onProgress } = options
  return (await pool("maintenance").begin(async (tx) => {
    await openScope(tx, [projectId], "exclusive")
    const from = await sealedBefore(tx, projectId)
    for (const table of ["spans", "verifications"])
      await tx.unsafe(
        `delete from ${table} t where project_id = $1 and run_id <> ''
         and not exists (select from runs r where r.project_id = $1 and r.id = t.run_id and not (${WHOLE}))`,
        [projectId, from],
      )
    await tx.unsafe(
      "delete from spans where project_id = $1 and run_id = '' and started_at >= $2 and received_at >= $2",
      [projectId, from],
    )
    await tx.unsafe(
      `delete from run_findings f where project_id = $1 and rule <> all (($3::text)::text[])
       and not exists (select from runs r where r.project_id = $1 and r.id = f.run_id and not (${WHOLE}))`,
      [projectId, from, arrayLiteral([...KEPT_RULES])],
    )
    await tx.unsafe(`delete from runs r where project_id = $1 and ${WHOLE}`, [projectId, from])
    // The runs that are left are those that reach into what was dropped.
    const kept = `project_id = ${projectId} and received_at >= '${from}' and case when run_id = '' then least(coalesce((entry->>'booked')::timestamptz, (body->>'at')::timestamptz), case when type in ${ACTS_IN_SQL} then (body->>'since')::timestamptz end) >= '${from}'
      else not exists (select from runs r where r.project_id = ${projectId} and r.id = e.run_id) end`
    const [counted] = await tx.unsafe<{ total: number }[]>(`select count(*)::int as total from events e where ${kept}`)
    const total = counted?.total ?? 0
    const dimensions = new DimensionIds(new Map())
    // Both see the ledger before anything is replayed: what is kept is told by the runs that are left now.
    for (const [i, phase] of PHASES.entries())
      await tx.unsafe(
        `declare replay_${i} cursor for select n, project_id, (extract(epoch from received_at) * 1000)::float8 as received_at, id, type, run_id, span_id, key_id, body, entry
         from events e where ${kept} and ${phase} ${ORDER[order].replace("$2", `'${order}'`)}`,
      )
    let done = 0
    for (const i of PHASES.keys()) {
      for (;;) {
        const rows = await tx.unsafe<EventRow[]>(`fetch ${BATCH} from replay_${i}`)
        if (rows.length === 0) break
        const save = await applyEvents(tx, rows.map(toLedgerEvent), null, dimensions)
        await save.flush(tx, { rollups: false })
        done += rows.length
        onProgress?.(done, total)
      }
    }
    await sumRollups(tx, projectId, from)
    return { events: done }
  })) as { events: number }
}

/** Roll-ups of the 15-minute level from `from` on, summed from the rows that they stand for, then the day level from those. */
export async function sumRollups(tx: TransactionSql, projectId: number, from: string): Promise<void> {
  const sums = (columns: readonly string[]) => columns.map((c) => `coalesce(sum(${c}), 0)`).join(", ")
  const quarter = (column: string) => `date_bin('15 minutes', ${column}, 'epoch')`
  for (const table of ["spend_rollup", "health_rollup", "verification_rollup"]) {
    await tx.unsafe(`delete from ${table} where project_id = $1 and grain = 15 and bucket >= $2`, [projectId, from])
  }
  await tx.unsafe(
    `insert into spend_rollup (project_id, grain, bucket, dimension_set_id, calls, errors, unpriced_calls, differing_calls, ${TOKEN_BUCKETS.join(", ")}, cost, reported_cost, computed_cost)
     select project_id, 15, ${quarter("started_at")}, dimension_set_id, count(*), count(*) filter (where status = 'error'), count(*) filter (where cost is null),
     count(*) filter (where ${DIFFERING}), ${sums([...TOKEN_BUCKETS, "cost", "reported_cost", "computed_cost"])} from spans where project_id = $1 and started_at >= $2 and is_call group by 1, 3, 4`,
    [projectId, from],
  )
  await tx.unsafe(
    `insert into health_rollup (project_id, grain, bucket, dimension_set_id, status, proof, runs)
     select project_id, 15, ${quarter("started_at")}, dimension_set_id, status, proof, count(*) from runs where project_id = $1 and started_at >= $2 group by 1, 3, 4, 5, 6`,
    [projectId, from],
  )
  await tx.unsafe(
    `insert into verification_rollup (project_id, grain, bucket, dimension_set_id, check_name, outcome, verifications)
     select project_id, 15, ${quarter("at")}, dimension_set_id, check_name, outcome, count(*) from verifications where project_id = $1 and at >= $2 group by 1, 3, 4, 5, 6`,
    [projectId, from],
  )
  for (const text of dayLevelStatements(projectId)) await tx.unsafe(text)
}

const LEVELS = [
  {
    table: "spend_rollup",
    keys: ["dimension_set_id"],
    sums: [
      "calls",
      "errors",
      "unpriced_calls",
      "differing_calls",
      ...TOKEN_BUCKETS,
      "cost",
      "reported_cost",
      "computed_cost",
    ],
  },
  { table: "health_rollup", keys: ["dimension_set_id", "status", "proof"], sums: ["runs"] },
  { table: "verification_rollup", keys: ["dimension_set_id", "check_name", "outcome"], sums: ["verifications"] },
]

/**
 * The statements that make the day level of a project again from the 15-minute level, in the zone that the project has now. To run in the
 * transaction that changes the zone, so that nobody sees days of one zone under the name of another; the lock lets writers of the old zone finish.
 */
export function dayLevelStatements(projectId: number): string[] {
  if (!Number.isSafeInteger(projectId)) throw new Error("a project id is an integer")
  const lock = `select pg_advisory_xact_lock(${LEDGER_LOCK}, ${projectId})`
  return [
    "set local statement_timeout = '10min'",
    lock,
    ...LEVELS.flatMap(({ table, keys, sums }) => [
      `delete from ${table} where project_id = ${projectId} and grain = 1440`,
      `insert into ${table} (project_id, grain, bucket, ${[...keys, ...sums].join(", ")})
       select r.project_id, 1440, date_trunc('day', r.bucket, p.zone), ${keys.map((k) => `r.${k}`).join(", ")}, ${sums.map((s) => `sum(r.${s})`).join(", ")}
       from ${table} r join projects p on p.id = r.project_id where r.project_id = ${projectId} and r.grain = 15 group by 1, 3, ${keys.map((k) => `r.${k}`).join(", ")}`,
    ]),
  ]
}

async function sealedBefore(tx: TransactionSql, projectId: number): Promise<string> {
  const [row] = await tx.unsafe<{ sealed: string | null }[]>(
    "select sealed_before::text as sealed from projects where id = $1",
    [projectId],
  )
  return row?.sealed ?? "2000-01-01T00:00:00Z"
}
