import type { ProjectTx } from "@/db/client"
import {
  BURN_RULES,
  type BurnRule,
  burnRate,
  isBurning,
  isOver,
  permille,
  runRateForecast,
  threshold,
  type Window,
} from "@/lib/burn"
import type { Budget, BudgetList } from "@/lib/contracts/budgets"
import { formatMoney, parseMoney } from "@/lib/money"
import { toIso } from "@/lib/time"
import { readCaps, readStoredAlarms } from "./budget-alarms"
import { readWindows, type Windows } from "./budget-windows"
import {
  type BudgetTerms,
  type Calendar,
  NO_SUM,
  type Period,
  readCalendar,
  standingBudgets,
  sumBudgets,
} from "./budgets"

/** A budget with what it has come to; figures as exact as the roll-up. */
export type Standing = {
  terms: BudgetTerms
  period: Period
  used: { cost: string; calls: number; unpriced: number }
  windows: Windows
}

/** Every budget that stands with its period and its windows. Source: spend_rollup; five minutes from the newest calls. */
export async function readStanding(
  tx: ProjectTx,
  now: number,
  rules: readonly BurnRule[] = BURN_RULES,
): Promise<{ calendar: Calendar; standing: Standing[] }> {
  const budgets = await standingBudgets(tx)
  const calendar = await readCalendar(tx, now)
  const stretches = calendar.periods.map(({ period, dayFrom, dayTo }) => ({
    name: period,
    level: 1440 as const,
    from: dayFrom,
    to: dayTo,
  }))
  const used = await sumBudgets(tx, budgets, stretches)
  const windows = await readWindows(tx, budgets, now, rules)
  const standing = budgets.map((terms): Standing => {
    const period = calendar.periods.find((one) => one.period === terms.period)
    if (!period) throw new Error("a budget without its period")
    return {
      terms,
      period,
      used: used.get(`${terms.id} ${terms.period}`) ?? NO_SUM,
      windows: windows.get(terms.id) ?? {},
    }
  })
  return { calendar, standing }
}

/**
 * The budgets of the project as they stand now: used, left, pace, burn, alarms of the period.
 * @returns all of them (a project has at most a hundred), the most used first. Amounts in the project's currency.
 */
export async function listBudgets(tx: ProjectTx, _filters: unknown, now: number): Promise<BudgetList> {
  const { calendar, standing } = await readStanding(tx, now)
  const alarms = await readStoredAlarms(tx, calendar)
  const caps = await readCaps(tx, calendar)
  const items = standing.map((one) => {
    const { id } = one.terms
    const { from } = one.period
    const own = (alarms.get(id) ?? []).filter((alarm) => alarm.period_from === from)
    const shown = own.map(({ mark, raised_at, cleared_at }) => ({ mark, raised_at, cleared_at }))
    return toBudget(one, now, shown, caps.get(`${id} ${from} ${one.terms.amount}`) ?? null)
  })
  items.sort((a, b) => b.used_permille - a.used_permille || a.id - b.id)
  return { items, next_cursor: null, count: null, tz: calendar.zone, currency: calendar.currency, at: toIso(now) }
}

function toBudget(
  { terms, period, used, windows }: Standing,
  now: number,
  alarms: Budget["alarms"],
  cap: string | null,
): Budget {
  const [spent, amount] = [parseMoney(used.cost), parseMoney(terms.amount)]
  const periodMs = Date.parse(period.to) - Date.parse(period.from)
  const elapsedMs = Math.min(periodMs, Math.max(0, now - Date.parse(period.from)))
  const forecast = runRateForecast(spent, elapsedMs, periodMs)
  const { is_ended: _, ...shown } = terms
  return {
    ...shown,
    range: { from: period.from, to: period.to },
    used: used.cost,
    calls: used.calls,
    unpriced_calls: used.unpriced,
    left: formatMoney(amount - spent),
    used_permille: Number(permille(spent, amount) ?? 0n),
    gone_permille: Math.floor((elapsedMs * 1000) / periodMs),
    forecast: forecast === null ? null : formatMoney(forecast),
    burns: BURN_RULES.filter((rule) => rule.longMs <= periodMs).map((rule) => {
      const pair = windows[rule.mark]
      const rate = (window: Window | undefined) => {
        const found = window && burnRate(window, amount, periodMs)
        return found === undefined || found === null ? null : Number(found)
      }
      return {
        mark: rule.mark,
        long: rate(pair?.long),
        short: rate(pair?.short),
        limit: Number(threshold(rule, periodMs)),
        is_burning: pair
          ? isBurning(pair.long, rule, amount, periodMs) && isBurning(pair.short, rule, amount, periodMs)
          : false,
      }
    }),
    alarms,
    halts_since: terms.cap !== "none" && isOver(spent, amount) ? cap : null,
    overshoot: isOver(spent, amount) ? formatMoney(spent - amount) : "0",
  }
}
