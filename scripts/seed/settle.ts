import { sql, withProject } from "@/db/client"
import { readCount, readText, selectRows } from "@/db/queries/rows"
import { RESOLVE_CAUSES } from "@/lib/exception-causes"
import { DAY_MS, toIso } from "@/lib/time"
import { applyAct } from "@/policy/apply-act"
import { Random } from "./random"

/** Deliveries are written dozens of hours at once: what is younger may still get runs. */
const SETTLED_AFTER = 3 * DAY_MS
/** What the people of the demo have not come to yet. */
export const LEFT_OPEN = 1.5 * DAY_MS

/**
 * Resolves, as the people of the demo would have, what stopped before an instant and not since: a queue that nobody ever worked through would
 * be no example. @returns how many were resolved.
 */
export async function settleBefore(projectId: number, instant: number): Promise<number> {
  return await withProject(projectId, async (tx) => {
    const rows = await selectRows(
      tx,
      sql`select id::text, version, fingerprint from exceptions
          where project_id = ${projectId} and state <> 'resolved' and last_seen_at < ${toIso(instant)}::timestamptz order by id for update`,
    )
    for (const row of rows) {
      const cause = new Random("settle", readText(row, "fingerprint")).pick(RESOLVE_CAUSES)
      await applyAct(tx, readText(row, "id"), "resolve", { version: readCount(row, "version"), cause }, "seed")
    }
    return rows.length
  })
}

/** Called with each delivery of a history: settles once a day of it what is old by then. */
export function settleDaily(projectId: number): (receivedAt: number) => Promise<void> {
  let settled = 0
  return async (receivedAt) => {
    if (receivedAt < settled + DAY_MS) return
    settled = receivedAt
    await settleBefore(projectId, receivedAt - SETTLED_AFTER)
  }
}
