import { and, desc, eq, inArray, lt, or, sql } from "drizzle-orm"
import type { ProjectTx } from "@/db/client"
import { repricings } from "@/db/schema/ledger"
import type { Repricing } from "@/lib/contracts/prices"
import { toIso } from "@/lib/time"

type State = Repricing["state"]
type Stored = typeof repricings.$inferSelect
export type PastKind = "prices" | "mapping"
/** Everything of an act upon the past but what only the process that is at it knows. What it found is as its kind counts it. */
export type StoredAct = Pick<Repricing, "id" | "state" | "from" | "to" | "provider" | "model" | "reason"> &
  Pick<Repricing, "created_by" | "created_at" | "finished_at"> & {
    convention: string | null
    preview: unknown
    result: unknown
    undone: unknown
    /** The prices, and the mappings, of its preview. */
    basis: string | null
    updatedAt: number
  }
/** Which calls or spans, and why. */
export type PastInput = { from: string; to: string; reason: string } & Partial<
  Pick<StoredAct, "provider" | "model" | "convention">
>

/** Newest first, at most 100: acts of people, not of events. */
export async function listRepricings(tx: ProjectTx, kind: PastKind): Promise<StoredAct[]> {
  const rows = await tx
    .select()
    .from(repricings)
    .where(and(eq(repricings.project_id, tx.projectId), eq(repricings.kind, kind)))
    .orderBy(desc(repricings.id))
    .limit(100)
  return rows.map(toRepricing)
}

export async function findRepricing(tx: ProjectTx, kind: PastKind, id: number): Promise<StoredAct | null> {
  const [row] = await tx
    .select()
    .from(repricings)
    .where(and(eq(repricings.project_id, tx.projectId), eq(repricings.kind, kind), eq(repricings.id, id)))
  return row ? toRepricing(row) : null
}

export async function insertRepricing(tx: ProjectTx, kind: PastKind, input: PastInput, by: string): Promise<number> {
  const [row] = await tx
    .insert(repricings)
    .values({
      project_id: tx.projectId,
      kind,
      state: "previewing",
      from_at: input.from,
      to_at: input.to,
      provider: input.provider ?? null,
      model: input.model ?? null,
      convention: input.convention ?? null,
      reason: input.reason,
      created_by: by,
    })
    .returning({ id: repricings.id })
  return row?.id as number
}

/**
 * Moves an act on, when it is in one of these states, or when nobody has been at it since `idleSince` and it is in one of `stopped`: of two who try, one does.
 * @returns whether it was moved.
 */
export async function moveRepricing(
  tx: ProjectTx,
  id: number,
  from: { states: readonly State[]; stopped?: readonly State[]; idleSince: number },
  to: Partial<typeof repricings.$inferInsert> & { state: State },
): Promise<boolean> {
  const idle = and(
    inArray(repricings.state, [...(from.stopped ?? []), "-"]),
    lt(repricings.updated_at, toIso(from.idleSince)),
  )
  const rows = await tx
    .update(repricings)
    .set({ ...to, updated_at: sql`now()` })
    .where(
      and(
        eq(repricings.project_id, tx.projectId),
        eq(repricings.id, id),
        or(inArray(repricings.state, [...from.states, "-"]), idle),
      ),
    )
    .returning({ id: repricings.id })
  return rows.length > 0
}

/** Whether another act of the project is being done somewhere; one at a time moves a project's money. */
export async function isRepricingBusy(tx: ProjectTx, but: number, idleSince: number): Promise<boolean> {
  const [row] = await tx
    .select({ id: repricings.id })
    .from(repricings)
    .where(
      and(
        eq(repricings.project_id, tx.projectId),
        inArray(repricings.state, ["running", "undoing"]),
        sql`${repricings.id} <> ${but} and ${repricings.updated_at} >= ${toIso(idleSince)}::timestamptz`,
      ),
    )
    .limit(1)
  return row !== undefined
}

/** In the transaction of a chunk, so that what is said to be done is done. */
export const REPRICING_PROGRESS = {
  result:
    "update repricings set result = $3::text::jsonb, updated_at = now() where project_id = $1::int and id = $2::int",
  undone:
    "update repricings set undone = $3::text::jsonb, updated_at = now() where project_id = $1::int and id = $2::int",
} as const

function toRepricing(row: Stored): StoredAct {
  return {
    id: row.id,
    state: row.state as State,
    from: toIso(Date.parse(row.from_at)),
    to: toIso(Date.parse(row.to_at)),
    provider: row.provider,
    model: row.model,
    convention: row.convention,
    reason: row.reason,
    preview: row.preview,
    result: row.result,
    undone: row.undone,
    created_by: row.created_by,
    created_at: toIso(Date.parse(row.created_at)),
    finished_at: row.finished_at === null ? null : toIso(Date.parse(row.finished_at)),
    basis: row.book_version,
    updatedAt: Date.parse(row.updated_at),
  }
}
