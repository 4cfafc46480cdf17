import { drizzleAdapter } from "better-auth/adapters/drizzle"
import { betterAuth } from "better-auth/minimal"
import { eq } from "drizzle-orm"
import { accessConfig } from "@/access/config"
import { db, pool } from "@/db/client"
import { accounts, authVerifications, sessions, users } from "@/db/schema/auth"
import { logError } from "@/lib/http"

/** Absolute life of a session, and of its cookie; idle time and the shorter life of some roles are judged on every request. */
const SESSION_LIFE_S = 7 * 24 * 3600

/** `__Host-` binds the cookie to exactly this host over https; on this machine's plain http browsers would drop it. */
export function sessionCookieName(): string {
  return accessConfig().isSecure ? "__Host-andon.session" : "andon.session"
}

/**
 * better-auth as a library: it makes and checks password hashes, sessions and their signed cookie. Its own HTTP handler is mounted
 * nowhere; our routes call `api` after our own limiter and origin check. See docs/decisions/030-better-auth.md.
 */
function make() {
  const config = accessConfig()
  return betterAuth({
    appName: "Andon",
    baseURL: config.publicUrl.origin,
    trustedOrigins: [...config.origins],
    secret: config.authSecret,
    telemetry: { enabled: false },
    database: drizzleAdapter(db(), {
      provider: "pg",
      schema: { user: users, session: sessions, account: accounts, verification: authVerifications },
    }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    session: { expiresIn: SESSION_LIFE_S, disableSessionRefresh: true, cookieCache: { enabled: false } },
    rateLimit: { enabled: false },
    advanced: {
      useSecureCookies: false,
      cookies: {
        session_token: {
          name: sessionCookieName(),
          attributes: { secure: config.isSecure, httpOnly: true, sameSite: "lax", path: "/" },
        },
      },
      ipAddress: { ipAddressHeaders: ["x-andon-remote"] },
      database: { validateSchema: false },
    },
    databaseHooks: { session: { create: { before: refuseDisabled } } },
    logger: {
      // Wrong passwords are in the audit log; only its errors are news, and never with their arguments, which may hold what was typed.
      level: "error",
      log: (_level, message) => logError("log-in library", String(message)),
    },
  })
}

/** A disabled person gets the answer of a wrong password. */
async function refuseDisabled(session: { userId: string }) {
  const [user] = await db().select({ disabledAt: users.disabledAt }).from(users).where(eq(users.id, session.userId))
  return user && user.disabledAt === null ? undefined : false
}

type Auth = ReturnType<typeof make>
let made: { auth: Auth; pool: unknown; config: unknown } | undefined

/** One instance for the connections and settings of this process; another when they were replaced. */
export function auth(): Auth {
  const current = { pool: pool("pages"), config: accessConfig() }
  if (made?.pool !== current.pool || made.config !== current.config) made = { auth: make(), ...current }
  return made.auth
}
