import type { Money } from "@/lib/money"
import { DAY_MS } from "@/lib/time"

/** Arithmetic of budgets: exact, no clock (time is an argument), no I/O. Money is in units of `lib/money.ts`, time in milliseconds. */
const HOUR = 3_600_000
const MINUTE = 60_000
const MONTH = 30 * DAY_MS

export type BurnRule = {
  mark: "burn_1h" | "burn_6h" | "burn_3d"
  /** In percent: the long window's share of the budget of a month at which the rule fires. */
  percent: bigint
  longMs: number
  shortMs: number
  /** A page wakes somebody, a ticket waits for the morning. */
  isPage: boolean
}

/** The SRE Workbook's: 14.4, 6 and 1 times the even pace of a month of 720 hours. */
export const BURN_RULES: readonly BurnRule[] = [
  { mark: "burn_1h", percent: 2n, longMs: HOUR, shortMs: 5 * MINUTE, isPage: true },
  { mark: "burn_6h", percent: 5n, longMs: 6 * HOUR, shortMs: 30 * MINUTE, isPage: true },
  { mark: "burn_3d", percent: 10n, longMs: 72 * HOUR, shortMs: 6 * HOUR, isPage: false },
]

/** What a stretch of time cost; `ms` is how long it really is, which quarter hours may make longer than was asked for. */
export type Window = { cost: Money; calls: number; ms: number }

/** Tenths of a percent of `whole` that `part` is, cut; null where there is no whole. */
export function permille(part: Money, whole: Money): bigint | null {
  return whole <= 0n ? null : (part * 1000n) / whole
}

/** A mark is reached at its share; the cap of 100 % is passed only above it, see `isOver`. */
export const isReached = (mark: number, used: Money, amount: Money): boolean => used * 100n >= amount * BigInt(mark)

/** A limit is inclusive: a budget that is used up to the last digit is not yet exceeded. */
export const isOver = (used: Money, amount: Money): boolean => used > amount

/**
 * The period that a rule's share is of. A day or a week counts as a month: two percent of a day's budget in an hour is less than its even pace.
 */
const shareOf = (periodMs: number): number => (periodMs < 27 * DAY_MS ? MONTH : periodMs)

/** The multiple of the even pace at which a rule fires, in thousandths: share x period / window. V14: 14.4, 6, 1 for 720 hours. */
export function threshold({ percent, longMs }: BurnRule, periodMs: number): bigint {
  return (percent * 1000n * BigInt(shareOf(periodMs))) / (100n * BigInt(longMs))
}

/** How many times the even pace of its budget a window spends, in thousandths, cut; null where there is no pace. */
export function burnRate({ cost, ms }: Window, amount: Money, periodMs: number): bigint | null {
  return amount <= 0n || ms <= 0 ? null : (cost * BigInt(periodMs) * 1000n) / (amount * BigInt(ms))
}

/** Exactly, without the cut of the figures above; at the threshold a window is still in tolerance. */
export function isBurning({ cost, ms }: Window, rule: BurnRule, amount: Money, periodMs: number): boolean {
  const spent = cost * 100n * BigInt(periodMs) * BigInt(rule.longMs)
  return ms > 0 && spent > amount * rule.percent * BigInt(shareOf(periodMs)) * BigInt(ms)
}

/** What a window may cost at most before its rule fires; V14: 60, 150 and 300 of 3,000 a month of 720 hours. */
export function allowance(rule: BurnRule, windowMs: number, amount: Money, periodMs: number): Money {
  return (
    (amount * rule.percent * BigInt(shareOf(periodMs)) * BigInt(windowMs)) /
    (100n * BigInt(periodMs) * BigInt(rule.longMs))
  )
}

/** At this rate of the period so far, by its end; null before a thirtieth of it is gone. Not a prediction: it knows no weekdays. */
export function runRateForecast(used: Money, elapsedMs: number, periodMs: number): Money | null {
  return elapsedMs * 30 < periodMs ? null : (used * BigInt(periodMs)) / BigInt(elapsedMs)
}
