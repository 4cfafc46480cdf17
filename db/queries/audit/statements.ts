import type { TransactionSql } from "postgres"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"

/** A table's comparison: `differences` gives rows of type Difference, `counts` how many rows took part and how many are sealed. */
export type Comparison = { table: string; differences: string; counts: string }

const MONEY = ["cost", "reported_cost", "computed_cost"] as const
const SPEND_SUMS = ["calls", "errors", "unpriced_calls", ...TOKEN_BUCKETS, ...MONEY] as const
const RUN_SUMS = ["spans", "steps", "errors", "calls", "unpriced_calls", ...TOKEN_BUCKETS, ...MONEY] as const

/** What a model call adds up to. Only calls carry tokens and money. */
const CALL_SUMS = `count(*) filter (where is_call) as calls, count(*) filter (where is_call and cost is null) as unpriced_calls,
  ${[...TOKEN_BUCKETS, ...MONEY].map((name) => `coalesce(sum(${name}) filter (where is_call), 0) as ${name}`).join(", ")}`

const QUARTER_HOUR = (at: string): string => `date_bin('15 minutes', ${at}, 'epoch'::timestamptz)`
const columns = (names: readonly string[], alias?: string): string =>
  names.map((name) => (alias ? `${alias}.${name}` : name)).join(", ")
const summed = (names: readonly string[]): string => names.map((name) => `sum(${name}) as ${name}`).join(", ")

/** Opens the scope over all projects, makes the temporary tables, and finds the days that have spans. */
export async function openAudit(tx: TransactionSql): Promise<{ days: number[]; hasRetention: boolean }> {
  await tx.unsafe(`select set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true),
    set_config('work_mem', '64MB', true), set_config('jit', 'off', true),
    set_config('app.project_ids', (select coalesce(array_agg(id), '{}')::text from projects), true)`)
  const sums = (names: readonly string[]): string => names.map((name) => `${name} numeric`).join(", ")
  await tx.unsafe(
    `create temp table audit_spend (project_id int, bucket timestamptz, dimension_set_id int, ${sums(SPEND_SUMS)}) on commit drop`,
  )
  await tx.unsafe(
    `create temp table audit_runs (project_id int, id text, ${sums(RUN_SUMS)}, first_span_at timestamptz, last_span_at timestamptz) on commit drop`,
  )
  const rows = await tx.unsafe<
    { day: number }[]
  >(`select (extract(epoch from to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp at time zone 'UTC') * 1000)::float8 as day
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'spans'::regclass order by 1`)
  const days = rows.map((row) => row.day)
  const [older] = await tx.unsafe<{ has: boolean }[]>(
    `select exists (select from spend_rollup where bucket < to_timestamp($1::float8 / 1000) and grain = 15) as has`,
    [days[0] ?? 0],
  )
  return { days, hasRetention: older?.has ?? false }
}

/** Sums up the spans of one day, by roll-up row and by run. Half-open, milliseconds of UTC. */
export async function gatherDay(tx: TransactionSql, from: number, to: number): Promise<void> {
  const range = "started_at >= to_timestamp($1::float8 / 1000) and started_at < to_timestamp($2::float8 / 1000)"
  await tx.unsafe(
    `insert into audit_spend (project_id, bucket, dimension_set_id, errors, ${columns(["calls", "unpriced_calls", ...TOKEN_BUCKETS, ...MONEY])})
     select project_id, ${QUARTER_HOUR("started_at")}, dimension_set_id, count(*) filter (where status = 'error'), ${CALL_SUMS}
     from spans where ${range} and is_call group by 1, 2, 3`,
    [from, to],
  )
  await tx.unsafe(
    `insert into audit_runs (project_id, id, first_span_at, last_span_at, spans, steps, errors, ${columns(["calls", "unpriced_calls", ...TOKEN_BUCKETS, ...MONEY])})
     select project_id, run_id, min(started_at), max(started_at), count(*), count(*) filter (where kind = 'step'), count(*) filter (where status = 'error'), ${CALL_SUMS}
     from spans where ${range} and run_id <> '' group by 1, 2`,
    [from, to],
  )
}

