import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { displayMoney, divideMoney, formatMoney, parseMoney, roundMoney, sumMoney, toPixels } from "@/lib/money"

const whole = fc.bigInt({ min: 0n, max: 10n ** 30n })
const money = fc.bigInt({ min: -(10n ** 50n), max: 10n ** 50n })

describe("exact decimals", () => {
  test("what is written is read again, to the last of 24 decimals", () => {
    fc.assert(fc.property(money, (value) => parseMoney(formatMoney(value)) === value))
  })

  test("one text a value: no exponent, no trailing zeros, no sign of zero", () => {
    fc.assert(fc.property(money, (value) => /^(0|-?(0\.\d*[1-9]|[1-9]\d*(\.\d*[1-9])?))$/.test(formatMoney(value))))
    expect(["1.50", "01.5", "1.500000000000000000000000000000"].map((text) => formatMoney(parseMoney(text)))).toEqual([
      "1.5",
      "1.5",
      "1.5",
    ])
    expect(["-0", "0.0", "-0.000"].map((text) => formatMoney(parseMoney(text)))).toEqual(["0", "0", "0"])
  })

  test("23 decimals of a token's price times its tokens", () => {
    expect(formatMoney(parseMoney("0.00000000000000000000001") * 7n)).toBe("0.00000000000000000000007")
    expect(formatMoney(parseMoney("0.000000000000000000000001"))).toBe("0.000000000000000000000001")
  })

  test.each(["", " 1", "1 ", "1e3", "1E-7", "0x10", "NaN", "Infinity", "-", ".5", "5.", "1,000.00", "+1", "--1", "١"])(
    "%j is no amount",
    (text) => {
      expect(() => parseMoney(text)).toThrow(RangeError)
    },
  )

  test("a 25th decimal is refused rather than lost", () => {
    expect(() => parseMoney(`0.${"0".repeat(24)}1`)).toThrow(RangeError)
    expect(parseMoney(`0.${"0".repeat(30)}`)).toBe(0n)
  })

  test("sums are exact where floats are not; the sum of nothing known is unknown", () => {
    expect(sumMoney(["0.1", "0.2"])).toBe("0.3")
    expect(sumMoney(Array.from({ length: 1000 }, () => "0.001"))).toBe("1")
    expect(sumMoney([null, "1", null])).toBe("1")
    expect(sumMoney([null, null])).toBeNull()
    expect(sumMoney([])).toBeNull()
    expect(sumMoney(["0"])).toBe("0")
  })
})

describe("rounding is done once, half away from zero", () => {
  test.each([
    ["0.005", 2, "0.01"],
    ["0.0049999999999999999999", 2, "0.00"],
    ["-0.005", 2, "-0.01"],
    ["-0.004", 2, "0.00"],
    ["1.005", 2, "1.01"],
    ["999.995", 2, "1000.00"],
    ["2.5", 0, "3"],
    ["0.4", 0, "0"],
    ["123456789012345678.125", 2, "123456789012345678.13"],
  ])("%s to %i decimals is %s", (text, decimals, expected) => {
    expect(roundMoney(text, decimals)).toBe(expected)
  })

  test("never further away than half of the last digit", () => {
    fc.assert(
      fc.property(money, fc.integer({ min: 0, max: 24 }), (value, decimals) => {
        const error = parseMoney(roundMoney(formatMoney(value), decimals)) - value
        return (error < 0n ? -error : error) * 2n <= 10n ** BigInt(24 - decimals)
      }),
    )
  })
})

describe("for a reader", () => {
  test.each([
    ["0.00042", "$0.00042"],
    ["0.000421789", "$0.00042"],
    ["0.0099999", "$0.01"],
    ["0.00999", "$0.01"],
    ["0.0098", "$0.0098"],
    ["0.01", "$0.01"],
    ["0.014", "$0.01"],
    ["0.000000000000000000000001", "$0.000000000000000000000001"],
    ["0", "$0.00"],
    ["54", "$54.00"],
    ["1234567.891", "$1,234,567.89"],
    ["-5", "-$5.00"],
    ["-0.00042", "-$0.00042"],
    ["0.04340025", "$0.04"],
  ])("%s is shown as %s", (text, shown) => {
    expect(displayMoney(text)).toBe(shown)
  })

  test("unknown is unpriced; another currency says its name", () => {
    expect(displayMoney(null)).toBe("unpriced")
    expect(displayMoney("1.5", "EUR")).toBe("EUR 1.50")
  })

  test("what is not zero is never shown as zero", () => {
    fc.assert(fc.property(money, (value) => value === 0n || /[1-9]/.test(displayMoney(formatMoney(value)))))
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 22n }), (value) => /[1-9]/.test(displayMoney(formatMoney(value)))),
    )
  })

  test("a chart's height is the one float, and unknown has none", () => {
    fc.assert(fc.property(whole, (value) => toPixels(formatMoney(value)) !== null))
    expect(toPixels("1.5")).toBe(1.5)
    expect(toPixels(null)).toBeNull()
  })
})

test("a quotient keeps what a display needs; nothing to divide by, or nothing known, is no quotient", () => {
  expect(divideMoney("10", 4)).toBe("2.5")
  expect(divideMoney("1", 3)).toBe("0.333333333333333333333333")
  expect(divideMoney("1", 0)).toBeNull()
  expect(divideMoney(null, 2)).toBeNull()
})
