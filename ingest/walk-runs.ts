import type { TransactionSql } from "postgres"
import { pool } from "@/db/client"
import { type ActedBy, daysOfScope, type RepricingScope, runsOfScope, type StoredPrice } from "./repricing-rows"
import { openScope } from "./writer"

/** What one transaction holds and loads: its locks must not keep ingest waiting, and the events of a span may be large. */
const RUNS_A_CHUNK = 50
export const SPANS_A_CHUNK = 300

/** How far: days done and in all. */
export type Report = (done: number, total: number | null) => void
/** Does one chunk. @returns the last span that was looked at, null when these runs have no more in this day. */
export type DoChunk = (
  day: RepricingScope,
  runs: readonly string[],
  after: StoredPrice | null,
) => Promise<StoredPrice | null>

/** Takes an act through its scope day by day and run by run, so that ingest goes on beside it. */
export async function walkRuns(
  projectId: number,
  scope: RepricingScope,
  acted: ActedBy | null,
  doChunk: DoChunk,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<void> {
  const days = await inProject(projectId, (tx) => daysOfScope(tx, projectId, scope))
  for (const [i, day] of days.entries()) {
    report(i, days.length)
    const runs = await inProject(projectId, (tx) => runsOfScope(tx, projectId, day, acted))
    for (let at = 0; at < runs.length; at += RUNS_A_CHUNK) {
      let after: StoredPrice | null = null
      do {
        signal?.throwIfAborted()
        after = await doChunk(day, runs.slice(at, at + RUNS_A_CHUNK), after)
      } while (after !== null)
    }
  }
  report(days.length, days.length)
}

export async function inProject<T>(projectId: number, work: (tx: TransactionSql) => Promise<T>): Promise<T> {
  return (await pool("maintenance").begin(async (tx) => {
    await openScope(tx, [projectId], "shared")
    return await work(tx)
  })) as T
}
