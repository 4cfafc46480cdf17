import { readJson } from "@/access/body"
import { changeBudget } from "@/access/budgets"
import { idOf, route } from "@/access/guard"
import { authorize } from "@/access/project"
import { withProject } from "@/db/client"
import { budgetHistory } from "@/db/queries/budget-history"
import { forgetCaps } from "@/ingest/cap-state"
import { BudgetChange } from "@/lib/contracts/budgets"

/** Its periods and its versions, the newest first. */
export const GET = route(async (context) => {
  const actor = await authorize(context, "spend.read")
  const id = idOf(context.params.id)
  return await withProject(actor.project.id, (tx) => budgetHistory(tx, id, Date.now()))
})

/** Body: what changes, the version that it was made from, reason. 409 with the version in force when it is another. */
export const PATCH = route(async (context) => {
  const actor = await authorize(context, "budgets.manage")
  const list = await changeBudget(
    actor,
    idOf(context.params.id),
    await readJson(context.request, BudgetChange),
    context,
  )
  forgetCaps(actor.project.id)
  return list
})
