import { setTimeout as wait } from "node:timers/promises"
import { testAlertChannel } from "@/access/alerts"
import { idOf, route } from "@/access/guard"
import { authorize } from "@/access/project"
import { withProject } from "@/db/client"
import { getDelivery } from "@/db/queries/alerts"

/** A try ends within ten seconds; whoever sends may be another process. */
const WAIT_MS = 12_000
const LOOK_MS = 200

/** Sends a message that tells of nothing, and answers with what came back; still pending when nobody sent it by then. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "alerts.manage")
  const id = await testAlertChannel(actor, idOf(context.params.id), context)
  const end = Date.now() + WAIT_MS
  for (;;) {
    const delivery = await withProject(actor.project.id, (tx) => getDelivery(tx, id))
    if (delivery.state !== "pending" || delivery.tries > 0 || Date.now() >= end) return delivery
    await wait(LOOK_MS)
  }
})
