import { type ProjectTx, sql } from "@/db/client"
import type { Spend, SpendFigures, SpendGroup, SpendPoint } from "@/lib/contracts/read"
import { AppError } from "@/lib/errors"
import type { Filters } from "@/lib/filters"
import { sumMoney } from "@/lib/money"
import { DIMENSIONS, TOKEN_BUCKETS, type Usage } from "@/lib/vocabulary"
import { refuseDimensions } from "./conditions"
import { known } from "./known"
import { bucketOf, chooseGrain, fittingGrains, listBuckets, resolveRange, segmentsFor } from "./range"
import { type Row, readBoolean, readCount, readMoney, readText, readTextOrNull, readUsage, selectRows } from "./rows"
import { RUN_DIMENSIONS } from "./run-dimensions"
import { previousRange } from "./spend-previous"
import { type SpendPart, spendStatement } from "./spend-statement"

type Totals = SpendFigures & { runs: number | null }
type Series = { isBefore: boolean; buckets: string[]; position: Map<string, number> }

/**
 * Spend of a range by up to two dimensions: totals per group and a series per group over every bucket of the range.
 * @returns the `filters.top` groups that have most of `filters.metric` and, when there are more, their rest as one group `is_other`. `cost` is exact in
 *   the project's currency; null = calls ran and none has a price. The total is the sum of the groups, each group the sum of its series. With
 *   `compare` the same of the period before; with `shape=per_run` how many runs started, per group and bucket.
 * @throws AppError `invalid_filter` (also for spend per run by what a run as a whole does not have), `range_too_large`.
 * Source: spend_rollup, health_rollup; days from day rows where the zone is the project's, else quarter hours. Never touches spans.
 */
export async function getSpend(tx: ProjectTx, filters: Filters, now: number): Promise<Spend> {
  const withRuns = filters.shape === "per_run"
  if (withRuns) refusePerRun(filters)
  const range = await resolveRange(tx, filters, now)
  const grain = chooseGrain(filters, range)
  const before = filters.compare === "previous" ? await previousRange(tx, filters, range, now) : null
  const ranges = before ? [range, before] : [range]
  const series: Series[] = []
  const parts: SpendPart[] = []
  for (const [i, one] of ranges.entries()) {
    const buckets = await listBuckets(tx, one, grain)
    series.push({ isBefore: i === 1, buckets, position: new Map(buckets.map((bucket, at) => [bucket, at])) })
    parts.push({ isBefore: i === 1, segments: segmentsFor(one, grain) })
  }
  // The planner takes a range of recent quarter hours for a handful of rows, and then compares each of a hundred thousand with every dimension set.
  await tx.execute(sql`select set_config('enable_nestloop', 'off', true)`)
  const asked = { parts, bucket: bucketOf(sql`s.bucket`, grain, range.tz), withRuns }
  const rows = await selectRows(tx, spendStatement(tx, filters, asked))
  const { groups, groupCount } = assemble(rows, filters, series, withRuns)
  const [own, previous] = series
  return {
    range: range.wire,
    tz: range.tz,
    currency: range.currency,
    grain,
    grains: fittingGrains(range),
    by: filters.by,
    buckets: own?.buckets ?? [],
    total: total(groups, withRuns),
    groups,
    group_count: groupCount,
    unpriced: unpriced(rows),
    previous:
      before && previous
        ? {
            range: before.wire,
            buckets: previous.buckets,
            total: total(
              groups.flatMap((group) => group.previous ?? []),
              withRuns,
            ),
          }
        : null,
  }
}

/** Calls of a model or a step are no part of how many runs there were: the quotient would be of nothing. */
function refusePerRun(filters: Filters): void {
  refuseDimensions(filters, RUN_DIMENSIONS, "Spend per run counts runs")
  const known: readonly string[] = RUN_DIMENSIONS
  const other = DIMENSIONS.find((dimension) => filters.by.includes(dimension) && !known.includes(dimension))
  if (other === undefined) return
  throw new AppError("invalid_filter", `A run as a whole has no ${other}: group spend per run by another dimension.`, {
    field: "shape",
  })
}

