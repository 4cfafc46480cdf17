import { driverOf, type ProjectTx, pool, withProject } from "@/db/client"
import {
  readOverAlarms,
  readStoredAlarms,
  type StoredAlarm,
  saveAlarm,
  tryLockBudgets,
} from "@/db/queries/budget-alarms"
import { readStanding, type Standing } from "@/db/queries/budget-answer"
import { seeAllProjects } from "@/db/see"
import { BURN_RULES, type BurnRule } from "@/lib/burn"
import type { BudgetCap } from "@/lib/contracts/budgets"
import { parseMoney } from "@/lib/money"
import { toIso } from "@/lib/time"
import type { Severity } from "@/lib/vocabulary"
import { type AlarmChange, type Mark, nextAlarms } from "@/policy/budgets/alarms"
import { every, type Stop } from "./every"
import { announceHalts, type ConditionChange, settleConditions } from "./exceptions"

const EVERY_MS = 5_000
/** Three days of quarter hours are read once a minute: nobody is woken by them. */
const SLOW_EVERY = 12
const FAST_RULES = BURN_RULES.filter(({ isPage }) => isPage)

/** Looks at the budgets every few seconds. */
export function startBudgetWatch(): Stop {
  let turns = 0
  return every(EVERY_MS, "a look at the budgets failed; it is tried again in seconds", () =>
    watchBudgets(Date.now(), turns++ % SLOW_EVERY === 0 ? BURN_RULES : FAST_RULES),
  )
}

/** @returns how many alarms changed. A project without budgets costs a part of one statement. */
export async function watchBudgets(now: number, rules: readonly BurnRule[] = BURN_RULES): Promise<number> {
  const rows = await pool("maintenance").begin(async (tx) => {
    await seeAllProjects(tx)
    return await tx<{ id: number }[]>`select distinct project_id as id from budgets order by 1`
  })
  let changed = 0
  for (const { id } of rows) changed += await watchProject(id, now, rules)
  return changed
}

/**
 * Raises and clears what the budgets of a project say, exceptions and alarms in one transaction. One process does it at a time: who comes second leaves
 * it to the first.
 */
async function watchProject(projectId: number, now: number, rules: readonly BurnRule[]): Promise<number> {
  return await withProject(projectId, async (tx) => {
    if (!(await tryLockBudgets(tx))) return 0
    const { calendar, standing } = await readStanding(tx, now, rules)
    const stored = await readStoredAlarms(tx, calendar)
    const changes: Told[] = standing.flatMap(({ terms, period, ...one }) => {
      const own = (stored.get(terms.id) ?? []).filter((alarm) => alarm.period_from === period.from)
      return changesOf({ terms, period, ...one }, own, now).map((change) => ({
        change,
        budgetId: terms.id,
        periodFrom: period.from,
        name: terms.name,
        cap: terms.cap,
        workflow: terms.scope === "workflow" ? terms.scope_value : null,
        used: one.used.cost,
        currency: calendar.currency,
        amount: terms.amount,
      }))
    })
    const current = standing.map(({ terms, period }) => ({ id: terms.id, from: period.from }))
    for (const over of await readOverAlarms(tx, current))
      changes.push({
        ...over,
        currency: calendar.currency,
        change: { ...over.alarm, clearedAt: now, becomes: "cleared" },
      })
    const told = changes.filter(({ change }) => change.becomes === "raised" || change.becomes === "cleared")
    if (told.length > 0) await settle(tx, told)
    for (const { change, budgetId, periodFrom, used, amount } of changes)
      await saveAlarm(tx, {
        budgetId,
        periodFrom,
        mark: change.mark,
        raisedAt: change.raisedAt,
        clearedAt: change.clearedAt,
        calmSince: change.calmSince,
        facts: { used, amount },
        isRaised: change.becomes === "raised",
      })
    return changes.length
  })
}

type Told = {
  change: AlarmChange
  budgetId: number
  periodFrom: string
  name: string
  cap: BudgetCap
  workflow: string | null
  used: string
  amount: string
  currency: string
}

async function settle(tx: ProjectTx, told: readonly Told[]): Promise<void> {
  const conditions = told.map((one) => conditionOf(tx.projectId, one))
  await settleConditions(driverOf(tx), conditions, "sweep")
  await announceHalts(driverOf(tx), new Set([tx.projectId]))
}

/** A budget's mark in a period is one condition; the same mark of another period is the same exception again. */
function conditionOf(
  projectId: number,
  { change, budgetId, periodFrom, name, cap, workflow, used, amount, currency }: Told,
): ConditionChange {
  const { mark, raisedAt, clearedAt, becomes } = change
  const isCap = mark === "used_100" && cap !== "none"
  return {
    projectId,
    runId: "",
    kind: "budget",
    severity: SEVERITY[mark],
    subject: `${budgetId} ${periodFrom} ${mark}`,
    isActive: becomes === "raised",
    at: toIso(clearedAt ?? raisedAt),
    about: {
      kind: "budget",
      workflow,
      rule: isCap ? "T18" : null,
      step: null,
      own: `${budgetId} ${mark}`,
      reason: `Budget “${name}”: ${WORDS[mark]}`,
    },
    observed: used,
    limit: amount,
    unit: currency,
  }
}

function changesOf(
  { terms, period, used, windows }: Standing,
  stored: readonly StoredAlarm[],
  now: number,
): AlarmChange[] {
  const from = Date.parse(period.from)
  const ms = (text: string | null) => (text === null ? null : Date.parse(text))
  return nextAlarms(
    {
      at: now,
      amount: parseMoney(terms.amount),
      used: parseMoney(used.cost),
      elapsedMs: now - from,
      periodMs: Date.parse(period.to) - from,
      windows,
    },
    stored.map(({ mark, raised_at, cleared_at, calm_since }) => ({
      mark,
      raisedAt: Date.parse(raised_at),
      clearedAt: ms(cleared_at),
      calmSince: ms(calm_since),
    })),
  )
}

const SEVERITY: Record<Mark, Severity> = {
  used_50: "low",
  used_80: "high",
  used_100: "critical",
  burn_1h: "critical",
  burn_6h: "high",
  burn_3d: "low",
}
const WORDS: Record<Mark, string> = {
  used_50: "half of it is used",
  used_80: "80 % of it is used",
  used_100: "all of it is used",
  burn_1h: "it burns fast, over an hour and the last five minutes",
  burn_6h: "it burns fast, over six hours and the last half hour",
  burn_3d: "it burns steadily past its amount, over three days and the last six hours",
}
