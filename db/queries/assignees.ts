import { type ProjectTx, sql } from "@/db/client"
import type { AssigneeList } from "@/lib/contracts/assignees"
import { readCount, readText, selectRows } from "./rows"

const SHOWN = 500

/** The people who may act in the project, as a condition on `users u`. */
export const mayAct = (tx: ProjectTx) => sql`u.disabled_at is null and (u.is_admin or exists (
  select from memberships m where m.project_id = ${tx.projectId} and m.user_id = u.id and m.role = 'operator'))`

/** Whom an exception can be given to, by name, at most 500; `count` = how many there are. Source: users, memberships. */
export async function listAssignees(tx: ProjectTx): Promise<AssigneeList> {
  const rows = await selectRows(
    tx,
    sql`select u.email, u.name, (count(*) over ())::int as people from users u
        where ${mayAct(tx)} order by lower(u.name), u.email limit ${SHOWN}`,
  )
  return {
    items: rows.map((row) => ({ email: readText(row, "email"), name: readText(row, "name") })),
    count: rows[0] ? readCount(rows[0], "people") : 0,
  }
}
