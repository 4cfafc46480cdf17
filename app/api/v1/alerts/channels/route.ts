import { addAlertChannel } from "@/access/alerts"
import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { listChannels } from "@/db/queries/alerts"
import { ChannelInput } from "@/lib/contracts/alerts"
import { jsonAnswer } from "@/lib/http"
import { read } from "../../_lib/read"

export const GET = read("alerts.manage", (tx, _filters, now) => listChannels(tx, now))

/** Body: where it leads and what it is told. 201 with the channel, and this once with the signing secret of a webhook. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "alerts.manage")
  return jsonAnswer(201, await addAlertChannel(actor, await readJson(context.request, ChannelInput), context))
})