/** Unpivots two rows of the same key, column by column; jsonb compares numbers by value, so that 0.10 is 0.1. */
function unpivot(table: string, stored: string, computed: string, key: string, names: readonly string[]): string {
  const pack = (alias: string): string =>
    `jsonb_build_object(${names.map((name) => `'${name}', ${alias}.${name}`).join(", ")})`
  const keyOf = key.split(", ")
  const packedKey = `jsonb_build_object(${keyOf.map((name) => `'${name}', coalesce(s.${name}, c.${name})`).join(", ")})`
  return `with s as (${stored}), c as (${computed})
    select '${table}' as "table", ${packedKey} as key, d.name as "column", d.stored, d.computed
    from s full join c using (${key}) cross join lateral (
      select a.key as name, a.value #>> '{}' as stored, b.value #>> '{}' as computed
      from jsonb_each(${pack("s")}) a join jsonb_each(${pack("c")}) b using (key) where a.value is distinct from b.value
    ) d where (${columns(names, "s")}) is distinct from (${columns(names, "c")}) order by 2, 3`
}

/**
 * Totals of runs against their spans and verifications. The bounds must cover the spans: they prune partitions.
 * @param from a run with spans before it is sealed
 */
export function* compareRuns(from: string): Generator<Comparison> {
  const kept = `(first_span_at is null or first_span_at >= '${from}')`
  const counted = ["verifications", "failed_verifications"]
  const names = [...RUN_SUMS, ...counted]
  const verdicts = `select project_id, run_id as id, count(*) as verifications, count(*) filter (where outcome = 'failed') as failed_verifications
    from verifications group by 1, 2`
  yield {
    table: "runs",
    differences: unpivot(
      "runs",
      `select project_id, id, ${columns(names)} from runs where ${kept}`,
      `select project_id, id, ${RUN_SUMS.map((name) => `coalesce(t.${name}, 0) as ${name}`).join(", ")}, ${counted.map((name) => `coalesce(v.${name}, 0) as ${name}`).join(", ")}
       from (select project_id, id, ${summed(RUN_SUMS)} from audit_runs group by 1, 2) t full join (${verdicts}) v using (project_id, id)
       full join (select project_id, id, first_span_at from runs) r using (project_id, id) where ${kept}`,
      "project_id, id",
      names,
    ),
    counts: `select count(*) filter (where ${kept})::int as compared, count(*) filter (where not ${kept})::int as sealed from runs`,
  }
  yield {
    table: "runs (bounds of their spans)",
    differences: `select 'runs' as "table", jsonb_build_object('project_id', project_id, 'id', id) as key, d.name as "column", d.stored::text, d.computed::text
      from runs r join (select project_id, id, min(first_span_at) as low, max(last_span_at) as high from audit_runs group by 1, 2) t using (project_id, id)
      cross join lateral (values ('first_span_at', r.first_span_at, t.low, r.first_span_at <= t.low), ('last_span_at', r.last_span_at, t.high, r.last_span_at >= t.high))
        as d(name, stored, computed, holds) where d.holds is not true`,
    counts: "select count(distinct (project_id, id))::int as compared, 0 as sealed from audit_runs",
  }
}

/** Both levels of each roll-up against spans, runs and verifications. Days are cut in the project's zone. */
export function* compareRollups(from: string): Generator<Comparison> {
  yield rollup(
    "spend_rollup",
    [],
    SPEND_SUMS,
    `select project_id, bucket, dimension_set_id, ${columns(SPEND_SUMS)} from audit_spend`,
    from,
  )
  yield rollup(
    "health_rollup",
    ["status", "proof"],
    ["runs"],
    `select project_id, ${QUARTER_HOUR("started_at")} as bucket, dimension_set_id, status, proof, count(*) as runs from runs group by 1, 2, 3, 4, 5`,
    "-infinity",
  )
  yield rollup(
    "verification_rollup",
    ["check_name", "outcome"],
    ["verifications"],
    `select project_id, ${QUARTER_HOUR("at")} as bucket, dimension_set_id, check_name, outcome, count(*) as verifications from verifications group by 1, 2, 3, 4, 5`,
    "-infinity",
  )
}

