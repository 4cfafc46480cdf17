import { type ProjectTx, sql } from "@/db/client"
import { BUDGET_CAPS, BUDGET_MARKS, type BudgetAlarm } from "@/lib/contracts/budgets"
import { toIso } from "@/lib/time"
import type { Calendar } from "./budgets"
import { iso } from "./range"
import { readBoolean, readCount, readMoney, readText, readTextOrNull, readWord, selectRows } from "./rows"

const starts = (calendar: Calendar) => JSON.stringify([...new Set(calendar.periods.map(({ from }) => from))])
const inPeriods = (calendar: Calendar) =>
  sql`a.period_from in (select p::timestamptz from jsonb_array_elements_text(${starts(calendar)}::jsonb) as p)`

export type StoredAlarm = BudgetAlarm & { period_from: string; calm_since: string | null }

/** What the budgets said in the periods of the calendar, by budget; in order of when it was raised. */
export async function readStoredAlarms(tx: ProjectTx, calendar: Calendar): Promise<Map<number, StoredAlarm[]>> {
  const rows = await selectRows(
    tx,
    sql`select a.budget_id, a.mark, ${iso(sql`a.period_from`)} as period_from, ${iso(sql`a.raised_at`)} as raised_at,
        ${iso(sql`a.cleared_at`)} as cleared_at, ${iso(sql`a.calm_since`)} as calm_since
      from budget_alarms a where a.project_id = ${tx.projectId} and ${inPeriods(calendar)} order by a.raised_at, a.mark`,
  )
  const found = new Map<number, StoredAlarm[]>()
  for (const row of rows) {
    const alarm = {
      mark: readWord(row, "mark", BUDGET_MARKS),
      period_from: readText(row, "period_from"),
      raised_at: readText(row, "raised_at"),
      cleared_at: readTextOrNull(row, "cleared_at"),
      calm_since: readTextOrNull(row, "calm_since"),
    }
    const id = readCount(row, "budget_id")
    found.set(id, [...(found.get(id) ?? []), alarm])
  }
  return found
}

/** Of an alarm when it changes; instants in milliseconds of UTC. */
export type AlarmRow = {
  budgetId: number
  periodFrom: string
  mark: string
  raisedAt: number
  clearedAt: number | null
  calmSince: number | null
  facts: Record<string, string>
  isRaised: boolean
}

export async function saveAlarm(tx: ProjectTx, row: AlarmRow): Promise<void> {
  const at = (ms: number | null) => (ms === null ? null : toIso(ms))
  const values = sql`${tx.projectId}, ${row.budgetId}, ${row.periodFrom}::timestamptz, ${row.mark}, ${JSON.stringify(row.facts)}::jsonb,
    ${at(row.raisedAt)}::timestamptz, ${at(row.clearedAt)}::timestamptz, ${at(row.calmSince)}::timestamptz`
  await tx.execute(sql`
    insert into budget_alarms as a (project_id, budget_id, period_from, mark, facts, raised_at, cleared_at, calm_since) values (${values})
    on conflict (project_id, budget_id, period_from, mark) do update set facts = case when ${row.isRaised} then excluded.facts else a.facts end,
      raised_at = excluded.raised_at, cleared_at = excluded.cleared_at, calm_since = excluded.calm_since,
      times = a.times + case when ${row.isRaised} then 1 else 0 end`)
}

/** Since when each cap of the calendar's periods is passed, by budget, start of the period and amount: a larger amount is another cap. */
export async function readCaps(tx: ProjectTx, calendar: Calendar): Promise<Map<string, string>> {
  const rows = await selectRows(
    tx,
    sql`select a.budget_id, ${iso(sql`a.period_from`)} as period_from, ${iso(sql`a.passed_at`)} as passed_at,
        trim_scale(a.amount)::text as amount
      from budget_caps a where a.project_id = ${tx.projectId} and ${inPeriods(calendar)}`,
  )
  return new Map(
    rows.map((row) => [
      `${readCount(row, "budget_id")} ${readText(row, "period_from")} ${readMoney(row, "amount")}`,
      readText(row, "passed_at"),
    ]),
  )
}

/** One process at a time judges a project's budgets; the lock ends with the transaction. @returns whether it is ours. */
export async function tryLockBudgets(tx: ProjectTx): Promise<boolean> {
  const [row] = await selectRows(
    tx,
    sql`select pg_try_advisory_xact_lock(hashtext('andon.budget_alarms'), ${tx.projectId}) as ours`,
  )
  return row !== undefined && readBoolean(row, "ours")
}

/** Alarms that stand although their period is over or their budget has ended, with the terms that the budget had last. */
export async function readOverAlarms(tx: ProjectTx, current: readonly { id: number; from: string }[]) {
  const rows = await selectRows(
    tx,
    sql`select a.budget_id, a.mark, ${iso(sql`a.period_from`)} as period_from, ${iso(sql`a.raised_at`)} as raised_at, ${iso(sql`a.calm_since`)} as calm_since,
        a.facts ->> 'used' as used, a.facts ->> 'amount' as amount, b.name, b.cap, case b.scope when 'workflow' then b.scope_value end as workflow
      from budget_alarms a cross join lateral (select * from budgets b where b.project_id = a.project_id and b.id = a.budget_id order by b.version desc limit 1) b
      where a.project_id = ${tx.projectId} and a.cleared_at is null and not exists (
        select from jsonb_to_recordset(${JSON.stringify(current)}::jsonb) as c(id int, "from" timestamptz) where c.id = a.budget_id and c."from" = a.period_from)`,
  )
  return rows.map((row) => {
    const calm = readTextOrNull(row, "calm_since")
    return {
      budgetId: readCount(row, "budget_id"),
      periodFrom: readText(row, "period_from"),
      name: readText(row, "name"),
      cap: readWord(row, "cap", BUDGET_CAPS),
      workflow: readTextOrNull(row, "workflow"),
      used: readMoney(row, "used"),
      amount: readMoney(row, "amount"),
      alarm: {
        mark: readWord(row, "mark", BUDGET_MARKS),
        raisedAt: Date.parse(readText(row, "raised_at")),
        calmSince: calm === null ? null : Date.parse(calm),
      },
    }
  })
}
