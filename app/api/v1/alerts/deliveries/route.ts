import { z } from "zod"
import { parseInput } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { withProject } from "@/db/client"
import { listDeliveries } from "@/db/queries/alerts"
import { DELIVERY_STATES } from "@/lib/alert-vocabulary"

const Id = /^[1-9]\d{0,17}$/
const Page = z.object({
  channel: z.coerce.number().int().min(1).max(2_147_483_647).nullable(),
  state: z.enum(DELIVERY_STATES).nullable(),
  exception: z.string().regex(Id, "the number of an exception").nullable(),
  cursor: z.string().max(200).nullable(),
  limit: z.coerce.number().int().min(1).max(200).nullable(),
})

/** Newest first: `?channel=&state=&exception=&cursor=&limit=`. */
export const GET = route(async (context) => {
  const actor = await authorize(context, "alerts.manage")
  const of = (name: string) => context.url.searchParams.get(name) || null
  const [channel, state, exception, cursor, limit] = ["channel", "state", "exception", "cursor", "limit"].map(of)
  const page = parseInput({ channel, state, exception, cursor, limit }, Page)
  return await withProject(actor.project.id, (tx) => listDeliveries(tx, page))
})
