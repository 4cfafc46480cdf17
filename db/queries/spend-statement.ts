import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { Filters, Metric } from "@/lib/filters"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"
import { all, dimensionColumn, dimensionConditions, rollupRows } from "./conditions"
import { iso, type Segment } from "./range"

const MONEY = ["cost", "reported_cost", "computed_cost"] as const
const COUNTS = ["calls", "unpriced_calls", "errors", ...TOKEN_BUCKETS] as const
const FIGURES = [...MONEY, ...COUNTS, "runs"] as const
/** More names than this do not go into an address. */
const MEMBERS_CAP = 50

/** Which rows are summed; `bucket` says into which bucket of the answer a stored one falls. */
export type SpendPart = { isBefore: boolean; segments: readonly Segment[] }
type SpendAsked = { parts: readonly SpendPart[]; bucket: SQL; withRuns: boolean }

const list = (parts: readonly SQL[]): SQL => sql.join([...parts], sql`, `)
const name = (text: string): SQL => sql`${sql.identifier(text)}`
const TOKENS = sql.raw(TOKEN_BUCKETS.join(" + "))
const METRIC: Record<Metric, SQL> = { cost: sql`cost`, tokens: sql`(${TOKENS})`, calls: sql`calls` }

/**
 * One statement, hence one snapshot: `group` rows, what they were in the period `before`, their `point`s, the `member`s of the rest, and what is
 * `unpriced`. Rows are summed by group and stored bucket first, so that the calendar and the ranking work on few rows. They are read again for
 * what is unpriced: kept for a second look, every wide row would be copied first, which costs more.
 */
export function spendStatement(tx: ProjectTx, filters: Filters, { parts, bucket, withRuns }: SpendAsked): SQL {
  const key = (i: number) => (filters.by[i] ? dimensionColumn(filters.by[i]) : sql`null::text`)
  const sums = list(FIGURES.map((figure) => sql`sum(${name(figure)}) as ${name(figure)}`))
  const metric = METRIC[filters.metric]
  const own = parts.flatMap((part) => (part.isBefore ? [] : part.segments))
  const rows = parts.flatMap((part) => [spendRows(tx, part), ...(withRuns ? [runRows(tx, part)] : [])])
  return sql`
    with sets as materialized (
      select *, dense_rank() over (order by k1, k2) as g from (
        select d.id, d.provider, d.model, ${key(0)} as k1, ${key(1)} as k2 from dimension_sets d
        where ${all([sql`d.project_id = ${tx.projectId}`, ...dimensionConditions(filters)])}
      ) d
    ),
    names as (select distinct g, k1, k2 from sets),
    stored as materialized (
      select g, is_before, bucket, ${sums} from (${sql.join(rows, sql` union all `)}) r join sets on sets.id = r.dimension_set_id group by g, is_before, bucket
    ),
    totals as materialized (select g, is_before, ${sums} from stored group by g, is_before),
    ranked as (
      select g, coalesce(sum(${metric}) filter (where not is_before), 0) as now, coalesce(sum(calls) filter (where not is_before), 0) as calls,
        coalesce(sum(${metric}) filter (where is_before), 0) as before
      from totals group by g
    ),
    placed as materialized (
      select g, least(row_number() over (order by now desc, calls desc, before desc, g), ${filters.top + 1})::int as place from ranked
    ),
    places as (select place, count(*)::int as members, min(g) as g from placed group by place),
    listed as (select place, is_before, ${sums} from totals join placed using (g) group by place, is_before),
    points as (
      select p.place, s.is_before, ${bucket} as bucket, sum(s.cost) as cost, sum(s.calls) as calls, sum(s.unpriced_calls) as unpriced_calls,
        sum(s.runs) as runs, sum(${TOKENS}) as tokens
      from stored s join placed p using (g) group by 1, 2, 3
    ),
    unpriced as (
      select provider, model, sum(unpriced_calls) as unpriced_calls from (${rollupRows(tx, "spend_rollup", own, [sql`r.unpriced_calls > 0`])}) r
      join sets on sets.id = r.dimension_set_id group by 1, 2
    )
    select 'group' as kind, place, members, false as is_before, null as bucket, k1, k2, null as tokens, ${shown((figure) => sql`coalesce(${figure}, 0)`)}
      from places join names using (g) left join (select * from listed where not is_before) l using (place)
    union all
    select 'before', place, null, true, null, null, null, null, ${shown((figure) => figure)} from listed where is_before
    union all
    select 'point', place, null, is_before, ${iso(sql`bucket`)}, null, null, tokens::text,
      ${some({ cost: sql`trim_scale(cost)::text`, calls: sql`calls::text`, unpriced_calls: sql`unpriced_calls::text`, runs: sql`runs::text` })} from points
    union all
    select 'member', place, null, false, null, k1, k2, null, ${some({})} from placed join names using (g)
      where place > ${filters.top} and (select members from places where place > ${filters.top}) <= ${MEMBERS_CAP}
    union all
    select 'unpriced', null, null, false, null, provider, model, null, ${some({ unpriced_calls: sql`unpriced_calls::text` })} from unpriced
    order by kind, place, bucket`
}

const shown = (of: (figure: SQL) => SQL): SQL =>
  list(
    FIGURES.map((figure) =>
      (MONEY as readonly string[]).includes(figure)
        ? sql`trim_scale(${of(name(figure))})::text as ${name(figure)}`
        : sql`${of(name(figure))}::text as ${name(figure)}`,
    ),
  )
const some = (given: Partial<Record<(typeof FIGURES)[number], SQL>>): SQL =>
  list(FIGURES.map((figure) => given[figure] ?? sql`null`))

function spendRows(tx: ProjectTx, { isBefore, segments }: SpendPart): SQL {
  return sql`select ${isBefore}::boolean as is_before, r.bucket, r.dimension_set_id, ${list([...MONEY, ...COUNTS].map((figure) => sql`r.${name(figure)}`))},
    0::bigint as runs from (${rollupRows(tx, "spend_rollup", segments, [])}) r`
}

function runRows(tx: ProjectTx, { isBefore, segments }: SpendPart): SQL {
  return sql`select ${isBefore}::boolean, r.bucket, r.dimension_set_id, ${list(MONEY.map(() => sql`0::numeric`))}, ${list(COUNTS.map(() => sql`0::bigint`))},
    r.runs from (${rollupRows(tx, "health_rollup", segments, [])}) r`
}
