import { and, asc, count, eq, gt, inArray, isNull, or } from "drizzle-orm"
import type { ProjectActor } from "@/access/actor"
import { auditAct, type Origin } from "@/access/audit"
import { assertStrongPassword } from "@/access/password"
import { assertCan } from "@/access/permissions"
import { endSessions, insertUser, setPassword, type UserRow } from "@/access/users"
import { type ProjectTx, withProject } from "@/db/client"
import { sessions, users } from "@/db/schema/auth"
import { memberships } from "@/db/schema/projects"
import { lockInstallation } from "@/db/scope"
import type { Member, MemberChange, MemberInput, MemberList } from "@/lib/contracts/access"
import { AppError } from "@/lib/errors"
import { toIso } from "@/lib/time"
import type { Role } from "@/lib/vocabulary"

type MemberRow = { user: UserRow; role: Role }

/** The project's members and the installation's administrators, who are in every project; by name. */
export async function listMembers(actor: ProjectActor): Promise<MemberList> {
  assertCan(actor, "members.manage")
  return await withProject(actor.project.id, async (tx) => {
    const rows = await tx
      .select({ user: users, role: memberships.role })
      .from(users)
      .leftJoin(memberships, ofProject(tx))
      .where(or(eq(users.isAdmin, true), eq(memberships.project_id, tx.projectId)))
      .orderBy(asc(users.name), asc(users.id))
      .limit(1000)
    const members = rows.map(({ user, role }) => ({ user, role: user.isAdmin ? "admin" : (role as Role) }))
    return { items: await toMembers(tx, members), next_cursor: null, count: null }
  })
}

/**
 * Makes an account with this first password, or lets an existing one in (its password stays). Role `admin` is for the installation.
 * @throws AppError `conflict` for somebody who is in already, `weak_password`, `invalid_input` when a new person has no password.
 */
export async function addMember(actor: ProjectActor, input: MemberInput, origin: Origin): Promise<Member> {
  assertCan(actor, "members.manage")
  return await withProject(actor.project.id, async (tx) => {
    await lockInstallation(tx, "members")
    const [known] = await tx.select().from(users).where(eq(users.email, input.email))
    if (known && (known.isAdmin || (await roleOf(tx, known)) !== null))
      throw new AppError("conflict", "This person is a member already.", { field: "email" })
    const user = known ?? (await newUser(tx, input))
    await giveRole(tx, user, input.role)
    if (known) await endSessions(tx, known.id)
    await record(tx, actor, "member.added", user, { after: { role: input.role, is_new: !known } }, origin)
    return await memberOf(tx, user.id)
  })
}

/**
 * Changes name, role, password or whether a person may log in. Everything but the name ends the person's sessions at once.
 * @throws AppError `not_found`; `conflict` for the last administrator who can log in; `weak_password`.
 */
export async function updateMember(
  actor: ProjectActor,
  userId: string,
  change: MemberChange,
  origin: Origin,
): Promise<Member> {
  assertCan(actor, "members.manage")
  return await withProject(actor.project.id, async (tx) => {
    const { user, role } = await lockMember(tx, userId)
    const isDisabled = change.is_disabled ?? user.disabledAt !== null
    const nextRole = change.role ?? role
    if (user.isAdmin && user.disabledAt === null && (isDisabled || nextRole !== "admin")) await assertNotLastAdmin(tx)
    if (change.password !== undefined) {
      assertStrongPassword(change.password, user.email)
      await setPassword(tx, user.id, change.password)
    }
    await tx
      .update(users)
      .set({
        name: change.name ?? user.name,
        disabledAt: isDisabled ? (user.disabledAt ?? new Date()) : null,
        updatedAt: new Date(),
      })
      .where(eq(users.id, user.id))
    if (nextRole !== role) await giveRole(tx, user, nextRole)
    const isCut = nextRole !== role || isDisabled || change.password !== undefined
    if (isCut) await endSessions(tx, user.id)
    await record(
      tx,
      actor,
      "member.updated",
      user,
      {
        before: { name: user.name, role, is_disabled: user.disabledAt !== null },
        after: {
          name: change.name ?? user.name,
          role: nextRole,
          is_disabled: isDisabled,
          is_password_set: change.password !== undefined,
        },
      },
      origin,
    )
    return await memberOf(tx, user.id)
  })
}

