import { and, desc, eq, gt } from "drizzle-orm"
import type { UserActor } from "@/access/actor"
import { actorName, audit, type Origin } from "@/access/audit"
import { db } from "@/db/client"
import { sessions } from "@/db/schema/auth"
import { withInstallation } from "@/db/scope"
import type { SessionList } from "@/lib/contracts/access"
import { AppError } from "@/lib/errors"
import { toIso } from "@/lib/time"

/** A person's own sessions, the last used first. Never the token. */
export async function listSessions(user: UserActor): Promise<SessionList> {
  const rows = await db()
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, user.userId), gt(sessions.expiresAt, new Date())))
    .orderBy(desc(sessions.updatedAt))
    .limit(200)
  const items = rows.map((row) => ({
    id: row.id,
    is_current: row.id === user.sessionId,
    ip: row.ipAddress || null,
    user_agent: row.userAgent || null,
    created_at: toIso(row.createdAt.getTime()),
    last_used_at: toIso(row.updatedAt.getTime()),
  }))
  return { items, next_cursor: null, count: null }
}

/** Ends one of a person's own sessions. @throws AppError `not_found`, also for somebody else's. */
export async function endSession(user: UserActor, sessionId: string, origin: Origin): Promise<void> {
  await withInstallation(async (tx) => {
    const ended = await tx
      .delete(sessions)
      .where(and(eq(sessions.id, sessionId), eq(sessions.userId, user.userId)))
      .returning({ id: sessions.id })
    if (ended.length === 0) throw new AppError("not_found", "There is no such session.")
    await audit(
      tx,
      { projectId: null, actor: actorName(user), action: "session.revoked", target: `user:${user.email}` },
      origin,
    )
  })
}
