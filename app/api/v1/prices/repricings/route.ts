import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { readRepricings } from "@/access/repricings"
import { RepricingInput } from "@/lib/contracts/prices"
import { jsonAnswer } from "@/lib/http"
import { beginRepricing } from "../_lib/repricings"

export const GET = route(async (context) => await readRepricings(await authorize(context, "spend.read")))

/** Body `{from, to, provider?, model?, reason}`. 202: the preview is being made; the item says how far it is. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "prices.manage")
  return jsonAnswer(202, await beginRepricing(actor, await readJson(context.request, RepricingInput), context))
})
