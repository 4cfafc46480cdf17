import { pool } from "@/db/client"
import { toIso } from "@/lib/time"
import { announceHalts, settleConditions } from "./exceptions"
import { openScope } from "./writer"

/**
 * A channel that messages were given up for is an exception like any other, which the other channels tell of; over when one comes through again.
 * @param why in words; null = it works again.
 */
export async function raiseChannelFailure(
  projectId: number,
  channel: { id: number; name: string },
  why: string | null,
  now: number,
): Promise<void> {
  await pool("ingest").begin(async (tx) => {
    await openScope(tx, [projectId], "shared")
    const about = {
      ...{ kind: "alarm" as const, workflow: null, rule: null, step: null, own: `channel ${channel.id}` },
      reason: `Alerts to “${channel.name}” do not get through. ${why ?? ""}`.trim(),
    }
    const change = { projectId, runId: "", kind: "alarm" as const, severity: "high" as const, at: toIso(now), about }
    await settleConditions(tx, [{ ...change, subject: `channel ${channel.id}`, isActive: why !== null }], "sweep")
    await announceHalts(tx, new Set([projectId]))
  })
}
