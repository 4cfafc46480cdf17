import { describe, expect, it } from "vitest"
import { parseMoney } from "@/lib/money"
import { type Alarm, nextAlarms, type Reading } from "./alarms"

const HOUR = 3_600_000
const PERIOD = 720 * HOUR
const money = parseMoney
const AMOUNT = money("3000")
const hour = (cost: string, calls = 100) => ({ cost: money(cost), calls, ms: HOUR })
const fiveMinutes = (cost: string) => ({ cost: money(cost), calls: 10, ms: HOUR / 12 })
const reading = (given: Partial<Reading>): Reading => ({
  at: 0,
  amount: AMOUNT,
  used: 0n,
  elapsedMs: PERIOD / 2,
  periodMs: PERIOD,
  windows: {},
  ...given,
})

describe("alarms of a budget", () => {
  const raise = (given: Partial<Reading>, alarms: Alarm[] = []) =>
    nextAlarms(reading(given), alarms).map(({ mark, becomes }) => `${mark} ${becomes}`)
  const alarm = (mark: Alarm["mark"], given: Partial<Alarm> = {}): Alarm => ({
    mark,
    raisedAt: 0,
    clearedAt: null,
    calmSince: null,
    ...given,
  })

  it("tells each mark once", () => {
    expect(raise({ used: money("1499.99") })).toEqual([])
    expect(raise({ used: money("2400") })).toEqual(["used_50 raised", "used_80 raised"])
    expect(raise({ used: money("2999") }, [alarm("used_50"), alarm("used_80")])).toEqual([])
    expect(raise({ used: money("3000") }, [alarm("used_50"), alarm("used_80")])).toEqual(["used_100 raised"])
  })

  it("takes a mark back when a larger amount is no longer reached", () => {
    expect(raise({ used: money("1600"), amount: money("4000") }, [alarm("used_50")])).toEqual(["used_50 cleared"])
  })

  it("needs both windows above, and twenty calls or a dollar", () => {
    const burn = (long: ReturnType<typeof hour>, short: ReturnType<typeof hour>, amount = AMOUNT) =>
      raise({ amount, windows: { burn_1h: { long, short } } })
    expect(burn(hour("61"), fiveMinutes("5.1"))).toEqual(["burn_1h raised"])
    expect(burn(hour("61"), fiveMinutes("5"))).toEqual([])
    expect(burn(hour("60"), fiveMinutes("5.1"))).toEqual([])
    const small = money("1")
    expect(burn(hour("0.99", 19), fiveMinutes("0.5"), small)).toEqual([])
    expect(burn(hour("0.99", 20), fiveMinutes("0.5"), small)).toEqual(["burn_1h raised"])
    expect(burn(hour("1", 1), fiveMinutes("0.5"), small)).toEqual(["burn_1h raised"])
  })

  it("raises the slowest rule only when the run rate leads past the amount", () => {
    const windows = {
      burn_3d: {
        long: { cost: money("301"), calls: 100, ms: 72 * HOUR },
        short: { cost: money("26"), calls: 9, ms: 6 * HOUR },
      },
    }
    expect(raise({ windows, used: money("1400") })).toEqual([])
    expect(raise({ windows, used: money("1501") })).toEqual(["used_50 raised", "burn_3d raised"])
    expect(raise({ windows, used: money("20"), periodMs: 24 * HOUR, elapsedMs: HOUR, amount: money("100") })).toEqual(
      [],
    )
  })

  it("clears a burn when its short window has been below for a quarter of an hour without a break", () => {
    const windows = { burn_1h: { long: hour("90"), short: fiveMinutes("0") } }
    const hot = { burn_1h: { long: hour("90"), short: fiveMinutes("9") } }
    const at = (minutes: number) => minutes * 60_000
    expect(raise({ at: at(10), windows }, [alarm("burn_1h")])).toEqual(["burn_1h calming"])
    expect(raise({ at: at(24), windows }, [alarm("burn_1h", { calmSince: at(10) })])).toEqual([])
    expect(raise({ at: at(24), windows: hot }, [alarm("burn_1h", { calmSince: at(10) })])).toEqual(["burn_1h burning"])
    expect(raise({ at: at(25), windows }, [alarm("burn_1h", { calmSince: at(10) })])).toEqual(["burn_1h cleared"])
    expect(raise({ at: at(25), windows: hot }, [alarm("burn_1h", { clearedAt: at(20) })])).toEqual(["burn_1h raised"])
  })

  it("leaves a rule alone whose windows were not read", () => {
    expect(raise({}, [alarm("burn_6h", { calmSince: 0 })])).toEqual([])
  })
})
