import { type ProjectTx, sql } from "@/db/client"

/** First key of the two-part advisory lock of a project's ledger, the second is the project: shared by writers, held alone by what must not meet one half-way. */
export const LEDGER_LOCK = 7_340_001

/** Taken before a run is touched: a rebuild makes all projections again and must not meet an act half-way. */
export async function shareLedger(tx: ProjectTx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${LEDGER_LOCK}::int, ${tx.projectId}::int)`)
}

/** No event is being written while this transaction lasts. After the row of the project, as a change of its zone takes them. */
export async function holdLedgerAlone(tx: ProjectTx): Promise<void> {
  await tx.execute(sql`select id from projects where id = ${tx.projectId} for share`)
  await tx.execute(sql`select pg_advisory_xact_lock(${LEDGER_LOCK}::int, ${tx.projectId}::int)`)
}
