import { formatMoney, parseMoney, roundMoney } from "@/lib/money"

const NUMBER = /^([+-]?)(\d{1,20})(?:\.(\d{1,60}))?(?:[eE]([+-]?\d{1,3}))?$/
const MOST = parseMoney("99999999")

/**
 * An amount of money of another format, a number or its text, with or without an exponent, as events hold it: at most 12 decimals, the rest
 * rounded. Digits are moved, never calculated with floats. Null for what is no amount, is negative, or is more than an event may hold.
 */
export function toAmount(value: unknown): string | null {
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : ""
  const parts = NUMBER.exec(text)
  if (!parts) return null
  const [, sign, whole = "", fraction = "", exponent = "0"] = parts
  const digits = `${whole}${fraction}`
  if (/^0+$/.test(digits)) return "0"
  if (sign === "-") return null
  const point = whole.length + Number(exponent)
  if (point > 20) return null
  const padded = point < 0 ? `${"0".repeat(Math.min(-point, 100))}${digits}` : digits.padEnd(point, "0")
  const at = Math.max(0, point)
  const decimals = padded.slice(at, at + 24)
  const amount = parseMoney(`${padded.slice(0, at) || "0"}${decimals === "" ? "" : `.${decimals}`}`)
  return amount > MOST ? null : formatMoney(parseMoney(roundMoney(formatMoney(amount), 12)))
}
