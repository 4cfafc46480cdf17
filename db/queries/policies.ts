import { and, desc, eq, lt } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import { policies } from "@/db/schema/policies"
import { Policy, type PolicyEntry, type PolicyList } from "@/lib/contracts/policies"
import { toIso } from "@/lib/time"
import { OTHER } from "@/lib/vocabulary"
import { readText, readTextOrNull, selectRows } from "./rows"

/** Workflows listed at most; a project with more finds the rest by name. */
const SHOWN = 500
const VERSIONS_A_PAGE = 50

/**
 * The policy in force of the project and of every workflow that has runs or a policy, by name; the project's own first, with an empty name.
 * `policy` null = nothing of its own was ever said. Source: policies; names from the runs by a walk along their index, one probe a name.
 */
export async function listPolicies(tx: ProjectTx): Promise<PolicyEntry[]> {
  const [names, rows] = await Promise.all([
    selectRows(
      tx,
      sql`with recursive names(workflow) as (
            (select workflow from runs where project_id = ${tx.projectId} and workflow is not null order by workflow limit 1)
            union all
            select (select r.workflow from runs r where r.project_id = ${tx.projectId} and r.workflow > n.workflow order by r.workflow limit 1)
            from names n where n.workflow is not null
          )
          select workflow from names where workflow is not null limit ${SHOWN}`,
    ),
    tx
      .selectDistinctOn([policies.workflow])
      .from(policies)
      .where(eq(policies.project_id, tx.projectId))
      .orderBy(policies.workflow, desc(policies.version))
      .limit(SHOWN),
  ])
  const inForce = new Map(rows.map((row) => [row.workflow, toPolicy(row)]))
  const known = new Set([...names.map((row) => readText(row, "workflow")), ...inForce.keys()])
  known.delete("")
  return ["", ...[...known].sort()].map((workflow) => ({ workflow, policy: inForce.get(workflow) ?? null }))
}

/** The same as it is answered; `count` is of workflows, and capped where the project has more of them than are listed. */
export async function readPolicyList(tx: ProjectTx): Promise<PolicyList> {
  const items = await listPolicies(tx)
  return { items, next_cursor: null, count: { value: items.length - 1, is_capped: items.length > SHOWN } }
}

/** The version in force; null = there is none. `''` is the project's own. */
export async function findPolicy(tx: ProjectTx, workflow: string): Promise<Policy | null> {
  const [row] = await tx
    .select()
    .from(policies)
    .where(and(eq(policies.project_id, tx.projectId), eq(policies.workflow, workflow)))
    .orderBy(desc(policies.version))
    .limit(1)
  return row ? toPolicy(row) : null
}

/** Newest first, those before `cursor` (a version). */
export async function listPolicyVersions(
  tx: ProjectTx,
  workflow: string,
  cursor: number | null,
): Promise<{ items: Policy[]; next_cursor: string | null }> {
  const rows = await tx
    .select()
    .from(policies)
    .where(
      and(
        eq(policies.project_id, tx.projectId),
        eq(policies.workflow, workflow),
        cursor === null ? undefined : lt(policies.version, cursor),
      ),
    )
    .orderBy(desc(policies.version))
    .limit(VERSIONS_A_PAGE + 1)
  const items = rows.slice(0, VERSIONS_A_PAGE).map(toPolicy)
  return { items, next_cursor: rows.length > VERSIONS_A_PAGE ? String(items.at(-1)?.version) : null }
}

/** Appends a version. @returns false when somebody has appended it before. */
export async function insertPolicy(tx: ProjectTx, policy: Omit<Policy, "created_at">): Promise<boolean> {
  const rows = await tx
    .insert(policies)
    .values({ project_id: tx.projectId, ...policy })
    .onConflictDoNothing({ target: [policies.project_id, policies.workflow, policies.version] })
    .returning({ version: policies.version })
  return rows.length > 0
}

/**
 * Steps that runs of the workflow have had; null when it has no run, or has had more names than are kept apart.
 * Source: dimension_sets, which hold every name that a span was counted under.
 */
export async function stepsSeen(tx: ProjectTx, workflow: string): Promise<Set<string> | null> {
  const rows = await selectRows(
    tx,
    sql`select distinct step from dimension_sets where project_id = ${tx.projectId} and workflow = ${workflow}`,
  )
  const steps = new Set(rows.map((row) => readTextOrNull(row, "step")).filter((step) => step !== null))
  return rows.length === 0 || steps.has(OTHER) ? null : steps
}

function toPolicy(row: typeof policies.$inferSelect): Policy {
  return Policy.parse({
    workflow: row.workflow,
    version: row.version,
    document: row.document,
    hash: row.hash,
    author: row.author,
    approver: row.approver,
    reason: row.reason,
    created_at: toIso(Date.parse(row.created_at)),
  })
}
