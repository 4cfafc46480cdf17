import { changeAlertSettings } from "@/access/alerts"
import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { AlertSettings } from "@/lib/contracts/alerts"

/** Body `{no_data_minutes}`; null = silence of a project is never an exception. */
export const PATCH = route(async (context) => {
  const actor = await authorize(context, "alerts.manage")
  return await changeAlertSettings(actor, await readJson(context.request, AlertSettings), context)
})
