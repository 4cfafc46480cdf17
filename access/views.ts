import type { ProjectActor } from "@/access/actor"
import { auditAct, type Origin } from "@/access/audit"
import { assertCan, can } from "@/access/permissions"
import { type ProjectTx, withProject } from "@/db/client"
import {
  countOwnViews,
  deleteSavedView,
  findSavedView,
  insertSavedView,
  listSavedViews,
  updateSavedView,
  type ViewReader,
} from "@/db/queries/saved-views"
import { isUniqueViolation } from "@/db/unique"
import type { SavedView, SavedViewChange, SavedViewInput, SavedViewList } from "@/lib/contracts/views"
import { AppError } from "@/lib/errors"

/** Own views of one person in one project. */
const MOST_OWN = 100

/** One's own views and the shared ones. */
export async function listViews(actor: ProjectActor): Promise<SavedViewList> {
  const reader = readerOf(actor)
  const items = await withProject(actor.project.id, (tx) => listSavedViews(tx, reader))
  return { items, next_cursor: null, count: null }
}

/** @throws AppError `forbidden` for a shared one without that right; `conflict` when the name is taken or there are too many. */
export async function createView(actor: ProjectActor, input: SavedViewInput, origin: Origin): Promise<SavedView> {
  const reader = readerOf(actor)
  if (input.is_shared) assertCan(actor, "views.share")
  return await named(async (tx) => {
    if ((await countOwnViews(tx, reader.userId)) >= MOST_OWN)
      throw new AppError("conflict", `You have ${MOST_OWN} views in this project: delete one first.`)
    const id = await insertSavedView(tx, reader.userId, input)
    const view = await get(tx, reader, id)
    if (view.is_shared) await note(tx, actor, origin, "view.shared", null, view)
    return view
  }, actor)
}

/**
 * Changes name, address or sharing. A shared view belongs to the project: who may share may change it, whoever made it.
 * @throws AppError `not_found`, `forbidden`, `conflict` when the name is taken.
 */
export async function changeView(
  actor: ProjectActor,
  id: number,
  change: SavedViewChange,
  origin: Origin,
): Promise<SavedView> {
  const reader = readerOf(actor)
  return await named(async (tx) => {
    const before = await mine(tx, reader, id)
    if (change.is_shared !== undefined && change.is_shared !== before.is_shared) {
      assertCan(actor, "views.share")
      if (!change.is_shared && !before.is_own)
        throw new AppError("conflict", "Only who made a view can take it back from the project; it can be deleted.")
    }
    await updateSavedView(tx, id, {
      name: change.name ?? before.name,
      path: change.path ?? before.path,
      query: change.query ?? before.query,
      is_shared: change.is_shared ?? before.is_shared,
    })
    const view = await get(tx, reader, id)
    if (before.is_shared || view.is_shared)
      await note(tx, actor, origin, view.is_shared ? "view.shared" : "view.unshared", before, view)
    return view
  }, actor)
}

/** @throws AppError `not_found`, `forbidden`. */
export async function removeView(actor: ProjectActor, id: number, origin: Origin): Promise<void> {
  const reader = readerOf(actor)
  await withProject(actor.project.id, async (tx) => {
    const before = await mine(tx, reader, id)
    await deleteSavedView(tx, id)
    if (before.is_shared) await note(tx, actor, origin, "view.removed", before, null)
  })
}

/** A view is a person's: a key has none. */
function readerOf(actor: ProjectActor): ViewReader {
  assertCan(actor, "views.save")
  if (actor.actor.kind !== "user") throw new AppError("forbidden", "Only a person has saved views.")
  return { userId: actor.actor.userId, mayShare: can(actor.role, "views.share") }
}

async function get(tx: ProjectTx, reader: ViewReader, id: number): Promise<SavedView> {
  const view = await findSavedView(tx, reader, id)
  if (!view) throw new AppError("not_found", "There is no such view.")
  return view
}

async function mine(tx: ProjectTx, reader: ViewReader, id: number): Promise<SavedView> {
  const view = await get(tx, reader, id)
  if (!view.may_change) throw new AppError("forbidden", "A shared view is changed by operators and administrators.")
  return view
}

/** Says which name is taken; the database decides, so that two people at once cannot both have it. */
async function named<T>(work: (tx: ProjectTx) => Promise<T>, actor: ProjectActor): Promise<T> {
  try {
    return await withProject(actor.project.id, work)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new AppError("conflict", "There is a view of this name already.", { field: "name", cause: error })
  }
}

async function note(
  tx: ProjectTx,
  actor: ProjectActor,
  origin: Origin,
  action: "view.shared" | "view.unshared" | "view.removed",
  before: SavedView | null,
  after: SavedView | null,
): Promise<void> {
  const described = (view: SavedView | null) =>
    view && { name: view.name, path: view.path, query: view.query, is_shared: view.is_shared }
  await auditAct(
    tx,
    actor,
    {
      action,
      target: `view:${(after ?? before)?.id}`,
      ...(before ? { before: described(before) } : {}),
      ...(after ? { after: described(after) } : {}),
    },
    origin,
  )
}
