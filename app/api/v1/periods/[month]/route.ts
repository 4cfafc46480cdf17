import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { AppError } from "@/lib/errors"
import { parseMonth } from "@/lib/month"
import { readPeriod } from "../_lib/periods"

export const GET = route(async (context) => {
  const actor = await authorize(context, "spend.read")
  const month = parseMonth(context.params.month)
  if (month === null) throw new AppError("not_found", "There is no such month.")
  return await readPeriod(actor, month)
})
