import { getTableName } from "drizzle-orm"
import type { PgTable } from "drizzle-orm/pg-core"
import type { TransactionSql } from "postgres"
import { healthRollup, spendRollup, verificationRollup } from "@/db/schema/projections"
import { formatMoney } from "@/lib/money"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"
import type { CountDelta, Deltas } from "./contribution"
import { Rows, unnest } from "./sql-arrays"

const SPEND_KEY = ["project_id", "bucket", "dimension_set_id"] as const
const SPEND_SUMS = [
  "calls",
  "errors",
  "unpriced_calls",
  ...TOKEN_BUCKETS,
  "cost",
  "reported_cost",
  "computed_cost",
] as const
const SPEND = [...SPEND_KEY, ...SPEND_SUMS] as const
const HEALTH = ["project_id", "bucket", "dimension_set_id", "status", "proof", "runs"] as const
const CHECKS = ["project_id", "bucket", "dimension_set_id", "check_name", "outcome", "verifications"] as const

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

const HEALTH_KEY = HEALTH.slice(0, 5)
const CHECKS_KEY = CHECKS.slice(0, 5)
const TEXT = {
  spend: upsert(spendRollup, SPEND, SPEND_KEY, SPEND_SUMS),
  spendSweep: sweep(spendRollup, SPEND_KEY, SPEND_KEY, "calls"),
  health: upsert(healthRollup, HEALTH, HEALTH_KEY, ["runs"]),
  healthSweep: sweep(healthRollup, HEALTH_KEY, HEALTH_KEY, "runs"),
  verification: upsert(verificationRollup, CHECKS, CHECKS_KEY, ["verifications"]),
  verificationSweep: sweep(verificationRollup, CHECKS_KEY, CHECKS_KEY, "verifications"),
}

/** Queues the statements on the transaction's connection; the caller awaits them with its others. */
export function saveRollups(tx: TransactionSql, deltas: Deltas): Promise<unknown>[] {
  const work: Promise<unknown>[] = []
  const run = (text: string, rows: Rows<string>) => {
    if (rows.length > 0) work.push(tx.unsafe(text, rows.parameters(), { prepare: true }))
  }
  const spend = new Rows(SPEND)
  const spendLost = new Rows(SPEND_KEY)
  for (const { projectId, bucket, dimensionSetId, sums, hasLoss } of deltas.spend.values()) {
    const key = { project_id: projectId, bucket: new Date(bucket).toISOString(), dimension_set_id: dimensionSetId }
    spend.add({
      ...key,
      ...sums,
      cost: formatMoney(sums.cost),
      reported_cost: formatMoney(sums.reported_cost),
      computed_cost: formatMoney(sums.computed_cost),
    })
    if (hasLoss) spendLost.add(key)
  }
  run(TEXT.spend, spend)
  run(TEXT.spendSweep, spendLost)
  for (const [table, names, first, second, count] of [
    ["health", HEALTH, "status", "proof", "runs"],
    ["verification", CHECKS, "check_name", "outcome", "verifications"],
  ] as const) {
    const rows = new Rows<string>(names)
    const lost = new Rows<string>(names.slice(0, 5))
    for (const delta of deltas.counts[table].values()) addCount(rows, lost, delta, first, second, count)
    run(TEXT[table], rows)
    run(TEXT[`${table}Sweep`], lost)
  }
  return work
}

function addCount(
  rows: Rows<string>,
  lost: Rows<string>,
  delta: CountDelta,
  first: string,
  second: string,
  count: string,
): void {
  // Taken from and given to the same row: nothing changed.
  if (delta.count === 0) return
  const key = {
    project_id: delta.projectId,
    bucket: new Date(delta.bucket).toISOString(),
    dimension_set_id: delta.dimensionSetId,
    [first]: delta.first,
    [second]: delta.second,
  }
  rows.add({ ...key, [count]: delta.count })
  if (delta.hasLoss) lost.add(key)
}
