import { pool } from "@/db/client"
import { DAY_MS, toIso } from "@/lib/time"

export type Parent = "events" | "spans"

/** UTC days, counted from 1970, whose partition this process has seen. */
const holder = globalThis as typeof globalThis & { andonPartitions?: Record<Parent, Set<number>> }
holder.andonPartitions ??= { events: new Set(), spans: new Set() }
const known = holder.andonPartitions

/** Makes the partitions of the UTC days that hold these instants, in a transaction of its own, so that no event ever waits for a person. */
export async function ensurePartitions(wanted: Iterable<{ parent: Parent; at: number }>): Promise<void> {
  for (const { parent, at } of wanted) {
    const day = Math.floor(at / DAY_MS)
    if (known[parent].has(day)) continue
    await pool("ingest")`select ensure_partition(${parent}, ${toIso(day * DAY_MS).slice(0, 10)}::date)`
    known[parent].add(day)
  }
}

/** Today's and the next days', so that midnight is no event. */
export async function ensurePartitionsAhead(now: number, days = 3): Promise<void> {
  const wanted: { parent: Parent; at: number }[] = []
  for (let i = -1; i <= days; i++)
    for (const parent of ["events", "spans"] as const) wanted.push({ parent, at: now + i * DAY_MS })
  await ensurePartitions(wanted)
}

/** After partitions were dropped, what this process believes is no longer true. */
export function forgetPartitions(): void {
  known.events.clear()
  known.spans.clear()
}
