import { pool } from "@/db/client"
import { DAY_MS } from "@/lib/time"

const holder = globalThis as typeof globalThis & { andonPartitions?: Set<string> }
holder.andonPartitions ??= new Set()
const known = holder.andonPartitions

export type Parent = "events" | "spans"

/** Makes the partitions of the UTC days that hold these instants, in a transaction of its own, so that no event ever waits for a person. */
export async function ensurePartitions(wanted: Iterable<{ parent: Parent; at: number }>): Promise<void> {
  for (const { parent, at } of wanted) {
    const day = Math.floor(at / DAY_MS)
    const key = `${parent} ${day}`
    if (known.has(key)) continue
    await pool("ingest")`select ensure_partition(${parent}, ${new Date(day * DAY_MS).toISOString().slice(0, 10)}::date)`
    known.add(key)
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
  known.clear()
}
