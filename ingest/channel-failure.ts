import { toIso } from "@/lib/time"
import { settleAlone } from "./settle-alone"

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
  const subject = `channel ${channel.id}`
  await settleAlone({
    projectId,
    runId: "",
    kind: "alarm",
    severity: "high",
    subject,
    isActive: why !== null,
    at: toIso(now),
    about: {
      kind: "alarm",
      workflow: null,
      rule: null,
      step: null,
      own: subject,
      reason: `Alerts to “${channel.name}” do not get through. ${why ?? ""}`.trim(),
    },
  })
}
