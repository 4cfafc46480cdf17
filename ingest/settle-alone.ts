import { pool } from "@/db/client"
import { announceHalts, type ConditionChange, settleConditions } from "./exceptions"
import { openScope } from "./writer"

/** Settles a condition that no event tells of, in a transaction of its own, and tells open pages. */
export async function settleAlone(change: ConditionChange): Promise<void> {
  const { projectId } = change
  await pool("ingest").begin(async (tx) => {
    await openScope(tx, [projectId], "shared")
    await settleConditions(tx, [change], "sweep")
    await announceHalts(tx, new Set([projectId]))
  })
}
