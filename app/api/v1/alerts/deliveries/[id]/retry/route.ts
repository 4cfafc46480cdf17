import { sendAlertAgain } from "@/access/alerts"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"

/** Sends it once more that was given up; 409 for one that waits or has arrived. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "alerts.manage")
  return await sendAlertAgain(actor, context.params.id ?? "", context)
})
