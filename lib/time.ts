/** Instants on the wire are RFC 3339 with a zone; inside they are milliseconds of UTC. Ranges are half-open. */
const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/
/** No place is further from UTC than 14 hours; PostgreSQL, which reads these texts too, refuses 16. */
const MAX_OFFSET_HOURS = 15
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export const QUARTER_HOUR_MS = 15 * 60 * 1000
export const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Strict RFC 3339: `new Date()` is no validator (it turns 30 February into 2 March and reads zoneless text as local time).
 * @returns milliseconds of UTC, cut (not rounded) below the millisecond, or null when the text is no instant from 2000 to 2100.
 */
export function parseInstant(text: string): number | null {
  return plainInstant(text) ?? anyInstant(text)
}

/** `2026-01-31T23:59:59Z`, with decimals or without: what nearly all senders write, read without the ten texts of a match. Null for every other form. */
function plainInstant(text: string): number | null {
  const { length } = text
  const decimals = length - "2026-01-31T23:59:59.Z".length
  if ((length !== 20 && (decimals < 1 || decimals > 9)) || text[10] !== "T" || text[length - 1] !== "Z") return null
  if (text[4] !== "-" || text[7] !== "-" || text[13] !== ":" || text[16] !== ":") return null
  if (length !== 20 && text[19] !== ".") return null
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 7)
  const day = digits(text, 8, 10)
  const hour = digits(text, 11, 13)
  const minute = digits(text, 14, 16)
  const second = digits(text, 17, 19)
  const fraction = length === 20 ? 0 : digits(text, 20, Math.min(23, length - 1))
  // What is no number or no date, and the leap day, are for the rule itself.
  if (year < 2000 || year > 2099 || month < 1 || month > 12 || day < 1 || day > (DAYS[month - 1] as number)) return null
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || fraction < 0) return null
  if (decimals > 3 && digits(text, 23, length - 1) < 0) return null
  return Date.UTC(year, month - 1, day, hour, minute, second, fraction * (PER_DECIMALS[decimals] ?? 1))
}

/** Milliseconds in the last decimal that is read. */
const PER_DECIMALS = [0, 100, 10]

/** -1 for what is no number. */
function digits(text: string, from: number, to: number): number {
  let value = 0
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

function anyInstant(text: string): number | null {
  const m = RFC3339.exec(text)
  if (!m) return null
  const year = Number(m[1])
  const month = Number(m[2])
  const day = Number(m[3])
  const hour = Number(m[4])
  const minute = Number(m[5])
  const second = Number(m[6])
  const leapDay = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0
  if (month < 1 || month > 12 || day < 1 || day > (DAYS[month - 1] as number) + leapDay) return null
  if (hour > 23 || minute > 59 || second > 59) return null
  const fraction = m[7] ? Number(m[7].padEnd(3, "0").slice(0, 3)) : 0
  let instant = Date.UTC(year, month - 1, day, hour, minute, second, fraction)
  if (m[8]) {
    const zoneHour = Number(m[9])
    const zoneMinute = Number(m[10])
    if (zoneHour > MAX_OFFSET_HOURS || zoneMinute > 59) return null
    const offset = (zoneHour * 60 + zoneMinute) * 60_000
    instant += m[8] === "+" ? -offset : offset
  }
  const utcYear = new Date(instant).getUTCFullYear()
  return utcYear < 2000 || utcYear >= 2100 ? null : instant
}

/**
 * As `Date` writes it. Ingest writes six instants a span, most of them in a minute that was just written; the engine takes ten times as long for each.
 * @throws RangeError for what is no instant.
 */
export function toIso(ms: number): string {
  const minute = Math.floor(ms / MINUTE_MS)
  const known = minutes[minute & (KEPT_MINUTES - 1)]
  const rest = ms - minute * MINUTE_MS
  if (known === undefined || known.minute !== minute || !Number.isInteger(rest)) return written(ms, minute)
  const second = Math.floor(rest / 1000)
  const millisecond = rest - second * 1000
  const zeros = millisecond < 10 ? "00" : millisecond < 100 ? "0" : ""
  return `${known.text}${second < 10 ? "0" : ""}${second}.${zeros}${millisecond}Z`
}

const MINUTE_MS = 60_000
const KEPT_MINUTES = 64
const minutes: { minute: number; text: string }[] = []

function written(ms: number, minute: number): string {
  const text = new Date(ms).toISOString()
  minutes[minute & (KEPT_MINUTES - 1)] = { minute, text: text.slice(0, -"00.000Z".length) }
  return text
}

/** Start of the quarter hour that holds `ms`. Every IANA offset since 2000 is a multiple of 15 minutes, so no quarter hour straddles two local days. */
export function quarterHour(ms: number): number {
  return Math.floor(ms / QUARTER_HOUR_MS) * QUARTER_HOUR_MS
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone })
    return /^[A-Za-z0-9_+\-/]+$/.test(zone)
  } catch {
    return false
  }
}
