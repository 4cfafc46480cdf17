import { createHmac, timingSafeEqual } from "node:crypto"
import { and, eq, gt, lt } from "drizzle-orm"
import type { Membership, UserActor } from "@/access/actor"
import { sessionCookieName } from "@/access/auth"
import { accessConfig } from "@/access/config"
import { db } from "@/db/client"
import { sessions, users } from "@/db/schema/auth"
import { memberships } from "@/db/schema/projects"
import { withUser } from "@/db/scope"

const HOUR_MS = 3_600_000
const IDLE_MS = 12 * HOUR_MS
/** Who may change money or people logs in every working day. */
const POWERFUL_LIFE_MS = 8 * HOUR_MS
const TOUCH_EVERY_MS = 60_000

/**
 * The person behind a request's session cookie, or null: no cookie, a forged one, a session that was ended, idle for 12 hours or past its
 * life (7 days; 8 hours for administrators and finance), a disabled person. Looked up on every call: an ended session ends at once.
 */
export async function currentUser(headers: Headers, now: number = Date.now()): Promise<UserActor | null> {
  const token = sessionToken(headers)
  if (token === null) return null
  const [row] = await db()
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.token, token), gt(sessions.expiresAt, new Date(now))))
  if (!row || row.user.disabledAt !== null) return null
  const { session, user } = row
  if (now - session.updatedAt.getTime() > IDLE_MS) return null
  const held = user.isAdmin ? [] : await membershipsOf(user.id)
  const isPowerful = user.isAdmin || held.some((membership) => membership.role === "finance")
  if (isPowerful && now - session.createdAt.getTime() > POWERFUL_LIFE_MS) return null
  if (now - session.updatedAt.getTime() > TOUCH_EVERY_MS) await touch(session.id, now)
  return {
    kind: "user",
    userId: user.id,
    email: user.email,
    name: user.name,
    isAdmin: user.isAdmin,
    sessionId: session.id,
    memberships: held,
  }
}

/** The token of a cookie that we signed; null for anything else. */
export function sessionToken(headers: Headers): string | null {
  const cookie = headers.get("cookie")
  if (cookie === null) return null
  const prefix = `${sessionCookieName()}=`
  const part = cookie.split(/; */).find((piece) => piece.startsWith(prefix))
  if (part === undefined) return null
  let value: string
  try {
    value = decodeURIComponent(part.slice(prefix.length))
  } catch {
    return null
  }
  const dot = value.lastIndexOf(".")
  if (dot < 1) return null
  const token = value.slice(0, dot)
  // Compared as text: decoding base64 would take other spellings of the same signature.
  const signature = Buffer.from(createHmac("sha256", accessConfig().authSecret).update(token).digest("base64"))
  const presented = Buffer.from(value.slice(dot + 1))
  return presented.length === signature.length && timingSafeEqual(presented, signature) ? token : null
}

async function membershipsOf(userId: string): Promise<Membership[]> {
  return await withUser(userId, async (tx) => {
    const rows = await tx
      .select({ projectId: memberships.project_id, role: memberships.role })
      .from(memberships)
      .where(eq(memberships.user_id, userId))
      .orderBy(memberships.project_id)
    return rows as Membership[]
  })
}

async function touch(sessionId: string, now: number): Promise<void> {
  const before = new Date(now - TOUCH_EVERY_MS)
  await db()
    .update(sessions)
    .set({ updatedAt: new Date(now) })
    .where(and(eq(sessions.id, sessionId), lt(sessions.updatedAt, before)))
}
