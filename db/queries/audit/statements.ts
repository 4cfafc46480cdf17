import type { TransactionSql } from "postgres"
import { DIFFERING } from "@/db/differing"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"

/** A table's comparison: `differences` gives rows of type Difference, `counts` how many rows took part and how many are sealed. */
export type Comparison = { table: string; differences: string; counts: string }

const MONEY = ["cost", "reported_cost", "computed_cost"] as const
const SPEND_SUMS = ["calls", "errors", "unpriced_calls", "differing_calls", ...TOKEN_BUCKETS, ...MONEY] as const
const RUN_SUMS = [
  "spans",
  "steps",
  "errors",
  "calls",
  "unpriced_calls",
  "differing_calls",
  ...TOKEN_BUCKETS,
  ...MONEY,
] as const

/** What a model call adds up to. Only calls carry tokens and money. */
const CALL_SUMS = `count(*) filter (where is_call) as calls, count(*) filter (where is_call and cost is null) as unpriced_calls,
  count(*) filter (where is_call and ${DIFFERING}) as differing_calls,
  ${[...TOKEN_BUCKETS, ...MONEY].map((name) => `coalesce(sum(${name}) filter (where is_call), 0) as ${name}`).join(", ")}`

const QUARTER_HOUR = (at: string): string => `date_bin('15 minutes', ${at}, 'epoch'::timestamptz)`
const columns = (names: readonly string[], alias?: string): string =>
  names.map((name) => (alias ? `${alias}.${name}` : name)).join(", ")
const summed = (names: readonly string[]): string => names.map((name) => `sum(${name}) as ${name}`).join(", ")

/** Opens the scope over all projects, or one, and makes the temporary tables. @returns the days that have spans, milliseconds of UTC. */
export async function openAudit(
  tx: TransactionSql,
  projectId: number | null,
  statementSeconds: number,
): Promise<number[]> {
  const mine = projectId === null ? "true" : `id = ${Math.trunc(projectId)}`
  await tx.unsafe(`select set_config('statement_timeout', '${Math.trunc(statementSeconds * 1000)}', true), set_config('idle_in_transaction_session_timeout', '0', true),
    set_config('work_mem', '64MB', true), set_config('jit', 'off', true),
    set_config('app.project_ids', (select coalesce(array_agg(id), '{}')::text from projects where ${mine}), true)`)
  const sums = (names: readonly string[]): string => names.map((name) => `${name} numeric`).join(", ")
  // What retention has dropped cannot be added up again: rows before `sealed` are only counted.
  await tx.unsafe(`create temp table audit_scope on commit drop as
    select id as project_id, zone, coalesce(sealed_before, '-infinity') as sealed from projects where ${mine}`)
  await tx.unsafe(
    `create temp table audit_spend (project_id int, bucket timestamptz, dimension_set_id int, ${sums(SPEND_SUMS)}) on commit drop`,
  )
  await tx.unsafe(`create temp table audit_runs (project_id int, id text, ${sums(RUN_SUMS)}, first_span_at timestamptz, last_span_at timestamptz)
    on commit drop`)
  const rows = await tx.unsafe<
    { day: number }[]
  >(`select (extract(epoch from to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp at time zone 'UTC') * 1000)::float8 as day
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'spans'::regclass order by 1`)
  return rows.map((row) => row.day)
}

/** Sums up the spans of one day, by roll-up row and by run. Half-open, milliseconds of UTC. */
export async function gatherDay(tx: TransactionSql, from: number, to: number): Promise<void> {
  const range = "started_at >= to_timestamp($1::float8 / 1000) and started_at < to_timestamp($2::float8 / 1000)"
  await tx.unsafe(
    `insert into audit_spend (project_id, bucket, dimension_set_id, errors, ${columns(["calls", "unpriced_calls", "differing_calls", ...TOKEN_BUCKETS, ...MONEY])})
     select project_id, ${QUARTER_HOUR("started_at")}, dimension_set_id, count(*) filter (where status = 'error'), ${CALL_SUMS}
     from spans where ${range} and is_call group by 1, 2, 3`,
    [from, to],
  )
  await tx.unsafe(
    `insert into audit_runs (project_id, id, first_span_at, last_span_at, spans, steps, errors, ${columns(["calls", "unpriced_calls", "differing_calls", ...TOKEN_BUCKETS, ...MONEY])})
     select project_id, run_id, min(started_at), max(started_at), count(*), count(*) filter (where kind = 'step'), count(*) filter (where status = 'error'), ${CALL_SUMS}
     from spans where ${range} and run_id <> '' group by 1, 2`,
    [from, to],
  )
}

/**
 * Unpivots two rows of the same key, column by column; jsonb compares numbers by value, so that 0.10 is 0.1.
 * @param where which pairs count, of `s` (stored) and `c` (computed)
 */
