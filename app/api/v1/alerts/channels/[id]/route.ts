import { z } from "zod"
import { changeAlertChannel, removeAlertChannel } from "@/access/alerts"
import { parseInput, readJson } from "@/access/body"
import { idOf, route } from "@/access/guard"
import { authorize } from "@/access/project"
import { raiseChannelFailure } from "@/ingest/channel-failure"
import { ChannelChange } from "@/lib/contracts/alerts"

const Seen = z.object({ version: z.coerce.number().int().min(1) })

/** Body: what changes, and the version that it was made from. 409 with the channel as it is now when it is another. */
export const PATCH = route(async (context) => {
  const actor = await authorize(context, "alerts.manage")
  const change = await readJson(context.request, ChannelChange)
  return await changeAlertChannel(actor, idOf(context.params.id), change, context)
})

/** `?version=`: the one that was seen. 204. */
export const DELETE = route(async (context) => {
  const actor = await authorize(context, "alerts.manage")
  const { version } = parseInput({ version: context.url.searchParams.get("version") ?? undefined }, Seen)
  const removed = await removeAlertChannel(actor, idOf(context.params.id), version, context)
  // A channel that is gone cannot come to work again.
  await raiseChannelFailure(actor.project.id, removed, null, Date.now())
  return new Response(null, { status: 204 })
})
