import { describe, expect, it } from "vitest"
import {
  allowance,
  BURN_RULES,
  type BurnRule,
  burnRate,
  isBurning,
  isOver,
  isReached,
  permille,
  runRateForecast,
  threshold,
} from "./burn"
import { formatMoney, parseMoney } from "./money"

const HOUR = 3_600_000
const PERIOD = 720 * HOUR
const money = parseMoney
const AMOUNT = money("3000")
const hour = (cost: string, calls = 100) => ({ cost: money(cost), calls, ms: HOUR })
const rule = (mark: BurnRule["mark"]) => BURN_RULES.find((one) => one.mark === mark) as BurnRule

describe("burn rate (SRE Workbook, chapter 5; 3,000 dollars over 720 hours)", () => {
  it.each([
    ["burn_1h", 14_400n, "60", "5"],
    ["burn_6h", 6_000n, "150", "12.5"],
    ["burn_3d", 1_000n, "300", "25"],
  ] as const)("%s fires above its multiple and its share of the budget", (mark, multiple, long, short) => {
    const one = rule(mark)
    expect(threshold(one, PERIOD)).toBe(multiple)
    expect(formatMoney(allowance(one, one.longMs, AMOUNT, PERIOD))).toBe(long)
    expect(formatMoney(allowance(one, one.shortMs, AMOUNT, PERIOD))).toBe(short)
  })

  it("is in tolerance at the threshold and out of it one unit above", () => {
    const at = hour("60")
    expect(burnRate(at, AMOUNT, PERIOD)).toBe(14_400n)
    expect(isBurning({ ...at, cost: at.cost - 1n }, rule("burn_1h"), AMOUNT, PERIOD)).toBe(false)
    expect(isBurning(at, rule("burn_1h"), AMOUNT, PERIOD)).toBe(false)
    expect(isBurning({ ...at, cost: at.cost + 1n }, rule("burn_1h"), AMOUNT, PERIOD)).toBe(true)
  })

  it("takes a window for as long as it is: quarter hours make an hour up to a quarter longer", () => {
    expect(burnRate({ ...hour("60"), ms: 1.25 * HOUR }, AMOUNT, PERIOD)).toBe(11_520n)
  })

  it("keeps the share of a calendar month of 31 days, and does not call the even pace of a day a fire", () => {
    expect(threshold(rule("burn_1h"), 744 * HOUR)).toBe(14_880n)
    expect(threshold(rule("burn_1h"), 24 * HOUR)).toBe(14_400n)
    expect(threshold(rule("burn_6h"), 167 * HOUR)).toBe(6_000n)
  })
})

describe("shares of a budget", () => {
  it("reaches a mark at it, and passes the cap only above it", () => {
    expect(isReached(80, money("2399.999999"), AMOUNT)).toBe(false)
    expect(isReached(80, money("2400"), AMOUNT)).toBe(true)
    expect(isOver(AMOUNT - 1n, AMOUNT)).toBe(false)
    expect(isOver(AMOUNT, AMOUNT)).toBe(false)
    expect(isOver(AMOUNT + 1n, AMOUNT)).toBe(true)
  })

  it("has no share of nothing", () => {
    expect(permille(1n, 0n)).toBeNull()
    expect(permille(money("1500"), AMOUNT)).toBe(500n)
  })

  it("says the run rate once a thirtieth of the period is gone", () => {
    expect(runRateForecast(money("10"), PERIOD / 30 - 1, PERIOD)).toBeNull()
    expect(runRateForecast(money("100"), PERIOD / 30, PERIOD)).toBe(AMOUNT)
  })
})
