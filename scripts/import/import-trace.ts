import type { NativeEvent } from "@/lib/contracts/events"
import { type SendOptions, sendEvents, type Target } from "@/scripts/lib/send-events"
import { fileHash, traceRows } from "./azure-trace"

export const BATCH = 500
/** Enough for ingest to commit several batches at once. */
const IN_FLIGHT = 4

export type Imported = {
  rows: number
  input: number
  output: number
  accepted: number
  duplicates: number
  conflicts: number
  rejected: number
  refusals: string[]
}

/** Sends a trace file to the ingest of `target` in batches of 500; sums are those of the rows that were sent. The file is its own journal. */
export async function importTrace(
  path: string,
  model: { provider: string; model: string },
  target: Target,
  options: SendOptions & { onProgress?: (rows: number) => void } = {},
): Promise<Imported> {
  const file = await fileHash(path)
  const sum: Imported = {
    rows: 0,
    input: 0,
    output: 0,
    accepted: 0,
    duplicates: 0,
    conflicts: 0,
    rejected: 0,
    refusals: [],
  }
  const under = new Set<Promise<void>>()
  const send = async (events: NativeEvent[]) => {
    const answer = await sendEvents(target, events, options)
    sum.accepted += answer.accepted
    sum.duplicates += answer.duplicates
    sum.conflicts += answer.conflicts
    sum.rejected += answer.rejected
    for (const refusal of answer.results)
      if (sum.refusals.length < 10) sum.refusals.push(`${refusal.id}: ${refusal.code} ${refusal.message}`)
    sum.rows += events.length
    options.onProgress?.(sum.rows)
  }
  const start = async (events: NativeEvent[]) => {
    const sending: Promise<void> = send(events).finally(() => under.delete(sending))
    under.add(sending)
    if (under.size >= IN_FLIGHT) await Promise.race(under)
  }
  try {
    let batch: NativeEvent[] = []
    for await (const row of traceRows(path, file, model)) {
      batch.push(row.event)
      sum.input += row.input
      sum.output += row.output
      if (batch.length === BATCH) {
        await start(batch)
        batch = []
      }
    }
    if (batch.length > 0) await start(batch)
    await Promise.all(under)
  } finally {
    await Promise.allSettled(under)
  }
  return sum
}
