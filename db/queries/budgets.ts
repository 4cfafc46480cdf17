import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import { BUDGET_CAPS, BUDGET_PERIODS, BUDGET_SCOPES, type BudgetPeriod } from "@/lib/contracts/budgets"
import { toIso } from "@/lib/time"
import { dayStart, iso } from "./range"
import { first, type Row, readBoolean, readCount, readMoney, readText, readWord, selectRows } from "./rows"

/** Terms of a budget as they are kept, without what it has come to. */
export type BudgetTerms = ReturnType<typeof readTerms>

export function readTerms(row: Row) {
  return {
    id: readCount(row, "id"),
    version: readCount(row, "version"),
    name: readText(row, "name"),
    scope: readWord(row, "scope", BUDGET_SCOPES),
    scope_value: readText(row, "scope_value"),
    amount: readMoney(row, "amount"),
    period: readWord(row, "period", BUDGET_PERIODS),
    cap: readWord(row, "cap", BUDGET_CAPS),
    owner: readText(row, "owner"),
    is_ended: readBoolean(row, "is_ended"),
    reason: readText(row, "reason"),
    created_by: readText(row, "created_by"),
    created_at: readText(row, "created_at"),
  }
}

export const TERMS = sql`b.id, b.version, b.name, b.scope, b.scope_value, trim_scale(b.amount)::text as amount, b.period, b.cap, b.owner, b.is_ended,
  b.reason, b.created_by, ${iso(sql`b.created_at`)} as created_at`

/** The budgets that stand, by id: of each the newest version, none of those that were ended. */
export async function standingBudgets(tx: ProjectTx): Promise<BudgetTerms[]> {
  const rows = await selectRows(
    tx,
    sql`select * from (select distinct on (b.id) ${TERMS} from budgets b where b.project_id = ${tx.projectId} order by b.id, b.version desc) b
      where not is_ended order by id`,
  )
  return rows.map(readTerms)
}

/** A calendar period of the project's zone: when it is, and which day rows lie in it. */
export type Period = { period: BudgetPeriod; from: string; to: string; dayFrom: string; dayTo: string }
export type Calendar = { zone: string; currency: string; periods: Period[] }

const ZONE = sql`zone`
const label = (date: SQL): SQL => sql`((${date})::timestamp at time zone zone)`

/**
 * The month, week (from Monday) and day that an instant lies in, each with the ones before it.
 * @param back how many earlier ones of each. @returns the newest first. The calendar is the database's, days of 23 and 25 hours included.
 */
export async function readCalendar(tx: ProjectTx, now: number, back = 0): Promise<Calendar> {
  const rows = await selectRows(
    tx,
    sql`with p as (select zone, currency, (${toIso(now)}::timestamptz at time zone zone)::date as today from projects where id = ${tx.projectId}),
      d as (
        select p.*, k.period, (date_trunc(k.period, p.today::timestamp) - n * k.length)::date as a, (date_trunc(k.period, p.today::timestamp) - (n - 1) * k.length)::date as b
        from p, (values ('month', interval '1 month'), ('week', interval '7 days'), ('day', interval '1 day')) as k(period, length),
          generate_series(0, ${back}::int) as n
      )
      select zone, currency, period, ${iso(dayStart(sql`a`, ZONE))} as "from", ${iso(dayStart(sql`b`, ZONE))} as "to",
        ${iso(label(sql`a`))} as day_from, ${iso(label(sql`b`))} as day_to from d order by a desc, period`,
  )
  const head = first(rows)
  return {
    zone: readText(head, "zone"),
    currency: readText(head, "currency"),
    periods: rows.map((row) => ({
      period: readWord(row, "period", BUDGET_PERIODS),
      from: readText(row, "from"),
      to: readText(row, "to"),
      dayFrom: readText(row, "day_from"),
      dayTo: readText(row, "day_to"),
    })),
  }
}

type Scoped = Pick<BudgetTerms, "id" | "scope" | "scope_value">

/** Budgets as rows `id, scope, value, key_id`, for `countsTo`. */
export function askedBudgets(tx: ProjectTx, budgets: readonly Scoped[]): SQL {
  const asked = JSON.stringify(budgets.map(({ id, scope, scope_value }) => ({ id, scope, value: scope_value })))
  return sql`select b.*, (select k.id from ingest_keys k where k.project_id = ${tx.projectId} and b.scope = 'key' and k.public_id = b.value) as key_id
    from jsonb_to_recordset(${asked}::jsonb) as b(id int, scope text, value text)`
}

/** Whether calls of a dimension set count to the asked budget `b`. @param set what has the set's columns. */
export const countsTo = (set: SQL): SQL =>
  sql`case b.scope when 'project' then true when 'workflow' then ${set}.workflow = b.value when 'team' then ${set}.team = b.value
    when 'model' then ${set}.model = b.value else ${set}.key_id = b.key_id end`

/** What a budget's calls came to in a stretch. */
export type BudgetSum = { cost: string; calls: number; unpriced: number }
/** Roll-up rows of one level; half-open, by bucket. */
export type Stretch = { name: string; level: 15 | 1440; from: string; to: string }

/**
 * Sums of several stretches for every budget at once: the rows of each stretch are summed by dimension set first, and only those sums are matched
 * with the budgets, so that a hundred budgets read what one reads.
 * @returns by `<budget id> <stretch name>`; a pair without calls is absent. Source: spend_rollup.
 */
export async function sumBudgets(
  tx: ProjectTx,
  budgets: readonly Scoped[],
  stretches: readonly Stretch[],
): Promise<Map<string, BudgetSum>> {
  if (budgets.length === 0 || stretches.length === 0) return new Map()
  const rows = await selectRows(
    tx,
    sql`with asked as materialized (${askedBudgets(tx, budgets)}),
      summed as materialized (
        select t.name, r.dimension_set_id, sum(r.cost) as cost, sum(r.calls) as calls, sum(r.unpriced_calls) as unpriced
        from jsonb_to_recordset(${JSON.stringify(stretches)}::jsonb) as t(name text, level int, "from" timestamptz, "to" timestamptz)
        cross join lateral (select * from spend_rollup r where r.project_id = ${tx.projectId} and r.grain = t.level
          and r.bucket >= t."from" and r.bucket < t."to" offset 0) r
        group by 1, 2
      ),
      known as materialized (select s.*, d.workflow, d.team, d.model, d.key_id from summed s join dimension_sets d on d.id = s.dimension_set_id)
      select b.id, s.name, trim_scale(sum(s.cost))::text as cost, sum(s.calls)::text as calls, sum(s.unpriced)::text as unpriced
      from asked b join known s on ${countsTo(sql`s`)}
      group by 1, 2`,
  )
  return new Map(
    rows.map((row) => [
      `${readCount(row, "id")} ${readText(row, "name")}`,
      { cost: readMoney(row, "cost"), calls: readCount(row, "calls"), unpriced: readCount(row, "unpriced") },
    ]),
  )
}

export const NO_SUM: BudgetSum = { cost: "0", calls: 0, unpriced: 0 }
