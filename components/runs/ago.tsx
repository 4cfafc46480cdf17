"use client"

import { useClock } from "@/components/ui/clock"
import { formatAgo, formatCount, formatDuration, formatExact } from "@/lib/format"

/** How long ago in one unit, for a column that is looked down; the exact instant with its zone on hover. */
export function Ago({ at }: { at: string }) {
  const { now, zone } = useClock()
  return (
    <time dateTime={at} title={formatExact(at, zone)} className="whitespace-nowrap">
      {formatAgo(at, now).replace(/^(in )?(\d+ (?:d|h|min)) \d+ (?:h|min|s)/, "$1$2")}
    </time>
  )
}

/** How long a run took; of one that goes on, how long so far, with a mark for it. */
export function Took({ from, to }: { from: string; to: string | null }) {
  const { now } = useClock()
  const ms = Math.max(0, (to === null ? now : Date.parse(to)) - Date.parse(from))
  if (to !== null) return <span title={`${formatCount(ms)} ms`}>{formatDuration(ms)}</span>
  return (
    <span title="So far: it has not ended" className="text-running">
      {formatDuration(ms)}…
    </span>
  )
}
