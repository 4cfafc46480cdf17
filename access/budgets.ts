import type { ProjectActor } from "@/access/actor"
import { actorName, auditAct, type Origin } from "@/access/audit"
import { assertCan } from "@/access/permissions"
import { withProject } from "@/db/client"
import { listBudgets } from "@/db/queries/budget-answer"
import { appendBudgetVersion, insertBudget } from "@/db/queries/budget-writes"
import type { BudgetChange, BudgetInput, BudgetList } from "@/lib/contracts/budgets"

/** Makes a budget, and writes down who did. @returns all of them. @throws AppError `forbidden`, `conflict`. */
export async function addBudget(actor: ProjectActor, input: BudgetInput, origin: Origin): Promise<BudgetList> {
  assertCan(actor, "budgets.manage")
  const by = actorName(actor.actor)
  return await withProject(actor.project.id, async (tx) => {
    const id = await insertBudget(tx, input, by)
    const target = `budget:${id}`
    await auditAct(tx, actor, { action: "budget.added", target, after: input, reason: input.reason }, origin)
    return await listBudgets(tx, null, Date.now())
  })
}

/** Changes or ends a budget: a new version, made from the one that the change names. @throws AppError `forbidden`, `not_found`, `conflict`. */
export async function changeBudget(
  actor: ProjectActor,
  id: number,
  change: BudgetChange,
  origin: Origin,
): Promise<BudgetList> {
  assertCan(actor, "budgets.manage")
  const by = actorName(actor.actor)
  return await withProject(actor.project.id, async (tx) => {
    const { before, after } = await appendBudgetVersion(tx, id, change, by)
    const action = change.is_ended ? ("budget.ended" as const) : ("budget.changed" as const)
    await auditAct(tx, actor, { action, target: `budget:${id}`, before, after, reason: change.reason }, origin)
    return await listBudgets(tx, null, Date.now())
  })
}
