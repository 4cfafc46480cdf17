import { type ProjectTx, sql } from "@/db/client"
import { BURN_RULES, type BurnRule, type Window } from "@/lib/burn"
import { parseMoney } from "@/lib/money"
import { QUARTER_HOUR_MS, quarterHour, toIso } from "@/lib/time"
import { askedBudgets, type BudgetTerms, countsTo, NO_SUM, type Stretch, sumBudgets } from "./budgets"
import { readCount, readMoney, selectRows } from "./rows"

export type Windows = Partial<Record<BurnRule["mark"], { long: Window; short: Window }>>

/** The newest calls that the shortest window looks through; where there are more, the window is as long as these. */
const MOST_CALLS = 20_000

/**
 * What each budget spent in the windows of the burn rules, up to `now`. From the quarter hours of the roll-up, so that a window is up to a quarter
 * longer than its name and says how long it is; less than a quarter hour is read from the calls themselves, by the index on them and bounded.
 */
export async function readWindows(
  tx: ProjectTx,
  budgets: readonly BudgetTerms[],
  now: number,
  rules: readonly BurnRule[] = BURN_RULES,
): Promise<Map<number, Windows>> {
  if (budgets.length === 0) return new Map()
  const lengths = [...new Set(rules.flatMap((rule) => [rule.longMs, rule.shortMs]))]
  const coarse = lengths.filter((ms) => ms >= QUARTER_HOUR_MS)
  const starts = new Map(coarse.map((ms) => [ms, quarterHour(now - ms)]))
  const stretches = coarse.map(
    (ms): Stretch => ({ name: String(ms), level: 15, from: toIso(starts.get(ms) ?? now), to: toIso(now) }),
  )
  const sums = await sumBudgets(tx, budgets, stretches)
  const fine = new Map<number, Map<number, Window>>()
  for (const ms of lengths) if (ms < QUARTER_HOUR_MS) fine.set(ms, await newestCalls(tx, budgets, now, ms))
  const window = (id: number, ms: number): Window => {
    const found = fine.get(ms)
    if (found) return found.get(id) ?? { cost: 0n, calls: 0, ms }
    const { cost, calls } = sums.get(`${id} ${ms}`) ?? NO_SUM
    return { cost: parseMoney(cost), calls, ms: now - (starts.get(ms) ?? now - ms) }
  }
  return new Map(
    budgets.map(({ id }) => [
      id,
      Object.fromEntries(
        rules.map((rule) => [rule.mark, { long: window(id, rule.longMs), short: window(id, rule.shortMs) }]),
      ),
    ]),
  )
}

async function newestCalls(
  tx: ProjectTx,
  budgets: readonly BudgetTerms[],
  now: number,
  ms: number,
): Promise<Map<number, Window>> {
  const rows = await selectRows(
    tx,
    sql`with asked as materialized (${askedBudgets(tx, budgets)}),
      calls as materialized (
        select s.started_at, s.cost, s.dimension_set_id from spans s where s.project_id = ${tx.projectId} and s.is_call
          and s.started_at > ${toIso(now - ms)}::timestamptz and s.started_at <= ${toIso(now)}::timestamptz
        order by s.started_at desc limit ${MOST_CALLS + 1}::int
      ),
      bounds as (select count(*) > ${MOST_CALLS}::int as is_cut, (extract(epoch from min(started_at)) * 1000)::bigint as oldest from calls),
      summed as materialized (select dimension_set_id, coalesce(sum(cost), 0) as cost, count(*) as calls from calls group by 1),
      known as (select s.*, d.workflow, d.team, d.model, d.key_id from summed s join dimension_sets d on d.id = s.dimension_set_id)
      select b.id, coalesce(trim_scale(sum(k.cost)), 0)::text as cost, coalesce(sum(k.calls), 0)::text as calls,
        (select case when is_cut then greatest(${now}::bigint - oldest, 1) else ${ms}::bigint end from bounds)::text as ms
      from asked b left join known k on ${countsTo(sql`k`)}
      group by b.id`,
  )
  return new Map(
    rows.map((row) => [
      readCount(row, "id"),
      { cost: parseMoney(readMoney(row, "cost")), calls: readCount(row, "calls"), ms: readCount(row, "ms") },
    ]),
  )
}
