import { setTimeout as sleep } from "node:timers/promises"
import type { IngestAnswer, NativeEvent } from "@/lib/contracts/events"
import { AppError, ERROR_STATUS } from "@/lib/errors"
import { databaseProblem } from "@/lib/http"
import type { Delivery } from "./scenario"

type Counts = Pick<IngestAnswer, "accepted" | "duplicates" | "conflicts" | "rejected">
export type Written = Counts & {
  /** The first refusals, in words. */
  refusals: string[]
}

/** Enough for the group commit of ingest to fill its transactions, few enough that memory stays flat. */
const IN_FLIGHT = 64

/** How long a delivery is sent again before the seed gives up. */
const PATIENCE_MS = 60_000
const RETRY_MS = 500

/**
 * Hands deliveries to ingest, several at once, and adds up its answers. One that the data store had no time for is sent again, as any sender would do; if it had
 * been stored all the same, its events count as duplicates. Any other failure ends it all, after the deliveries under way.
 */
export async function writeDeliveries(
  deliveries: Iterable<Delivery>,
  accept: (
    events: NativeEvent[],
    receivedAt: number,
    number: number,
  ) => Promise<Counts & Pick<IngestAnswer, "results">>,
  onProgress: (written: number) => void,
): Promise<Written> {
  const sum: Written = { accepted: 0, duplicates: 0, conflicts: 0, rejected: 0, refusals: [] }
  let written = 0
  let number = 0
  const under = deliveries[Symbol.iterator]()
  const worker = async () => {
    for (let next = under.next(); !next.done; next = under.next()) {
      const { events, receivedAt } = next.value
      const mine = ++number
      const answer = await patiently(() => accept(events, receivedAt, mine))
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

async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  const from = performance.now()
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      const known = error instanceof AppError ? error : databaseProblem(error)
      if (known === null || ERROR_STATUS[known.code] !== 503 || performance.now() - from > PATIENCE_MS) throw error
      await sleep(RETRY_MS)
    }
  }
}
