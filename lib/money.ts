/**
 * Exact decimals as bigint in units of 10^-24: token prices have up to 23 decimals, reported costs up to 12.
 * The only place where decimal strings are taken apart; sums over many rows are done in SQL on `numeric`.
 */
const SCALE = 24
const UNIT = 10n ** BigInt(SCALE)
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/

export type Money = bigint

/** @throws RangeError when `text` is not a plain decimal or has more than 24 decimals that are not zero. */
export function parseMoney(text: string): Money {
  const parts = DECIMAL.exec(text)
  if (!parts) throw new RangeError("not a plain decimal")
  let fraction = parts[3] ?? ""
  if (fraction.length > SCALE) {
    if (/[^0]/.test(fraction.slice(SCALE))) throw new RangeError("more than 24 decimals")
    fraction = fraction.slice(0, SCALE)
  }
  const value = BigInt(parts[2] as string) * UNIT + BigInt(fraction.padEnd(SCALE, "0"))
  return parts[1] ? -value : value
}

/** Canonical form: no exponent, no trailing zeros, `"0"` for zero. `parseMoney(formatMoney(x)) === x`. */
export function formatMoney(value: Money): string {
  const sign = value < 0n ? "-" : ""
  const digits = (value < 0n ? -value : value).toString().padStart(SCALE + 1, "0")
  const whole = digits.slice(0, -SCALE)
  const fraction = digits.slice(-SCALE).replace(/0+$/, "")
  return fraction ? `${sign}${whole}.${fraction}` : `${sign}${whole}`
}

/** Sum of decimal strings, exact; null when every part is null (unknown is not zero). */
export function sumMoney(parts: Iterable<string | null>): string | null {
  let sum: Money | null = null
  for (const part of parts) if (part !== null) sum = (sum ?? 0n) + parseMoney(part)
  return sum === null ? null : formatMoney(sum)
}

/** A quotient for display, such as spend per run: cut at 24 decimals; null when there is nothing to divide by. */
export function divideMoney(text: string | null, by: number): string | null {
  return text === null || by === 0 ? null : formatMoney(parseMoney(text) / BigInt(by))
}

/** Rounds half away from zero to `decimals`, keeping that many digits. */
export function roundMoney(text: string, decimals: number): string {
  const value = parseMoney(text)
  const step = 10n ** BigInt(SCALE - decimals)
  const half = step / 2n
  const steps = (value < 0n ? value - half : value + half) / step
  const digits = (steps < 0n ? -steps : steps).toString().padStart(decimals + 1, "0")
  const whole = decimals === 0 ? digits : digits.slice(0, -decimals)
  const body = decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`
  return steps < 0n ? `-${body}` : body
}

/**
 * A cost for a reader: two decimals from one cent up, else enough decimals for two significant digits; never `$0.00` for a
 * cost that is not zero. `null` is "unpriced".
 */
export function displayMoney(text: string | null, currency = "USD", locale = "en-US"): string {
  if (text === null) return "unpriced"
  const value = parseMoney(text)
  const absolute = value < 0n ? -value : value
  let decimals = 2
  if (absolute > 0n && absolute < UNIT / 100n) {
    const leadingZeros = SCALE - absolute.toString().length
    decimals = Math.min(leadingZeros + 2, SCALE)
  }
  const rounded = roundMoney(text, decimals)
  const negative = rounded.startsWith("-")
  const [whole = "0", fraction] = rounded.replace("-", "").split(".")
  const grouped = BigInt(whole).toLocaleString(locale)
  const trimmed = decimals > 2 ? (fraction ?? "").replace(/0+$/, "") : fraction
  const symbol = currency === "USD" ? "$" : `${currency} `
  return `${negative ? "-" : ""}${symbol}${grouped}${trimmed ? `.${trimmed}` : ""}`
}

/** The one way from money to a float: for a chart's y position, never for a figure that is shown or summed. */
export function toPixels(text: string | null): number | null {
  return text === null ? null : Number(text)
}
