import { readJson } from "@/access/body"
import { addBudget } from "@/access/budgets"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { listBudgets } from "@/db/queries/budget-answer"
import { forgetCaps } from "@/ingest/cap-state"
import { BudgetInput } from "@/lib/contracts/budgets"
import { jsonAnswer } from "@/lib/http"
import { read } from "../_lib/read"

export const GET = read("spend.read", listBudgets)

/** Body: what it is for, amount, period, cap, reason. 201 with all of them. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "budgets.manage")
  const list = await addBudget(actor, await readJson(context.request, BudgetInput), context)
  forgetCaps(actor.project.id)
  return jsonAnswer(201, list)
})
