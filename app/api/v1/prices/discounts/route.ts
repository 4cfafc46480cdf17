import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { readDiscounts } from "@/access/repricings"
import { DiscountInput } from "@/lib/contracts/prices"
import { jsonAnswer } from "@/lib/http"
import { addDiscount } from "../_lib/own-price"

export const GET = route(async (context) => await readDiscounts(await authorize(context, "spend.read")))

/** Body `{provider, percent, valid_from, reason}`. 201 with all of them. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "prices.manage")
  return jsonAnswer(201, await addDiscount(actor, await readJson(context.request, DiscountInput), context))
})
