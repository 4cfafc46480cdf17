import { and, asc, count, eq, or, sql } from "drizzle-orm"
import type { ProjectTx } from "@/db/client"
import { users } from "@/db/schema/auth"
import { savedViews } from "@/db/schema/saved-views"
import type { SavedView } from "@/lib/contracts/views"
import { toIso } from "@/lib/time"

type Row = typeof savedViews.$inferSelect & { made_by: string }
/** Who reads: decides what is seen and what may be changed. */
export type ViewReader = { userId: string; mayShare: boolean }
export type ViewFields = Pick<SavedView, "name" | "path" | "query" | "is_shared">

const COLUMNS = {
  project_id: savedViews.project_id,
  id: savedViews.id,
  user_id: savedViews.user_id,
  name: savedViews.name,
  path: savedViews.path,
  query: savedViews.query,
  is_shared: savedViews.is_shared,
  created_at: savedViews.created_at,
  updated_at: savedViews.updated_at,
  made_by: users.name,
}
/** More than anybody keeps in mind; own ones are limited where they are made. */
const SHOWN = 500

/** The reader's own views and the shared ones, by name. Another person's own view is not there. */
export async function listSavedViews(tx: ProjectTx, reader: ViewReader): Promise<SavedView[]> {
  const rows = await tx
    .select(COLUMNS)
    .from(savedViews)
    .innerJoin(users, eq(users.id, savedViews.user_id))
    .where(seenBy(tx, reader))
    .orderBy(asc(sql`lower(${savedViews.name})`), asc(savedViews.id))
    .limit(SHOWN)
  return rows.map((row) => toView(row, reader))
}

/** One that the reader may see, locked until the transaction ends; null when there is none. */
export async function findSavedView(tx: ProjectTx, reader: ViewReader, id: number): Promise<SavedView | null> {
  const [row] = await tx
    .select(COLUMNS)
    .from(savedViews)
    .innerJoin(users, eq(users.id, savedViews.user_id))
    .where(and(seenBy(tx, reader), eq(savedViews.id, id)))
    .for("update", { of: savedViews })
  return row ? toView(row, reader) : null
}

export async function countOwnViews(tx: ProjectTx, userId: string): Promise<number> {
  const [row] = await tx
    .select({ own: count() })
    .from(savedViews)
    .where(and(eq(savedViews.project_id, tx.projectId), eq(savedViews.user_id, userId)))
  return row?.own ?? 0
}

/** @throws a unique violation when the reader, or the project for a shared one, has a view of that name. */
export async function insertSavedView(tx: ProjectTx, userId: string, fields: ViewFields): Promise<number> {
  const [row] = await tx
    .insert(savedViews)
    .values({ project_id: tx.projectId, user_id: userId, ...fields })
    .returning({ id: savedViews.id })
  return (row as { id: number }).id
}

export async function updateSavedView(tx: ProjectTx, id: number, fields: ViewFields): Promise<void> {
  await tx
    .update(savedViews)
    .set({ ...fields, updated_at: sql`now()` })
    .where(and(eq(savedViews.project_id, tx.projectId), eq(savedViews.id, id)))
}

export async function deleteSavedView(tx: ProjectTx, id: number): Promise<void> {
  await tx.delete(savedViews).where(and(eq(savedViews.project_id, tx.projectId), eq(savedViews.id, id)))
}

const seenBy = (tx: ProjectTx, reader: ViewReader) =>
  and(
    eq(savedViews.project_id, tx.projectId),
    or(eq(savedViews.is_shared, true), eq(savedViews.user_id, reader.userId)),
  )

function toView(row: Row, reader: ViewReader): SavedView {
  return {
    id: row.id,
    name: row.name,
    path: row.path,
    query: row.query,
    is_shared: row.is_shared,
    is_own: row.user_id === reader.userId,
    may_change: row.is_shared ? reader.mayShare : row.user_id === reader.userId,
    made_by: row.made_by,
    created_at: toIso(Date.parse(row.created_at)),
    updated_at: toIso(Date.parse(row.updated_at)),
  }
}