/** Takes a person out of this project; the account stays. @throws AppError `not_found`, `conflict` for an administrator. */
export async function removeMember(actor: ProjectActor, userId: string, origin: Origin): Promise<void> {
  assertCan(actor, "members.manage")
  await withProject(actor.project.id, async (tx) => {
    const { user, role } = await lockMember(tx, userId)
    if (user.isAdmin)
      throw new AppError(
        "conflict",
        "An administrator is in every project: give another role first, or disable the account.",
      )
    await tx.delete(memberships).where(and(eq(memberships.user_id, user.id), eq(memberships.project_id, tx.projectId)))
    await endSessions(tx, user.id)
    await record(tx, actor, "member.removed", user, { before: { role } }, origin)
  })
}

/** Ends every session of a member. @throws AppError `not_found`. */
export async function endMemberSessions(actor: ProjectActor, userId: string, origin: Origin): Promise<void> {
  assertCan(actor, "members.manage")
  await withProject(actor.project.id, async (tx) => {
    const { user } = await lockMember(tx, userId)
    const ended = await endSessions(tx, user.id)
    await record(tx, actor, "session.revoked", user, { after: { ended } }, origin)
  })
}

async function newUser(tx: ProjectTx, input: MemberInput): Promise<UserRow> {
  if (input.password === undefined)
    throw new AppError("invalid_input", "A new person needs a first password.", { field: "password" })
  assertStrongPassword(input.password, input.email)
  return await insertUser(tx, { ...input, password: input.password, isAdmin: false })
}

async function giveRole(tx: ProjectTx, user: UserRow, role: Role): Promise<void> {
  await tx
    .update(users)
    .set({ isAdmin: role === "admin" })
    .where(eq(users.id, user.id))
  if (role === "admin") return
  await tx
    .insert(memberships)
    .values({ project_id: tx.projectId, user_id: user.id, role })
    .onConflictDoUpdate({ target: [memberships.project_id, memberships.user_id], set: { role } })
}

async function roleOf(tx: ProjectTx, user: UserRow): Promise<Role | null> {
  if (user.isAdmin) return "admin"
  const [row] = await tx
    .select({ role: memberships.role })
    .from(memberships)
    .where(and(eq(memberships.user_id, user.id), eq(memberships.project_id, tx.projectId)))
  return (row?.role as Role | undefined) ?? null
}

/**
 * One change of a member at a time in the whole installation: of two administrators who remove each other at once, the second finds that
 * he would be the last. Somebody of another project is as absent as nobody.
 */
async function lockMember(tx: ProjectTx, userId: string): Promise<MemberRow> {
  await lockInstallation(tx, "members")
  const [user] = await tx.select().from(users).where(eq(users.id, userId))
  const role = user ? await roleOf(tx, user) : null
  if (!user || role === null) throw new AppError("not_found", "There is no such member.")
  return { user, role }
}

async function assertNotLastAdmin(tx: ProjectTx): Promise<void> {
  const [admins] = await tx
    .select({ active: count() })
    .from(users)
    .where(and(eq(users.isAdmin, true), isNull(users.disabledAt)))
  if ((admins?.active ?? 0) <= 1) throw new AppError("conflict", "This is the last administrator who can log in.")
}

async function memberOf(tx: ProjectTx, userId: string): Promise<Member> {
  const [user] = await tx.select().from(users).where(eq(users.id, userId))
  const role = user ? await roleOf(tx, user) : null
  const [member] = user && role ? await toMembers(tx, [{ user, role }]) : []
  if (!member) throw new AppError("not_found", "There is no such member.")
  return member
}

async function toMembers(tx: ProjectTx, rows: MemberRow[]): Promise<Member[]> {
  const ids = rows.map(({ user }) => user.id)
  if (ids.length === 0) return []
  const counts = await tx
    .select({ userId: sessions.userId, open: count() })
    .from(sessions)
    .where(and(inArray(sessions.userId, ids), gt(sessions.expiresAt, new Date())))
    .groupBy(sessions.userId)
  const open = new Map(counts.map((row) => [row.userId, row.open]))
  return rows.map(({ user, role }) => ({
    id: user.id,
    name: user.name,
    email: user.email,
    role,
    is_disabled: user.disabledAt !== null,
    sessions: open.get(user.id) ?? 0,
    created_at: toIso(user.createdAt.getTime()),
  }))
}

function ofProject(tx: ProjectTx) {
  return and(eq(memberships.user_id, users.id), eq(memberships.project_id, tx.projectId))
}

async function record(
  tx: ProjectTx,
  actor: ProjectActor,
  action: "member.added" | "member.updated" | "member.removed" | "session.revoked",
  user: UserRow,
  change: { before?: unknown; after?: unknown },
  origin: Origin,
): Promise<void> {
  await auditAct(tx, actor, { action, target: `user:${user.email}`, ...change }, origin)
}
