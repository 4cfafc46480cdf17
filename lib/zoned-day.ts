import { wallClock } from "@/lib/zone-clock"

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
