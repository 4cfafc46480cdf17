import { BURN_RULES, type BurnRule, isBurning, isReached, runRateForecast, type Window } from "@/lib/burn"
import { type Money, parseMoney } from "@/lib/money"
import { QUARTER_HOUR_MS } from "@/lib/time"

/** What a budget says of itself once a period: shares of it that are used up. */
export const MARKS = [50, 80, 100] as const
/** A burn alarm ends when its short window has been below for so long. */
const CALM_MS = QUARTER_HOUR_MS
const FEWEST_CALLS = 20
const LEAST_SPEND = parseMoney("1")

/** What is known of a budget at an instant. Windows by the marks of their rules; a rule whose windows were not read is left as it is. */
export type Reading = {
  at: number
  amount: Money
  used: Money
  elapsedMs: number
  periodMs: number
  windows: Partial<Record<BurnRule["mark"], { long: Window; short: Window }>>
}

export type Mark = `used_${(typeof MARKS)[number]}` | BurnRule["mark"]
/** An alarm of a period; cleared ones stay, so that a mark is told once. `calmSince`: since when the short window has been below. */
export type Alarm = { mark: Mark; raisedAt: number; clearedAt: number | null; calmSince: number | null }
export type AlarmChange = Alarm & { becomes: "raised" | "cleared" | "calming" | "burning" }

/**
 * What changes of a budget's alarms. A mark is raised once a period and clears only when it is no longer reached (a larger amount, a lower price);
 * a burn alarm is raised while both windows are above, and clears when the short one has been below for a quarter of an hour.
 */
export function nextAlarms(reading: Reading, alarms: readonly Alarm[]): AlarmChange[] {
  const known = new Map(alarms.map((alarm) => [alarm.mark, alarm]))
  const changes: AlarmChange[] = []
  for (const mark of MARKS) {
    const is = isReached(mark, reading.used, reading.amount)
    const change = settle(`used_${mark}`, is, known.get(`used_${mark}`), reading.at)
    if (change) changes.push(change)
  }
  for (const rule of BURN_RULES) {
    const windows = reading.windows[rule.mark]
    if (!windows || rule.longMs > reading.periodMs) continue
    const change = settleBurn(rule, windows, reading, known.get(rule.mark))
    if (change) changes.push(change)
  }
  return changes
}

function settle(mark: Mark, is: boolean, known: Alarm | undefined, at: number): AlarmChange | null {
  const isActive = known !== undefined && known.clearedAt === null
  if (is === isActive) return null
  if (is) return { mark, raisedAt: at, clearedAt: null, calmSince: null, becomes: "raised" }
  return known ? { ...known, clearedAt: at, becomes: "cleared" } : null
}

function settleBurn(
  rule: BurnRule,
  { long, short }: { long: Window; short: Window },
  reading: Reading,
  known: Alarm | undefined,
): AlarmChange | null {
  const { at, amount, periodMs } = reading
  const isHot = (window: Window) => isBurning(window, rule, amount, periodMs)
  if (!known || known.clearedAt !== null) {
    const hasVolume = long.calls >= FEWEST_CALLS || long.cost >= LEAST_SPEND
    const is = hasVolume && isHot(long) && isHot(short) && (rule.isPage || isHeadingOver(reading))
    return settle(rule.mark, is, undefined, at)
  }
  if (isHot(short)) return known.calmSince === null ? null : { ...known, calmSince: null, becomes: "burning" }
  if (known.calmSince === null) return { ...known, calmSince: at, becomes: "calming" }
  return at - known.calmSince < CALM_MS ? null : { ...known, clearedAt: at, becomes: "cleared" }
}

/** The even pace is what a budget is for: the slowest rule speaks only when the run rate leads past the amount. */
function isHeadingOver({ used, elapsedMs, periodMs, amount }: Reading): boolean {
  const forecast = runRateForecast(used, elapsedMs, periodMs)
  return forecast !== null && forecast > amount
}
