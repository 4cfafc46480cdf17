import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { Spend, SpendFigures, SpendGroup } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"
import { sumMoney } from "@/lib/money"
import { TOKEN_BUCKETS, type Usage } from "@/lib/vocabulary"
import { all, dimensionColumn, dimensionConditions, rollupRows } from "./conditions"
import { known } from "./known"
import { bucketOf, chooseGrain, iso, listBuckets, resolveRange, type Segment, segmentsFor } from "./range"
import { type Row, readCount, readMoney, readText, readTextOrNull, readUsage, selectRows } from "./rows"

const FIGURES = [
  "cost",
  "reported_cost",
  "computed_cost",
  "calls",
  "unpriced_calls",
  "errors",
  ...TOKEN_BUCKETS,
] as const
const MONEY = new Set<string>(["cost", "reported_cost", "computed_cost"])

/**
 * Spend of a range by up to two dimensions: totals per group and a series per group over every bucket of the range.
 * @returns the `filters.top` costliest groups and, when there are more, their rest as one group `is_other`. `cost` is exact in the project's
 *   currency; null = calls ran and none has a price. The total is the sum of the groups, each group the sum of its series.
 * @throws AppError `invalid_filter`, `range_too_large`.
 * Source: spend_rollup; days from day rows where the zone is the project's, else quarter hours. Never touches spans.
 */
export async function getSpend(tx: ProjectTx, filters: Filters, now: number): Promise<Spend> {
  const range = await resolveRange(tx, filters, now)
  const grain = chooseGrain(filters, range)
  const buckets = await listBuckets(tx, range, grain)
  // The planner takes a range of recent quarter hours for a handful of rows, and then compares each of a hundred thousand with every dimension set.
  await tx.execute(sql`select set_config('enable_nestloop', 'off', true)`)
  const rows = await selectRows(
    tx,
    statement(tx, filters, segmentsFor(range, grain), bucketOf(sql`s.bucket`, grain, range.tz)),
  )

  const groups: SpendGroup[] = []
  const position = new Map(buckets.map((bucket, i) => [bucket, i]))
  const unpriced: Spend["unpriced"] = []
  let groupCount = 0
  for (const row of rows) {
    const kind = readText(row, "kind")
    if (kind === "group") {
      const isOther = readCount(row, "place") > filters.top
      const key = isOther ? [] : [readTextOrNull(row, "k1"), readTextOrNull(row, "k2")].slice(0, filters.by.length)
      groups.push({ key, is_other: isOther, ...figures(row), series: buckets.map(() => ({ cost: "0", calls: 0 })) })
      groupCount += readCount(row, "members")
    } else if (kind === "point") {
      const bucket = position.get(readText(row, "bucket"))
      const group = groups[readCount(row, "place") - 1]
      if (bucket === undefined || !group) throw new Error("a roll-up row lies outside the range")
      group.series[bucket] = { cost: costOf(row), calls: readCount(row, "calls") }
    } else {
      unpriced.push({
        provider: readTextOrNull(row, "k1"),
        model: readTextOrNull(row, "k2"),
        calls: readCount(row, "unpriced_calls"),
      })
    }
  }
  unpriced.sort(
    (a, b) => b.calls - a.calls || `${a.provider} ${a.model}`.localeCompare(`${b.provider} ${b.model}`, "en"),
  )
  return {
    range: range.wire,
    tz: range.tz,
    currency: range.currency,
    grain,
    by: filters.by,
    buckets,
    total: total(groups),
    groups,
    group_count: groupCount,
    unpriced,
  }
}

/**
 * One statement, hence one snapshot: the groups, then their points, then what has no price. Rows are summed by group and stored bucket first, so
 * that the calendar and the ranking work on few rows.
 */