function unpivot(
  table: string,
  stored: string,
  computed: string,
  key: string,
  names: readonly string[],
  where = "true",
): string {
  const pack = (alias: string): string =>
    `jsonb_build_object(${names.map((name) => `'${name}', ${alias}.${name}`).join(", ")})`
  const keyOf = key.split(", ")
  const packedKey = `jsonb_build_object(${keyOf.map((name) => `'${name}', coalesce(s.${name}, c.${name})`).join(", ")})`
  return `with s as (${stored}), c as (${computed})
    select '${table}' as "table", ${packedKey} as key, d.name as "column", d.stored, d.computed
    from s full join c using (${key}) cross join lateral (
      select a.key as name, a.value #>> '{}' as stored, b.value #>> '{}' as computed
      from jsonb_each(${pack("s")}) a join jsonb_each(${pack("c")}) b using (key) where a.value is distinct from b.value
    ) d where (${columns(names, "s")}) is distinct from (${columns(names, "c")}) and ${where} order by 2, 3`
}

const counts = (table: string, kept: string): string =>
  `select count(*) filter (where ${kept})::int as compared, count(*) filter (where not (${kept}))::int as sealed from ${table} t join audit_scope z using (project_id)`

/** Totals of runs against their spans and verifications. The bounds must cover the spans: they prune partitions. */
export function* compareRuns(): Generator<Comparison> {
  const kept = "t.started_at >= z.sealed and (t.first_span_at is null or t.first_span_at >= z.sealed)"
  const counted = ["verifications", "failed_verifications"]
  const names = [...RUN_SUMS, ...counted]
  const zeros = (alias: string, list: readonly string[]): string =>
    list.map((name) => `coalesce(${alias}.${name}, 0) as ${name}`).join(", ")
  const verdicts = `select project_id, run_id as id, count(*) as verifications, count(*) filter (where outcome = 'failed') as failed_verifications
    from verifications group by 1, 2`
  const sealed = `select t.project_id, t.id from runs t join audit_scope z using (project_id) where not (${kept})`
  yield {
    table: "runs",
    differences: unpivot(
      "runs",
      `select t.project_id, t.id, ${columns(names, "t")} from runs t join audit_scope z using (project_id) where ${kept}`,
      `select project_id, id, ${zeros("a", RUN_SUMS)}, ${zeros("v", counted)}
       from (select project_id, id from runs union select project_id, id from audit_runs union select project_id, run_id from verifications) k
       left join (select project_id, id, ${summed(RUN_SUMS)} from audit_runs group by 1, 2) a using (project_id, id)
       left join (${verdicts}) v using (project_id, id) where (project_id, id) not in (${sealed})`,
      "project_id, id",
      names,
    ),
    counts: counts("runs", kept),
  }
  yield {
    table: "bounds of runs",
    differences: `select 'runs' as "table", jsonb_build_object('project_id', r.project_id, 'id', r.id) as key, d.name as "column", d.stored::text, d.computed::text
      from runs r join (select project_id, id, min(first_span_at) as low, max(last_span_at) as high from audit_runs group by 1, 2) a using (project_id, id)
      cross join lateral (values ('first_span_at', r.first_span_at, a.low, r.first_span_at <= a.low), ('last_span_at', r.last_span_at, a.high, r.last_span_at >= a.high))
        as d(name, stored, computed, holds) where d.holds is not true`,
    counts: "select count(distinct (project_id, id))::int as compared, 0 as sealed from audit_runs",
  }
}

/** Both levels of each roll-up against spans, runs and verifications. Days are cut in the project's zone. */
export function* compareRollups(): Generator<Comparison> {
  yield rollup(
    "spend_rollup",
    [],
    SPEND_SUMS,
    `select project_id, bucket, dimension_set_id, ${columns(SPEND_SUMS)} from audit_spend`,
  )
  yield rollup(
    "health_rollup",
    ["status", "proof"],
    ["runs"],
    `select project_id, ${QUARTER_HOUR("started_at")} as bucket, dimension_set_id, status, proof, count(*) as runs from runs group by 1, 2, 3, 4, 5`,
  )
  yield rollup(
    "verification_rollup",
    ["check_name", "outcome"],
    ["verifications"],
    `select project_id, ${QUARTER_HOUR("at")} as bucket, dimension_set_id, check_name, outcome, count(*) as verifications
     from verifications group by 1, 2, 3, 4, 5`,
  )
}

function rollup(table: string, keys: readonly string[], sums: readonly string[], fine: string): Comparison {
  const rest = ["dimension_set_id", ...keys]
  const key = ["project_id", "grain", "bucket", ...rest]
  const kept = "t.bucket >= z.sealed"
  const computed = `with fine as materialized (${fine})
    select ${columns([...key, ...sums], "t")} from (
      select project_id, 15::smallint as grain, bucket, ${columns([...rest, ...sums])} from fine
      union all
      select f.project_id, 1440::smallint, date_trunc('day', f.bucket, z.zone), ${columns(rest, "f")}, ${sums.map((name) => `sum(f.${name})`).join(", ")}
      from fine f join audit_scope z using (project_id) group by 1, 2, 3, ${columns(rest, "f")}
    ) t join audit_scope z using (project_id) where ${kept}`
  // What a change of status or workflow has emptied stays as zeros until maintenance removes it: it says the same as no row.
  const stored = `select ${columns([...key, ...sums], "t")} from ${table} t join audit_scope z using (project_id)
    where ${kept} and not (${sums.map((name) => `t.${name} = 0`).join(" and ")})`
  return { table, differences: unpivot(table, stored, computed, columns(key), sums), counts: counts(table, kept) }
}

