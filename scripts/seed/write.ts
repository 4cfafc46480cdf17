import type { IngestAnswer, NativeEvent } from "@/lib/contracts/events"
import type { Delivery } from "./scenario"

export type Written = Pick<IngestAnswer, "accepted" | "duplicates" | "conflicts" | "rejected"> & {
  /** The first refusals, in words. */
  refusals: string[]
}

/** Enough for the group commit of ingest to fill its transactions, few enough that memory stays flat. */
const IN_FLIGHT = 64

/** Hands deliveries to ingest, several at once, and adds up its answers. A failure of one ends it all, after those under way. */
export async function writeDeliveries(
  deliveries: Iterable<Delivery>,
  accept: (events: NativeEvent[], receivedAt: number, number: number) => Promise<IngestAnswer>,
  onProgress: (written: number) => void,
): Promise<Written> {
  const sum: Written = { accepted: 0, duplicates: 0, conflicts: 0, rejected: 0, refusals: [] }
  let written = 0
  let number = 0
  const under = deliveries[Symbol.iterator]()
  const worker = async () => {
    for (let next = under.next(); !next.done; next = under.next()) {
      const { events, receivedAt } = next.value
      const answer = await accept(events, receivedAt, ++number)
      sum.accepted += answer.accepted
      sum.duplicates += answer.duplicates
      sum.conflicts += answer.conflicts
      sum.rejected += answer.rejected
      for (const refusal of answer.results)
        if (sum.refusals.length < 10) sum.refusals.push(`${refusal.id}: ${refusal.code} ${refusal.message}`)
      written += events.length
      onProgress(written)
    }
  }
  const results = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, worker))
  for (const result of results) if (result.status === "rejected") throw result.reason
  return sum
}
