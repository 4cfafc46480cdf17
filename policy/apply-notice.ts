import { type ProjectTx, sql } from "@/db/client"
import { liveNotice } from "@/db/live-notice"

/** Tells open pages, with the commit. For acts, which are few: the lock that a notice takes until then holds nobody up. */
export async function tellPages(tx: ProjectTx, topics: readonly string[], runs: readonly string[] = []): Promise<void> {
  await tx.execute(sql`select pg_notify('andon_live', ${liveNotice(tx.projectId, topics, runs)})`)
}
