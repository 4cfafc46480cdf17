import { parseMoney } from "@/lib/money"
import { clockParts, type Parts, wallClock } from "@/lib/zone-clock"

/**
 * Figures and instants for a reader. Zone and `now` are arguments, and no locale data of the machine is used beyond the zone's own rules:
 * the server's HTML and the browser's first render must be the same text.
 */
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const

/** No zone changes its clocks twice within this. */
const STRETCH_MS = 4 * 24 * 3_600_000
const MOST_OFFSETS = 10_000
const offsets = new Map<string, number | null>()

/**
 * Wall-clock parts of an instant in an IANA zone. Reckoned with the zone's offset of those days, which is asked for once: a page names hundreds of
 * instants, and the calendar of `Intl` takes twenty times as long for each. Where clocks change within those days, it is asked after all.
 */
function partsIn(zone: string, ms: number): Parts {
  if (!(ms >= 0)) return clockParts(zone, ms)
  const stretch = Math.floor(ms / STRETCH_MS)
  const key = `${stretch} ${zone}`
  let offset = offsets.get(key)
  if (offset === undefined) {
    if (offsets.size >= MOST_OFFSETS) offsets.clear()
    const [first, last] = [stretch * STRETCH_MS, (stretch + 1) * STRETCH_MS - 1000].map(
      (at) => wallClock(zone, at) - at,
    )
    offset = first === last ? (first ?? null) : null
    offsets.set(key, offset)
  }
  if (offset === null) return clockParts(zone, ms)
  const local = new Date(ms + offset)
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
  }
}

const two = (n: number): string => String(n).padStart(2, "0")

/** `20 Nov 14:02`; the year when it is not that of `now`. */
export function formatInstant(iso: string, zone: string, now: number): string {
  const at = partsIn(zone, Date.parse(iso))
  const year = at.year === partsIn(zone, now).year ? "" : ` ${at.year}`
  return `${at.day} ${MONTHS[at.month - 1]}${year} ${two(at.hour)}:${two(at.minute)}`
}

/** `2026-11-20 14:02:31.204 Europe/Berlin`: nothing left out, for a title. */
export function formatExact(iso: string, zone: string): string {
  const ms = Date.parse(iso)
  const at = partsIn(zone, ms)
  const date = `${at.year}-${two(at.month)}-${two(at.day)}`
  return `${date} ${two(at.hour)}:${two(at.minute)}:${two(at.second)}.${String(((ms % 1000) + 1000) % 1000).padStart(3, "0")} ${zone}`
}

/** `14:02` */
export function formatClock(iso: string, zone: string): string {
  const at = partsIn(zone, Date.parse(iso))
  return `${two(at.hour)}:${two(at.minute)}`
}

/** The name of a time bucket as its grain needs it: `20 Nov 14:00`, `20 Nov`, `20 Nov` (week: its first day), `Nov 2026`. */
export function formatBucket(iso: string, zone: string, grain: "15m" | "hour" | "day" | "week" | "month"): string {
  const at = partsIn(zone, Date.parse(iso))
  const day = `${at.day} ${MONTHS[at.month - 1]}`
  switch (grain) {
    case "15m":
    case "hour":
      return `${day} ${two(at.hour)}:${two(at.minute)}`
    case "day":
    case "week":
      return day
    case "month":
      return `${MONTHS[at.month - 1]} ${at.year}`
    default:
      return grain satisfies never
  }
}

/** `820 ms`, `3.2 s`, `1 min 42 s`, `41 min`, `2 h 05 min`, `3 d 4 h`, `88 d`; two units at most, hours only while they still matter. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 10) return `${minutes} min ${two(Math.floor(ms / 1000) % 60)} s`
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ${two(minutes % 60)} min`
  const days = Math.floor(hours / 24)
  return days >= 10 || hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`
}

/** `just now`, `4 min ago`, `3 d 4 h ago`; a time that has not come yet says so. */
export function formatAgo(iso: string, now: number): string {
  const age = now - Date.parse(iso)
  if (age < -60_000) return `in ${formatDuration(-age)}`
  if (age < 5_000) return "just now"
  if (age < 60_000) return `${Math.floor(age / 1000)} s ago`
  return `${formatDuration(age)} ago`
}

/** The same text, its numbers never parted from their units where a line ends. */
export function keepUnits(text: string): string {
  return text.replace(/(\d) (?=(?:ms|s|min|h|d)\b|%)/g, "$1\u00a0").replace(/(\d\u00a0(?:d|h|min)) (?=\d)/g, "$1\u00a0")
}

/** `12,345` */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",")
}

/** `950`, `12.3k`, `1.20M`: three digits at most, for columns where the exact value is in the title. */
export function formatCompact(count: number): string {
  for (const [unit, size] of [
    ["T", 1e12],
    ["G", 1e9],
    ["M", 1e6],
    ["k", 1e3],
  ] as const) {
    if (count < size) continue
    const value = count / size
    return `${value >= 100 ? Math.floor(value) : value.toFixed(value >= 10 ? 1 : 2)}${unit}`
  }
  return String(count)
}

/** `1 run`, `12 runs` */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** `12.3 %` of a count; null when there is nothing to be a part of. Never `100.0 %` or `0.0 %` for what is only nearly so. */
export function formatShare(part: number, whole: number): string | null {
  return whole === 0 ? null : perMille((BigInt(part) * 10_000n) / BigInt(whole), part === whole, part === 0)
}

/** The same of decimal strings, exact; null when either is unknown or the whole is zero. */
export function formatMoneyShare(part: string | null, whole: string | null): string | null {
  if (part === null || whole === null) return null
  const [a, b] = [parseMoney(part), parseMoney(whole)]
  return b === 0n ? null : perMille((a * 10_000n) / b, a === b, a === 0n)
}

function perMille(hundredths: bigint, isWhole: boolean, isNone: boolean): string {
  const tenths = Number((hundredths + 5n) / 10n)
  if (tenths >= 1000 && !isWhole) return "> 99.9 %"
  if (tenths <= 0 && !isNone) return "< 0.1 %"
  return `${(tenths / 10).toFixed(1)} %`
}

/** A long id cut in its middle, both ends kept: that is where ids differ. */
export function shortenMiddle(text: string, length = 20): string {
  if (text.length <= length) return text
  const tail = Math.floor((length - 1) / 3)
  return `${text.slice(0, length - 1 - tail)}…${text.slice(-tail)}`
}

/** `950 B`, `12.3 kB`, `1.20 GB`: units of a thousand, three digits. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ["kB", "MB", "GB", "TB", "PB"]
  let value = bytes / 1000
  // What would be rounded up to 1000 is 1.00 of the next unit.
  while (value >= 999.5 && units.length > 1) {
    units.shift()
    value /= 1000
  }
  return `${value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)} ${units[0]}`
}
