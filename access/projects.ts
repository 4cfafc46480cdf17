import { eq } from "drizzle-orm"
import type { ProjectActor, ProjectRef, UserActor } from "@/access/actor"
import { actorName, audit, auditAct, type Origin } from "@/access/audit"
import { forgetKeys } from "@/access/authenticate-key"
import { assertCan } from "@/access/permissions"
import { toProject } from "@/access/project"
import { toProjectRef } from "@/access/project-ref"
import { type ProjectTx, withProject } from "@/db/client"
import { closedMonthNames } from "@/db/queries/periods"
import { projects } from "@/db/schema/projects"
import { enterProject, withInstallation } from "@/db/scope"
import type { Project, ProjectChange, ProjectInput } from "@/lib/contracts/access"
import { AppError } from "@/lib/errors"
import { slugOf } from "@/lib/slug"

/** @throws AppError `forbidden`. For what belongs to the installation, not to one project. */
export function assertAdmin(user: UserActor): void {
  if (!user.isAdmin) throw new AppError("forbidden", "Only an administrator may do this.")
}

/** For administrators. @throws AppError `forbidden`, `conflict` when the slug is taken. */
export async function createProject(user: UserActor, input: ProjectInput, origin: Origin): Promise<Project> {
  assertAdmin(user)
  const slug = input.slug ?? slugOf(input.name)
  return await withInstallation(async (tx) => {
    const [row] = await tx
      .insert(projects)
      .values({ slug, name: input.name, zone: input.zone, currency: input.currency })
      .onConflictDoNothing({ target: projects.slug })
      .returning()
    if (!row) throw new AppError("conflict", `A project "${slug}" exists already.`, { field: "slug" })
    await enterProject(tx, row.id)
    await audit(
      tx,
      {
        projectId: row.id,
        actor: actorName(user),
        action: "project.created",
        target: `project:${slug}`,
        after: settings(toProjectRef(row)),
      },
      origin,
    )
    return toProject(toProjectRef(row), "admin")
  })
}

/**
 * @param onZoneChange makes what is cut in the project's zone again, in the transaction that changes the zone: nobody sees days of one zone
 *   under the name of another.
 */
export async function updateProject(
  actor: ProjectActor,
  change: ProjectChange,
  onZoneChange: (tx: ProjectTx, zone: string) => Promise<void>,
  origin: Origin,
): Promise<Project> {
  assertCan(actor, "project.manage")
  const updated = await withProject(actor.project.id, async (tx) => {
    const [row] = await tx.select().from(projects).where(eq(projects.id, tx.projectId)).for("update")
    if (!row) throw new AppError("not_found", "There is no such project.")
    const before = toProjectRef(row)
    const after: ProjectRef = {
      ...before,
      name: change.name ?? before.name,
      zone: change.zone ?? before.zone,
      prefersReportedCost: change.prefers_reported_cost ?? before.prefersReportedCost,
    }
    if (after.zone !== before.zone) await assertOpen(tx)
    await tx
      .update(projects)
      .set({ name: after.name, zone: after.zone, prefers_reported_cost: after.prefersReportedCost })
      .where(eq(projects.id, tx.projectId))
    if (after.zone !== before.zone) await onZoneChange(tx, after.zone)
    await auditAct(
      tx,
      actor,
      {
        action: "project.updated",
        target: `project:${before.slug}`,
        before: settings(before),
        after: settings(after),
      },
      origin,
    )
    return toProject(after, "admin")
  })
  // Ingest reads the zone and the cost rule from the key that it knows.
  forgetKeys()
  return updated
}

/** Another zone cuts the months elsewhere: the sums of closed ones would be others. */
async function assertOpen(tx: ProjectTx): Promise<void> {
  const closed = await closedMonthNames(tx)
  if (closed.length > 0)
    throw new AppError(
      "conflict",
      `Months are closed in this zone (${closed.slice(0, 3).join(", ")}${closed.length > 3 ? ", …" : ""}), and another zone would cut them elsewhere. Open them again first.`,
      { field: "zone" },
    )
}

function settings({ name, zone, currency, prefersReportedCost }: ProjectRef) {
  return { name, zone, currency, prefers_reported_cost: prefersReportedCost }
}
