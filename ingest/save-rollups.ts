import { getTableName } from "drizzle-orm"
import type { PgTable } from "drizzle-orm/pg-core"
import type { TransactionSql } from "postgres"
import { healthRollup, spendRollup, verificationRollup } from "@/db/schema/projections"
import { formatMoney } from "@/lib/money"
import { toIso } from "@/lib/time"
import { TOKEN_BUCKETS, type TokenBucket } from "@/lib/vocabulary"
import type { CountDelta, Deltas, SpendDelta } from "./contribution"
import { type Cell, type Columns, columns, Rows, unnest } from "./sql-arrays"

const SPEND_KEY = {
  project_id: (d: SpendDelta) => d.projectId,
  bucket: (d: SpendDelta) => toIso(d.bucket),
  dimension_set_id: (d: SpendDelta) => d.dimensionSetId,
}
const SPEND_SUMS = {
  calls: ({ sums }: SpendDelta) => sums.calls,
  errors: ({ sums }: SpendDelta) => sums.errors,
  unpriced_calls: ({ sums }: SpendDelta) => sums.unpriced_calls,
  differing_calls: ({ sums }: SpendDelta) => sums.differing_calls,
  ...(Object.fromEntries(TOKEN_BUCKETS.map((name) => [name, ({ sums }: SpendDelta) => sums[name]])) as Record<
    TokenBucket,
    (d: SpendDelta) => Cell
  >),
  cost: ({ sums }: SpendDelta) => formatMoney(sums.cost),
  reported_cost: ({ sums }: SpendDelta) => formatMoney(sums.reported_cost),
  computed_cost: ({ sums }: SpendDelta) => formatMoney(sums.computed_cost),
}
const countKey = (first: string, second: string) => ({
  project_id: (d: CountDelta) => d.projectId,
  bucket: (d: CountDelta) => toIso(d.bucket),
  dimension_set_id: (d: CountDelta) => d.dimensionSetId,
  [first]: (d: CountDelta) => d.first,
  [second]: (d: CountDelta) => d.second,
})

/**
 * Adds differences to both levels in one statement. Rows are written in key order, so that two writers never hold what the other waits for.
 * The day is cut here, in SQL, in the project's zone. A row that falls back to nothing stays as zeros until maintenance removes it.
 */
function upsert(table: PgTable, names: readonly string[], keys: readonly string[], sums: readonly string[]): string {
  const name = getTableName(table)
  const rest = keys.filter((key) => key !== "project_id" && key !== "bucket")
  const target = ["project_id", "grain", "bucket", ...rest, ...sums].join(", ")
  const onConflict = `on conflict (project_id, grain, bucket, ${rest.join(", ")}) do update set ${sums.map((s) => `${s} = ${name}.${s} + excluded.${s}`).join(", ")}`
  return `with d as materialized (select * from ${unnest(table, names)} as u(${names.join(", ")})),
  fine as (insert into ${name} (${target}) select project_id, 15, bucket, ${[...rest, ...sums].join(", ")} from d order by project_id, bucket, ${rest.join(", ")} ${onConflict})
  insert into ${name} (${target}) select d.project_id, 1440, date_trunc('day', d.bucket, p.zone) as day, ${rest.map((k) => `d.${k}`).join(", ")}, ${sums.map((s) => `sum(d.${s})`).join(", ")}
  from d join projects p on p.id = d.project_id group by 1, 3, ${rest.map((k) => `d.${k}`).join(", ")} order by 1, 3, ${rest.map((k) => `d.${k}`).join(", ")} ${onConflict}`
}

type Level<Delta> = { write: Columns<Delta>; upsert: string }

function level<Delta>(
  table: PgTable,
  key: Record<string, (d: Delta) => Cell>,
  sums: Record<string, (d: Delta) => Cell>,
): Level<Delta> {
  const write = columns<Delta>({ ...key, ...sums })
  return { write, upsert: upsert(table, write.names, Object.keys(key), Object.keys(sums)) }
}

const SPEND = level<SpendDelta>(spendRollup, SPEND_KEY, SPEND_SUMS)
const HEALTH = level<CountDelta>(healthRollup, countKey("status", "proof"), { runs: (d) => d.count })
const CHECKS = level<CountDelta>(verificationRollup, countKey("check_name", "outcome"), {
  verifications: (d) => d.count,
})

/** Queues the statements on the transaction's connection; the caller awaits them with its others. */
export function saveRollups(tx: TransactionSql, deltas: Deltas): Promise<unknown>[] {
  // Taken from and given to the same row: nothing changed.
  const changed = (delta: CountDelta) => delta.count !== 0
  return [
    ...saveLevel(tx, SPEND, [...deltas.spend.values()]),
    ...saveLevel(tx, HEALTH, [...deltas.counts.health.values()].filter(changed)),
    ...saveLevel(tx, CHECKS, [...deltas.counts.verification.values()].filter(changed)),
  ]
}

function saveLevel<Delta>(
  tx: TransactionSql,
  { write, upsert }: Level<Delta>,
  deltas: readonly Delta[],
): Promise<unknown>[] {
  if (deltas.length === 0) return []
  const rows = new Rows(write)
  for (const delta of deltas) rows.add(delta)
  return [tx.unsafe(upsert, rows.parameters(), { prepare: true })]
}
