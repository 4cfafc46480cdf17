import { isAPIError } from "better-auth/api"
import { eq } from "drizzle-orm"
import type { UserActor } from "@/access/actor"
import { countAccountAttempt, countAddressAttempt, countFailure, forgiveAttempt } from "@/access/attempts"
import { type AuditEntry, actorName, audit, type Origin } from "@/access/audit"
import { auth } from "@/access/auth"
import { assertStrongPassword } from "@/access/password"
import { sessionToken } from "@/access/session"
import { db } from "@/db/client"
import { sessions } from "@/db/schema/auth"
import { withInstallation } from "@/db/scope"
import { AppError } from "@/lib/errors"
import { logError } from "@/lib/http"

/** `Set-Cookie` lines for the answer. */
export type CookieLines = string[]

/**
 * Logs a person in: a new session each time, and the one that the browser brought along ends.
 * @throws AppError `unauthenticated` with one text for an unknown address, a wrong password and a disabled person; `too_many_attempts`.
 */
export async function login(
  input: { email: string; password: string },
  headers: Headers,
  origin: Origin,
): Promise<CookieLines> {
  const email = input.email.trim().toLowerCase()
  const now = Date.now()
  await countAddressAttempt("login", origin.remoteIp, now)
  await countAccountAttempt(email, now)
  const cookies = await signIn(email, input.password, headers, origin)
  if (!cookies) {
    await record({ projectId: null, actor: `user:${email}`, action: "login.failed" }, origin)
    if (await countFailure(now)) await raiseAlarm(origin)
    throw new AppError("unauthenticated", "E-mail or password is wrong.")
  }
  const before = sessionToken(headers)
  if (before !== null) await db().delete(sessions).where(eq(sessions.token, before))
  await forgiveAttempt(email, origin.remoteIp, now)
  await record({ projectId: null, actor: `user:${email}`, action: "login.succeeded" }, origin)
  return cookies
}

/** Ends the session of this request, if there is one. @returns the lines that remove its cookie. */
export async function logout(user: UserActor, headers: Headers, origin: Origin): Promise<CookieLines> {
  const answer = await auth().api.signOut({ headers: libraryHeaders(headers, origin), returnHeaders: true })
  await record({ projectId: null, actor: actorName(user), action: "logout" }, origin)
  return answer.headers.getSetCookie()
}

/**
 * Changes one's own password. All sessions end; this browser gets a new one.
 * @throws AppError `weak_password`, `invalid_input` when the current password is wrong, `too_many_attempts`.
 */
export async function changePassword(
  user: UserActor,
  input: { current_password: string; new_password: string },
  headers: Headers,
  origin: Origin,
): Promise<CookieLines> {
  assertStrongPassword(input.new_password, user.email, "new_password")
  const now = Date.now()
  await countAccountAttempt(user.email, now)
  try {
    const answer = await auth().api.changePassword({
      body: {
        currentPassword: input.current_password,
        newPassword: input.new_password,
        revokeOtherSessions: true,
      },
      headers: libraryHeaders(headers, origin),
      returnHeaders: true,
    })
    await forgiveAttempt(user.email, null, now)
    await record(
      { projectId: null, actor: actorName(user), action: "password.changed", target: `user:${user.email}` },
      origin,
    )
    return answer.headers.getSetCookie()
  } catch (error) {
    if (!isAPIError(error)) throw error
    throw new AppError("invalid_input", "The current password is wrong.", { field: "current_password", cause: error })
  }
}

/** @returns null when the library refuses; an unknown address costs it the same hash as a wrong password. */
async function signIn(email: string, password: string, headers: Headers, origin: Origin): Promise<CookieLines | null> {
  try {
    const answer = await auth().api.signInEmail({
      body: { email, password },
      headers: libraryHeaders(headers, origin, false),
      returnHeaders: true,
    })
    return answer.headers.getSetCookie()
  } catch (error) {
    if (isAPIError(error) && error.statusCode < 500) return null
    throw error
  }
}

/** What the library may see of a request: the cookie, the browser's name, and the address that our server vouches for. */
function libraryHeaders(headers: Headers, origin: Origin, hasCookie = true): Headers {
  const kept = new Headers()
  const cookie = headers.get("cookie")
  if (hasCookie && cookie !== null) kept.set("cookie", cookie)
  kept.set("user-agent", (headers.get("user-agent") ?? "").slice(0, 256))
  if (origin.remoteIp !== null) kept.set("x-andon-remote", origin.remoteIp)
  return kept
}

async function raiseAlarm(origin: Origin): Promise<void> {
  logError("more than 50 failed log-ins within 10 minutes", new Error("login alarm"), origin.requestId)
  await record({ projectId: null, actor: "system", action: "login.alarm" }, origin)
}

async function record(entry: AuditEntry, origin: Origin): Promise<void> {
  await withInstallation((tx) => audit(tx, entry, origin))
}
