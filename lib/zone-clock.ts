export type Parts = { year: number; month: number; day: number; hour: number; minute: number; second: number }

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    })
    formatters.set(zone, formatter)
  }
  return formatter
}

/** What clocks in an IANA zone show at an instant. */
export function clockParts(zone: string, ms: number): Parts {
  const parts: Parts = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 }
  for (const { type, value } of formatterOf(zone).formatToParts(ms))
    if (type in parts) parts[type as keyof Parts] = Number(value)
  return parts
}

/** The same as if they showed UTC, milliseconds of whole seconds. */
export function wallClock(zone: string, ms: number): number {
  const { year, month, day, hour, minute, second } = clockParts(zone, ms)
  return Date.UTC(year, month - 1, day, hour, minute, second)
}
