import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { PeriodInput } from "@/lib/contracts/periods"
import { changePeriod, readPeriods } from "./_lib/periods"

export const GET = route(async (context) =>
  readPeriods(await authorize(context, "spend.read"), context.url.searchParams.get("cursor")),
)

/** Body `{month, act, reason}`. 200 with the month as it is then. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "periods.manage")
  return await changePeriod(actor, await readJson(context.request, PeriodInput), context)
})
