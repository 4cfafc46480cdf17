import { readJson } from "@/access/body"
import { addBudget } from "@/access/budgets"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { listBudgets } from "@/db/queries/budget-answer"
import { BudgetInput } from "@/lib/contracts/budgets"
import { jsonAnswer } from "@/lib/http"
import { read } from "../_lib/read"

export const GET = read("spend.read", listBudgets)

/** Body: what it is for, amount, period, cap, reason. 201 with all of them. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "budgets.manage")
  return jsonAnswer(201, await addBudget(actor, await readJson(context.request, BudgetInput), context))
})
