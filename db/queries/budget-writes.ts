import { type ProjectTx, sql } from "@/db/client"
import { budgets } from "@/db/schema/budgets"
import { type BudgetChange, type BudgetInput, MOST_BUDGETS } from "@/lib/contracts/budgets"
import { AppError } from "@/lib/errors"
import { type BudgetTerms, standingBudgets } from "./budgets"
import { first, readCount, selectRows } from "./rows"

/** One who writes budgets of a project at a time: a version is made from the one before it. */
async function lock(tx: ProjectTx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('andon.budgets'), ${tx.projectId})`)
}

/** @returns the new budget's id. @throws AppError `conflict` past the most that a project may have, or when the same one stands already. */
export async function insertBudget(tx: ProjectTx, input: BudgetInput, by: string): Promise<number> {
  await lock(tx)
  const standing = await standingBudgets(tx)
  if (standing.length >= MOST_BUDGETS)
    throw new AppError("conflict", `A project has at most ${MOST_BUDGETS} budgets: end one first.`)
  const twin = standing.find(
    ({ scope, scope_value, period }) =>
      scope === input.scope && scope_value === input.scope_value && period === input.period,
  )
  if (twin)
    throw new AppError("conflict", `“${twin.name}” is the budget of this already: change that one.`, { field: "scope" })
  const [row] = await selectRows(
    tx,
    sql`select coalesce(max(id), 0) + 1 as id from budgets where project_id = ${tx.projectId}`,
  )
  const id = readCount(first(row ? [row] : []), "id")
  await tx.insert(budgets).values({ ...input, project_id: tx.projectId, id, version: 1, created_by: by })
  return id
}

/**
 * Appends a version made from the one that is named.
 * @returns the version before and the new one. @throws AppError `not_found`; `conflict` with the version in force when it is another by now.
 */
export async function appendBudgetVersion(
  tx: ProjectTx,
  id: number,
  { version, ...change }: BudgetChange,
  by: string,
): Promise<{ before: BudgetTerms; after: Omit<BudgetTerms, "created_at"> }> {
  await lock(tx)
  const before = (await standingBudgets(tx)).find((budget) => budget.id === id)
  if (!before) throw new AppError("not_found", "There is no such budget.")
  if (before.version !== version)
    throw new AppError("conflict", "Somebody else has changed this budget meanwhile.", {
      field: "version",
      current: before,
    })
  const { created_at: _, ...kept } = before
  const after = { ...kept, ...change, version: version + 1, created_by: by }
  await tx.insert(budgets).values({ ...after, project_id: tx.projectId })
  return { before, after }
}
