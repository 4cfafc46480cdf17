import { type ProjectTx, sql } from "@/db/client"

const MOST_RUNS = 50

/** Tells open pages, with the commit. For acts, which are few: the lock that a notice takes until then holds nobody up. */
export async function tellPages(tx: ProjectTx, topics: readonly string[], runs: readonly string[] = []): Promise<void> {
  const notice = JSON.stringify({ project: tx.projectId, topics, runs: runs.slice(0, MOST_RUNS) })
  await tx.execute(sql`select pg_notify('andon_live', ${notice})`)
}
