import { type ProjectTx, sql } from "@/db/client"
import { permille } from "@/lib/burn"
import type { BudgetHistory } from "@/lib/contracts/budgets"
import { AppError } from "@/lib/errors"
import { parseMoney } from "@/lib/money"
import { type BudgetTerms, NO_SUM, readCalendar, readTerms, sumBudgets, TERMS } from "./budgets"
import { selectRows } from "./rows"

/** Earlier periods that are shown beside the open one: a year of months, of weeks, two weeks of days. */
const BACK = 12
const MOST_VERSIONS = 100

/**
 * A budget's periods, the newest first, and its versions. A period is measured by the version in force when it ended; what was before the first
 * version had no budget, and is not listed.
 * @throws AppError `not_found`. Source: spend_rollup, day rows.
 */
export async function budgetHistory(tx: ProjectTx, id: number, now: number): Promise<BudgetHistory> {
  const versions = await budgetVersions(tx, id)
  const newest = versions[0]
  if (!newest) throw new AppError("not_found", "There is no such budget.")
  const calendar = await readCalendar(tx, now, BACK)
  const own = calendar.periods.filter(({ period }) => period === newest.period)
  const sums = await sumBudgets(
    tx,
    [newest],
    own.map(({ from, dayFrom, dayTo }) => ({ name: from, level: 1440, from: dayFrom, to: dayTo })),
  )
  const periods = own.flatMap(({ from, to }) => {
    const terms = versions.find((version) => version.created_at < to && !version.is_ended)
    if (!terms) return []
    const sum = sums.get(`${id} ${from}`) ?? NO_SUM
    return [
      {
        from,
        to,
        amount: terms.amount,
        used: sum.cost,
        calls: sum.calls,
        unpriced_calls: sum.unpriced,
        used_permille: Number(permille(parseMoney(sum.cost), parseMoney(terms.amount)) ?? 0n),
        is_open: Date.parse(to) > now,
      },
    ]
  })
  return {
    id,
    name: newest.name,
    tz: calendar.zone,
    currency: calendar.currency,
    periods,
    versions: versions.map(({ id: _, scope: __, scope_value: ___, ...version }) => version),
  }
}

/** The newest first. */
async function budgetVersions(tx: ProjectTx, id: number): Promise<BudgetTerms[]> {
  const rows = await selectRows(
    tx,
    sql`select ${TERMS} from budgets b where b.project_id = ${tx.projectId} and b.id = ${id} order by b.version desc limit ${MOST_VERSIONS}`,
  )
  return rows.map(readTerms)
}
