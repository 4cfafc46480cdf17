const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en-US", {
      ...({ timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" } as const),
      ...({ hour: "numeric", minute: "numeric", second: "numeric" } as const),
    })
    formatters.set(zone, formatter)
  }
  return formatter
}

/** What clocks in the zone show, as if they showed UTC; whole seconds. */
function wallClock(zone: string, ms: number): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatterOf(zone).formatToParts(ms)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

const MOST_OFFSET_S = 16 * 3600

/**
 * The first instant of a calendar day in a zone, milliseconds of UTC: also where clocks go forward at midnight and the day begins at one.
 * @param date `YYYY-MM-DD`
 */
export function startOfDay(date: string, zone: string): number {
  const midnight = Date.parse(`${date}T00:00:00Z`)
  // Seconds around the midnight of UTC: clocks show the day from the one that is looked for on.
  let [before, after] = [-MOST_OFFSET_S, MOST_OFFSET_S]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (wallClock(zone, midnight + middle * 1000) >= midnight) after = middle
    else before = middle
  }
  return midnight + after * 1000
}
