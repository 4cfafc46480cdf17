import type { Range } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"
import { quarterHour, toIso } from "@/lib/time"

const EARLIEST = Date.UTC(2000, 0, 1)

/** Twice the range around its middle, no further than now: the way back out of a zoom that came as a link. */
export function zoomOut(range: Range, now: number): Partial<Filters> {
  const [from, to] = [Date.parse(range.from), Date.parse(range.to)]
  const half = quarterHour((to - from) / 2) || 900_000
  const until = Math.max(to, Math.min(to + half, quarterHour(now) + 900_000))
  return { last: null, from: toIso(Math.max(EARLIEST, from - half)), to: toIso(until), grain: null }
}
