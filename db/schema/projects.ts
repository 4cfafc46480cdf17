import { sql } from "drizzle-orm"
import { boolean, check, integer, pgTable, primaryKey, serial, text, uniqueIndex } from "drizzle-orm/pg-core"
import { users } from "./auth"
import { instant } from "./columns"

/** The tenant: everything belongs to exactly one. */
export const projects = pgTable(
  "projects",
  {
    id: serial().primaryKey(),
    slug: text().notNull(),
    name: text().notNull(),
    /** IANA zone that cuts days and months; the day level of the roll-ups is rebuilt when it changes. */
    zone: text().notNull().default("UTC"),
    currency: text().notNull().default("USD"),
    /** A reported cost wins over the computed one. */
    prefers_reported_cost: boolean().notNull().default(true),
    /** Retention dropped the spans and events of the days before; roll-ups before it are sealed, audit and rebuild start here. */
    sealed_before: instant(),
    /** Made by a scenario, and removable for that reason alone; given at birth, guarded by a trigger. */
    is_demo: boolean().notNull().default(false),
    created_at: instant().notNull().defaultNow(),
  },
  (t) => [uniqueIndex("projects_slug").on(t.slug)],
)

/** Who may do what where. Administration is per installation: `users.is_admin`. */
export const memberships = pgTable(
  "memberships",
  {
    project_id: integer()
      .notNull()
      .references(() => projects.id),
    user_id: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    role: text().notNull(),
    created_at: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.user_id] }),
    check("memberships_role", sql`${t.role} in ('viewer', 'operator', 'finance')`),
  ],
)

/** Ingest keys: the secret itself is never stored, only its HMAC under the installation's pepper. */
export const ingestKeys = pgTable(
  "ingest_keys",
  {
    id: serial().primaryKey(),
    project_id: integer()
      .notNull()
      .references(() => projects.id),
    public_id: text().notNull(),
    secret_hmac: text().notNull(),
    last4: text().notNull(),
    name: text().notNull(),
    scopes: text().array().notNull(),
    environment: text(),
    created_by: text(),
    created_at: instant().notNull().defaultNow(),
    expires_at: instant().notNull(),
    last_used_at: instant(),
    last_used_ip: text(),
    revoked_at: instant(),
  },
  (t) => [uniqueIndex("ingest_keys_public_id").on(t.public_id)],
)