function assemble(rows: readonly Row[], filters: Filters, series: readonly Series[], withRuns: boolean) {
  const groups: SpendGroup[] = []
  let groupCount = 0
  const zeros = (isBefore: boolean) =>
    (series.find((one) => one.isBefore === isBefore)?.buckets ?? []).map(() => zero(withRuns))
  for (const row of ofKind(rows, "group")) {
    const isOther = readCount(row, "place") > filters.top
    const key = isOther ? [] : keyOf(row, filters)
    const previous = series.length === 2 ? { ...nothing(withRuns), series: zeros(true) } : null
    groups.push({ key, is_other: isOther, members: null, ...figures(row, withRuns), series: zeros(false), previous })
    groupCount += readCount(row, "members")
  }
  const at = (row: Row): SpendGroup => {
    const group = groups[readCount(row, "place") - 1]
    if (!group) throw new Error("a figure belongs to no group")
    return group
  }
  for (const row of ofKind(rows, "before")) {
    const group = at(row)
    if (group.previous) group.previous = { ...group.previous, ...figures(row, withRuns) }
  }
  for (const row of ofKind(rows, "point")) {
    const isBefore = readBoolean(row, "is_before")
    const bucket = series.find((one) => one.isBefore === isBefore)?.position.get(readText(row, "bucket"))
    const points = isBefore ? at(row).previous?.series : at(row).series
    if (bucket === undefined || !points) throw new Error("a roll-up row lies outside the range")
    points[bucket] = point(row, withRuns)
  }
  const members = ofKind(rows, "member").map((row) => readTextOrNull(row, "k1"))
  const rest = groups.at(-1)
  if (rest?.is_other && filters.by.length === 1 && members.length > 0) rest.members = members
  return { groups, groupCount }
}

const ofKind = (rows: readonly Row[], kind: string): Row[] => rows.filter((row) => row.kind === kind)
const keyOf = (row: Row, filters: Filters) =>
  [readTextOrNull(row, "k1"), readTextOrNull(row, "k2")].slice(0, filters.by.length)

function unpriced(rows: readonly Row[]): Spend["unpriced"] {
  return ofKind(rows, "unpriced")
    .map((row) => ({
      provider: readTextOrNull(row, "k1"),
      model: readTextOrNull(row, "k2"),
      calls: readCount(row, "unpriced_calls"),
    }))
    .sort((a, b) => b.calls - a.calls || `${a.provider} ${a.model}`.localeCompare(`${b.provider} ${b.model}`, "en"))
}

const costOf = (row: Row) => known(readMoney(row, "cost"), readCount(row, "calls"), readCount(row, "unpriced_calls"))
const runsOf = (row: Row, withRuns: boolean) => (withRuns ? readCount(row, "runs") : null)

function point(row: Row, withRuns: boolean): SpendPoint {
  return {
    cost: costOf(row),
    calls: readCount(row, "calls"),
    tokens: readCount(row, "tokens"),
    unpriced_calls: readCount(row, "unpriced_calls"),
    runs: runsOf(row, withRuns),
  }
}

const zero = (withRuns: boolean): SpendPoint => ({
  cost: "0",
  calls: 0,
  tokens: 0,
  unpriced_calls: 0,
  runs: withRuns ? 0 : null,
})

function figures(row: Row, withRuns: boolean): Totals {
  return {
    cost: costOf(row),
    reported_cost: readMoney(row, "reported_cost"),
    computed_cost: readMoney(row, "computed_cost"),
    calls: readCount(row, "calls"),
    unpriced_calls: readCount(row, "unpriced_calls"),
    errors: readCount(row, "errors"),
    tokens: readUsage(row),
    runs: runsOf(row, withRuns),
  }
}

const nothing = (withRuns: boolean): Totals => total([], withRuns)

/** The headline is the sum of what is drawn, by construction. */
function total(groups: readonly Totals[], withRuns: boolean): Totals {
  const count = (of: (group: Totals) => number) => groups.reduce((sum, group) => sum + of(group), 0)
  const money = (of: (group: Totals) => string | null) => sumMoney(groups.map(of)) ?? "0"
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
    runs: withRuns ? count((group) => group.runs ?? 0) : null,
  }
}
