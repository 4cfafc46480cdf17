import { boolean, index, integer, pgTable, serial, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core"
import { instant } from "./columns"

/** better-auth reads and writes Dates, and its property names are camelCase by contract. */
const date = (name: string) => timestamp(name, { withTimezone: true, mode: "date" })

export const users = pgTable(
  "users",
  {
    id: text().primaryKey(),
    name: text().notNull(),
    email: text().notNull(),
    emailVerified: boolean("email_verified").notNull().default(false),
    image: text(),
    isAdmin: boolean("is_admin").notNull().default(false),
    disabledAt: date("disabled_at"),
    createdAt: date("created_at").notNull().defaultNow(),
    updatedAt: date("updated_at").notNull().defaultNow(),
  },
  (t) => [uniqueIndex("users_email").on(t.email)],
)

export const sessions = pgTable(
  "sessions",
  {
    id: text().primaryKey(),
    token: text().notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    expiresAt: date("expires_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    createdAt: date("created_at").notNull().defaultNow(),
    updatedAt: date("updated_at").notNull().defaultNow(),
  },
  (t) => [uniqueIndex("sessions_token").on(t.token), index("sessions_user").on(t.userId)],
)

/** Credentials: `password` is better-auth's scrypt hash. */
export const accounts = pgTable(
  "accounts",
  {
    id: text().primaryKey(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: date("access_token_expires_at"),
    refreshTokenExpiresAt: date("refresh_token_expires_at"),
    scope: text(),
    password: text(),
    createdAt: date("created_at").notNull().defaultNow(),
    updatedAt: date("updated_at").notNull().defaultNow(),
  },
  (t) => [index("accounts_user").on(t.userId)],
)

/** better-auth's one-time values; named apart from the domain's verifications. */
export const authVerifications = pgTable("auth_verifications", {
  id: text().primaryKey(),
  identifier: text().notNull(),
  value: text().notNull(),
  expiresAt: date("expires_at").notNull(),
  createdAt: date("created_at").notNull().defaultNow(),
  updatedAt: date("updated_at").notNull().defaultNow(),
})

/** One-time set-up link: only the hash is kept. */
export const setupTokens = pgTable("setup_tokens", {
  id: serial().primaryKey(),
  token_hash: text().notNull(),
  created_at: instant().notNull().defaultNow(),
  expires_at: instant().notNull(),
  used_at: instant(),
})

/** Failed log-ins per subject (`ip:…`, `account:…`), shared by all instances. */
export const loginAttempts = pgTable("login_attempts", {
  subject: text().primaryKey(),
  failures: integer().notNull(),
  window_started_at: instant().notNull(),
  blocked_until: instant(),
})
