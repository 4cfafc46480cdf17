import { getTableName } from "drizzle-orm"
import type { PgTable } from "drizzle-orm/pg-core"
import type { TransactionSql } from "postgres"
import { healthRollup, spendRollup, verificationRollup } from "@/db/schema/projections"
import { formatMoney } from "@/lib/money"
import { TOKEN_BUCKETS, type TokenBucket } from "@/lib/vocabulary"
import type { CountDelta, Deltas, SpendDelta } from "./contribution"
import { type Cell, type Columns, columns, Rows, unnest } from "./sql-arrays"

const iso = (at: number): string => new Date(at).toISOString()

const SPEND_KEY = {
  project_id: (d: SpendDelta) => d.projectId,
  bucket: (d: SpendDelta) => iso(d.bucket),
  dimension_set_id: (d: SpendDelta) => d.dimensionSetId,
}
const SPEND_SUMS = {
  calls: ({ sums }: SpendDelta) => sums.calls,
  errors: ({ sums }: SpendDelta) => sums.errors,
  unpriced_calls: ({ sums }: SpendDelta) => sums.unpriced_calls,
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
  bucket: (d: CountDelta) => iso(d.bucket),
  dimension_set_id: (d: CountDelta) => d.dimensionSetId,
  [first]: (d: CountDelta) => d.first,
  [second]: (d: CountDelta) => d.second,
})

/**
 * Adds differences to both levels in one statement. Rows are written in key order, so that two writers never hold what the other waits for.
 * The day is cut here, in SQL, in the project's zone.
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

/** A row that fell back to nothing must not stay: a rebuild would not make it. */
function sweep(table: PgTable, names: readonly string[], keys: readonly string[], count: string): string {
  const name = getTableName(table)
  const rest = keys.filter((key) => key !== "project_id" && key !== "bucket")
  return `delete from ${name} t using (
    select u.project_id, 15::smallint as grain, u.bucket, ${rest.map((k) => `u.${k}`).join(", ")} from ${unnest(table, names)} as u(${names.join(", ")})
    union all
    select u.project_id, 1440::smallint, date_trunc('day', u.bucket, p.zone), ${rest.map((k) => `u.${k}`).join(", ")} from ${unnest(table, names)} as u(${names.join(", ")}) join projects p on p.id = u.project_id
  ) u where t.project_id = u.project_id and t.grain = u.grain and t.bucket = u.bucket and ${rest.map((k) => `t.${k} = u.${k}`).join(" and ")} and t.${count} = 0`
}

type Level<Delta> = { write: Columns<Delta>; lost: Columns<Delta>; upsert: string; sweep: string }

function level<Delta>(
  table: PgTable,
  key: Record<string, (d: Delta) => Cell>,
  sums: Record<string, (d: Delta) => Cell>,
  count: string,
): Level<Delta> {
  const write = columns<Delta>({ ...key, ...sums })
  const lost = columns<Delta>(key)
  return {
    write,
    lost,
    upsert: upsert(table, write.names, lost.names, Object.keys(sums)),
    sweep: sweep(table, lost.names, lost.names, count),
  }
}

const SPEND = level<SpendDelta>(spendRollup, SPEND_KEY, SPEND_SUMS, "calls")
const HEALTH = level<CountDelta>(
  healthRollup,
  countKey("status", "proof"),
  { runs: (d: CountDelta) => d.count },
  "runs",
)
const CHECKS = level<CountDelta>(
  verificationRollup,
  countKey("check_name", "outcome"),
  { verifications: (d: CountDelta) => d.count },
  "verifications",
)

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

function saveLevel<Delta extends { hasLoss: boolean }>(
  tx: TransactionSql,
  { write, lost, upsert, sweep }: Level<Delta>,
  deltas: readonly Delta[],
): Promise<unknown>[] {
  const rows = new Rows(write)
  const losing = new Rows(lost)
  for (const delta of deltas) {
    rows.add(delta)
    if (delta.hasLoss) losing.add(delta)
  }
  const work: Promise<unknown>[] = []
  if (rows.length > 0) work.push(tx.unsafe(upsert, rows.parameters(), { prepare: true }))
  if (losing.length > 0) work.push(tx.unsafe(sweep, losing.parameters(), { prepare: true }))
  return work
}