function rollup(
  table: string,
  keys: readonly string[],
  sums: readonly string[],
  fine: string,
  from: string,
): Comparison {
  const rest = columns(["dimension_set_id", ...keys])
  const key = `project_id, grain, bucket, ${rest}`
  const kept = `bucket >= '${from}'`
  const computed = `with fine as materialized (${fine})
    select * from (
      select project_id, 15::smallint as grain, bucket, ${rest}, ${columns(sums)} from fine
      union all
      select f.project_id, 1440::smallint, date_trunc('day', f.bucket, p.zone), ${columns(["dimension_set_id", ...keys], "f")}, ${sums.map((name) => `sum(f.${name})`).join(", ")}
      from fine f join projects p on p.id = f.project_id group by 1, 2, 3, ${columns(["dimension_set_id", ...keys], "f")}
    ) u where ${kept}`
  return {
    table,
    differences: unpivot(table, `select ${key}, ${columns(sums)} from ${table} where ${kept}`, computed, key, sums),
    counts: `select count(*) filter (where ${kept})::int as compared, count(*) filter (where not ${kept})::int as sealed from ${table}`,
  }
}

/**
 * Costs of spans against the decisions that their events carry: the newest entry has the computed cost, the last event (by seq when every one has it,
 * else by time, then id) that names a reported cost has that. A span received before the oldest day of events that is kept has none left: sealed.
 */
export function* compareLedger(): Generator<Comparison> {
  const at = `date_trunc('milliseconds', coalesce(body->>'at', body->>'start', body->>'end')::timestamptz)`
  const reported = (order: string): string =>
    `(array_agg(body->>'cost' order by ${order} desc, id collate "C" desc) filter (where body ? 'cost'))[1]::numeric`
  const events = `select project_id, run_id, span_id, count(*) as event_count, (array_agg(entry order by n desc))[1] as entry,
    case when bool_and(body ? 'seq') then ${reported(`(body->>'seq')::numeric desc, ${at}`)} else ${reported(at)} end as reported_cost
    from events where span_id <> '' group by 1, 2, 3`
  const names = ["event_count", "reported_cost", "computed_cost", "cost", "cost_source", "price_id", "is_estimated"]
  const decided = `select project_id, run_id, span_id, event_count, reported_cost, (entry->>'computed')::numeric as computed_cost,
    case when entry ? 'held' then null when takes then reported_cost else (entry->>'computed')::numeric end as cost,
    case when entry ? 'held' then null when takes then 'reported' when entry ? 'computed' then 'computed' end as cost_source,
    (entry->>'price')::int as price_id, coalesce((entry->>'estimated')::boolean, false) as is_estimated
    from (select *, reported_cost is not null and (coalesce((entry->>'prefersReported')::boolean, true) or not entry ? 'computed') as takes from (${events}) e) t`
  const oldest = `(select coalesce(min(to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp at time zone 'UTC'), 'infinity')
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'events'::regclass)`
  const stored = `select project_id, run_id, span_id, ${columns(names)} from spans where received_at >= ${oldest}`
  // Events of sealed spans that came later are no difference: their span's first event is gone.
  const sealed = `select project_id, run_id, span_id from spans where received_at < ${oldest}`
  yield {
    table: "spans",
    differences: unpivot(
      "spans",
      stored,
      `select d.* from (${decided}) d where not exists (select from (${sealed}) x where (x.project_id, x.run_id, x.span_id) = (d.project_id, d.run_id, d.span_id))`,
      "project_id, run_id, span_id",
      names,
    ),
    counts: `select count(*) filter (where received_at >= ${oldest})::int as compared, count(*) filter (where received_at < ${oldest})::int as sealed from spans`,
  }
}