function statement(tx: ProjectTx, filters: Filters, segments: readonly Segment[], bucket: SQL): SQL {
  const key = (i: number) => (filters.by[i] ? dimensionColumn(filters.by[i]) : sql`null::text`)
  const sums = sql.join(
    FIGURES.map((f) => sql`sum(${sql.identifier(f)}) as ${sql.identifier(f)}`),
    sql`, `,
  )
  const shown = sql.join(
    FIGURES.map((f) => {
      const column = sql.identifier(f)
      return MONEY.has(f) ? sql`trim_scale(${column})::text as ${column}` : sql`${column}::text as ${column}`
    }),
    sql`, `,
  )
  const blanks = sql.raw(", null".repeat(FIGURES.length - 5))
  return sql`
    with sets as materialized (
      select *, dense_rank() over (order by k1, k2) as g from (
        select d.id, d.provider, d.model, ${key(0)} as k1, ${key(1)} as k2 from dimension_sets d
        where ${all([sql`d.project_id = ${tx.projectId}`, ...dimensionConditions(filters)])}
      ) d
    ),
    r as (${rollupRows(tx, "spend_rollup", segments, [])}),
    stored as materialized (select g, bucket, ${sums} from r join sets on sets.id = r.dimension_set_id group by g, bucket),
    placed as (
      select g, least(row_number() over (order by cost desc, calls desc, g), ${filters.top + 1})::int as place, ${sql.join(
        FIGURES.map((f) => sql.identifier(f)),
        sql`, `,
      )}
      from (select g, ${sums} from stored group by g) t
    ),
    listed as (
      select place, count(*)::int as members, min(g) as g, ${sums} from placed group by place
    ),
    points as (
      select p.place, ${bucket} as bucket, sum(s.cost) as cost, sum(s.calls) as calls, sum(s.unpriced_calls) as unpriced_calls
      from stored s join placed p using (g) group by 1, 2
    ),
    unpriced as (
      select provider, model, sum(unpriced_calls) as unpriced_calls from r join sets on sets.id = r.dimension_set_id
      where r.unpriced_calls > 0 group by 1, 2
    )
    select 'group' as kind, place, members, null as bucket, k1, k2, ${shown}
      from listed join (select distinct g, k1, k2 from sets) names using (g)
    union all
    select 'point', place, null, ${iso(sql`bucket`)}, null, null, trim_scale(cost)::text, null, null, calls::text, unpriced_calls::text ${blanks}
      from points
    union all
    select 'unpriced', null, null, null, provider, model, null, null, null, null, unpriced_calls::text ${blanks} from unpriced
    order by kind, place, bucket`
}

const costOf = (row: Row) => known(readMoney(row, "cost"), readCount(row, "calls"), readCount(row, "unpriced_calls"))

function figures(row: Row): SpendFigures {
  return {
    cost: costOf(row),
    reported_cost: readMoney(row, "reported_cost"),
    computed_cost: readMoney(row, "computed_cost"),
    calls: readCount(row, "calls"),
    unpriced_calls: readCount(row, "unpriced_calls"),
    errors: readCount(row, "errors"),
    tokens: readUsage(row),
  }
}

/** The headline is the sum of what is drawn, by construction. */
function total(groups: readonly SpendGroup[]): SpendFigures {
  const count = (of: (group: SpendGroup) => number) => groups.reduce((sum, group) => sum + of(group), 0)
  const money = (of: (group: SpendGroup) => string | null) => sumMoney(groups.map(of)) ?? "0"
  const calls = count((group) => group.calls)
  const unpricedCalls = count((group) => group.unpriced_calls)
  return {
    cost: known(
      money((group) => group.cost),
      calls,
      unpricedCalls,
    ),
    reported_cost: money((group) => group.reported_cost),
    computed_cost: money((group) => group.computed_cost),
    calls,
    unpriced_calls: unpricedCalls,
    errors: count((group) => group.errors),
    tokens: Object.fromEntries(TOKEN_BUCKETS.map((b) => [b, count((group) => group.tokens[b])])) as Usage,
  }
}