/**
 * Costs of spans against the decisions that their events carry: the newest entry has the computed cost, the last event (by seq when every one has it,
 * else by time, then id) that names a reported cost has that. A span from before the seal, or with an event from then, is only counted; of a run that
 * reaches before the seal an event may be left whose span is not.
 */
export function* compareLedger(): Generator<Comparison> {
  const at = `date_trunc('milliseconds', coalesce(body->>'at', body->>'start', body->>'end')::timestamptz)`
  const last = (order: string): string =>
    `(array_agg(told order by ${order} desc, id collate "C" desc) filter (where told is not null))[1]::numeric`
  // Where a mended mapping was applied, its newest word stands instead of what an event's body concluded.
  const mappings = `select distinct on (project_id, run_id, span_id) project_id, run_id, span_id, body->'mappings'->'events' as mappings from events
    where type = 'remapped' order by project_id, run_id, span_id, n desc`
  const read = `select e.*, case when not entry ? 'late' then coalesce(m.mappings->e.id, e.body)->>'cost' end as told from events e left join (${mappings}) m using (project_id, run_id, span_id) where e.span_id <> ''`
  const acts = "type in ('repriced', 'remapped')"
  const events = `select project_id, run_id, span_id, count(*) as event_count, least(min(received_at), min(${at}), min((body->>'since')::timestamptz) filter (where ${acts})) as oldest, (array_agg(entry order by n desc))[1] as entry,
    count(*) filter (where entry ? 'late' and not ${acts}) as late_events,
    case when bool_and(body ? 'seq' or ${acts}) then ${last(`(body->>'seq')::numeric desc, ${at}`)} else ${last(at)} end as reported_cost
    from (${read}) e group by 1, 2, 3`
  const names = [
    "event_count",
    "late_events",
    "reported_cost",
    "computed_cost",
    "cost",
    "cost_source",
    "price_id",
    "is_estimated",
  ]
  // Where its money is booked, if that is not its start.
  const stored = `${columns(names, "t")}, case when t.began_at is not null then t.started_at end as booked`
  const kept = "t.received_at >= z.sealed and t.started_at >= z.sealed"
  const reaches = `exists (select from runs r where r.project_id = d.project_id and r.id = d.run_id
    and (r.first_received_at < d.sealed or r.started_at < d.sealed or r.first_span_at < d.sealed))`
  const decided = `select project_id, run_id, span_id, oldest >= sealed and (sealed = '-infinity' or not ${reaches}) as is_kept, event_count, late_events, reported_cost, (entry->>'computed')::numeric as computed_cost,
    case when entry ? 'held' then null when takes then reported_cost else (entry->>'computed')::numeric end as cost,
    case when entry ? 'held' then null when takes then 'reported' when entry ? 'computed' then 'computed' end as cost_source,
    (entry->>'price')::int as price_id, coalesce((entry->>'estimated')::boolean, false) as is_estimated,
    (entry->>'booked')::timestamptz as booked
    from (select *, reported_cost is not null and (coalesce((entry->>'prefersReported')::boolean, true) or not entry ? 'computed') as takes
    from (${events}) e join audit_scope z using (project_id)) d`
  yield {
    table: "spans",
    differences: unpivot(
      "spans",
      `select t.project_id, t.run_id, t.span_id, ${stored} from spans t join audit_scope z using (project_id) where ${kept}`,
      decided,
      "project_id, run_id, span_id",
      [...names, "booked"],
      "(s.project_id is not null or c.is_kept)",
    ),
    counts: counts("spans", kept),
  }
  const whole = "t.first_received_at >= z.sealed and t.started_at >= z.sealed"
  const numbers = ["seq_first", "seq_last", "seq_count"]
  yield {
    table: "numbers of runs",
    differences: unpivot(
      "runs",
      `select t.project_id, t.id, ${columns(numbers, "t")} from runs t join audit_scope z using (project_id) where ${whole}`,
      `select t.project_id, t.id, e.seq_first, e.seq_last, coalesce(e.seq_count, 0) as seq_count from runs t join audit_scope z using (project_id)
       left join (select project_id, run_id as id, min((body->>'seq')::bigint) as seq_first, max((body->>'seq')::bigint) as seq_last, count(*) as seq_count
         from events where run_id <> '' and body ? 'seq' group by 1, 2) e using (project_id, id) where ${whole}`,
      "project_id, id",
      numbers,
    ),
    counts: counts("runs", whole),
  }
}
