import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { listPrices } from "@/db/queries/prices"
import { OwnPriceInput } from "@/lib/contracts/prices"
import { jsonAnswer } from "@/lib/http"
import { read } from "../_lib/read"
import { addOwnPrice } from "./_lib/own-price"

export const GET = read("spend.read", listPrices)

/** Body: a price of the project's own. 201. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "prices.manage")
  return jsonAnswer(201, await addOwnPrice(actor, await readJson(context.request, OwnPriceInput), context))
})
