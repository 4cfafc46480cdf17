import { type ProjectTx, sql } from "@/db/client"
import { first, readCount, selectRows } from "./rows"

/** Events of a demo project, and how many of them came with keys, not from a scenario. Source: ingest_counters. */
export async function countDemoEvents(tx: ProjectTx): Promise<{ events: number; own: number }> {
  const row = first(
    await selectRows(
      tx,
      sql`select coalesce(sum(c.accepted), 0)::text as events, coalesce(sum(c.accepted) filter (where k.secret_hmac <> ''), 0)::text as own
          from ingest_counters c left join ingest_keys k on k.project_id = c.project_id and k.id = c.key_id where c.project_id = ${tx.projectId}`,
    ),
  )
  return { events: readCount(row, "events"), own: readCount(row, "own") }
}
