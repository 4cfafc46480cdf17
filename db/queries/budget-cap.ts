import { type ProjectTx, sql } from "@/db/client"
import { isOver } from "@/lib/burn"
import { type Money, parseMoney } from "@/lib/money"
import { readCaps } from "./budget-alarms"
import {
  askedBudgets,
  type BudgetTerms,
  countsTo,
  NO_SUM,
  type Period,
  readCalendar,
  standingBudgets,
  sumBudgets,
} from "./budgets"
import { readCount, selectRows } from "./rows"

/** A budget that halts runs above its amount, with what is used of it. `passedAt`: since when it is passed, ISO 8601; null = it never was. */
export type HardCap = {
  terms: BudgetTerms
  period: Period
  currency: string
  used: Money
  amount: Money
  passedAt: string | null
}
/** `sets`: to which budgets a dimension set counts, of all sets up to `lastSet`. */
export type HardCaps = { caps: HardCap[]; sets: Map<number, number[]>; lastSet: number }

/** The hard caps of a project. Without one it is a single look at its budgets. Source: spend_rollup. */
export async function readHardCaps(tx: ProjectTx, now: number): Promise<HardCaps> {
  const budgets = (await standingBudgets(tx)).filter(({ cap }) => cap !== "none")
  if (budgets.length === 0) return { caps: [], sets: new Map(), lastSet: 0 }
  const calendar = await readCalendar(tx, now)
  const { sets, lastSet } = await readSets(tx, budgets)
  const used = await sumBudgets(
    tx,
    budgets,
    calendar.periods.map(({ period, dayFrom, dayTo }) => ({ name: period, level: 1440, from: dayFrom, to: dayTo })),
  )
  const passed = await readCaps(tx, calendar)
  const caps = budgets.map((terms): HardCap => {
    const period = calendar.periods.find((one) => one.period === terms.period)
    if (!period) throw new Error("a budget without its period")
    const { cost } = used.get(`${terms.id} ${terms.period}`) ?? NO_SUM
    const passedAt = passed.get(`${terms.id} ${period.from} ${terms.amount}`) ?? null
    return {
      terms,
      period,
      currency: calendar.currency,
      used: parseMoney(cost),
      amount: parseMoney(terms.amount),
      passedAt,
    }
  })
  return { caps, sets, lastSet }
}

async function readSets(tx: ProjectTx, budgets: readonly BudgetTerms[]): Promise<Omit<HardCaps, "caps">> {
  const rows = await selectRows(
    tx,
    sql`with asked as (${askedBudgets(tx, budgets)})
      select d.id as set_id, b.id as budget from dimension_sets d join asked b on ${countsTo(sql`d`)}
      where d.project_id = ${tx.projectId}
      union all select coalesce(max(d.id), 0), 0 from dimension_sets d where d.project_id = ${tx.projectId}`,
  )
  const sets = new Map<number, number[]>()
  let lastSet = 0
  for (const row of rows) {
    const [set, budget] = [readCount(row, "set_id"), readCount(row, "budget")]
    if (budget === 0) lastSet = set
    else sets.set(set, [...(sets.get(set) ?? []), budget])
  }
  return { sets, lastSet }
}

/** Why a line may not start runs: a passed hard cap of the project or of this workflow; null = none. For the workflow's gate. */
export async function capOfLine(
  tx: ProjectTx,
  workflow: string,
  now: number,
): Promise<
  (Pick<HardCap, "used" | "amount" | "currency"> & { name: string; period: string; since: string | null }) | null
> {
  const { caps } = await readHardCaps(tx, now)
  const cap = caps.find(
    ({ terms, used, amount }) =>
      isOver(used, amount) &&
      (terms.scope === "project" || (terms.scope === "workflow" && terms.scope_value === workflow)),
  )
  if (!cap) return null
  const { terms, used, amount, currency, passedAt } = cap
  return { name: terms.name, period: terms.period, used, amount, currency, since: passedAt }
}
