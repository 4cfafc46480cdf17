import { sql } from "drizzle-orm"
import {
  bigserial,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core"
import { instant, int8 } from "./columns"

/** Where people of a project are told of exceptions. Addresses and keys are sealed; a removed one stays, without them, as the name in the log of deliveries. */
export const alertChannels = pgTable(
  "alert_channels",
  {
    project_id: integer().notNull(),
    id: integer().notNull(),
    version: integer().notNull().default(1),
    name: text().notNull(),
    kind: text().notNull(),
    /** Masked, for people. */
    target: text().notNull(),
    /** Address, keys and signing secrets under the installation's own key: see `access/seal.ts`. Null once removed. */
    sealed: text(),
    region: text(),
    body_format: text(),
    min_severity: text().notNull(),
    /** Empty: all. */
    kinds: text().array().notNull(),
    workflows: text().array().notNull(),
    escalation_level: smallint().notNull().default(0),
    state: text().notNull().default("active"),
    disabled_reason: text(),
    disabled_at: instant(),
    created_by: text().notNull(),
    created_at: instant().notNull().defaultNow(),
    removed_at: instant(),
    /** Of the first failed try since the last that worked. */
    failing_since: instant(),
    last_error: text(),
    last_delivered_at: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.id] }),
    uniqueIndex("alert_channels_name").on(t.project_id, sql`lower(${t.name})`).where(sql`${t.removed_at} is null`),
    check("alert_channels_kind", sql`${t.kind} in ('slack', 'pagerduty', 'webhook', 'email')`),
    check("alert_channels_state", sql`${t.state} in ('active', 'disabled')`),
    check("alert_channels_level", sql`${t.escalation_level} between 0 and 2`),
  ],
)

/**
 * The outbox: what a channel is to be told, written in the transaction that made it true. One row per channel and exception and opening; those that
 * go out together share a `message_id`, which stays over every try.
 */
export const alertDeliveries = pgTable(
  "alert_deliveries",
  {
    project_id: integer().notNull(),
    id: bigserial({ mode: "bigint" }).notNull(),
    channel_id: integer().notNull(),
    action: text().notNull(),
    /** Null for a test. */
    exception_id: int8(),
    fingerprint: text(),
    /** Action and the version of the exception that it tells of: never twice for a channel. */
    dedupe: text().notNull(),
    subject: text().notNull(),
    /** The exception as it was then. */
    facts: jsonb().notNull(),
    state: text().notNull().default("pending"),
    /** Why it was parked or dropped, in words. */
    reason: text(),
    message_id: text(),
    created_at: instant().notNull().defaultNow(),
    due_at: instant().notNull(),
    /** Until then one process is sending it. */
    leased_until: instant(),
    tries: smallint().notNull().default(0),
    delivered_at: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.id] }),
    uniqueIndex("alert_deliveries_once").on(t.project_id, t.channel_id, t.dedupe),
    index("alert_deliveries_due").on(t.due_at).where(sql`${t.state} = 'pending'`),
    index("alert_deliveries_open").on(t.project_id, t.channel_id, t.state, t.id.desc()),
    index("alert_deliveries_exception").on(t.project_id, t.exception_id, t.id.desc()),
    index("alert_deliveries_message").on(t.project_id, t.message_id),
    index("alert_deliveries_chatter").on(t.project_id, t.channel_id, t.fingerprint, t.created_at.desc()),
    check("alert_deliveries_state", sql`${t.state} in ('pending', 'delivered', 'parked', 'dropped')`),
  ],
)

/** One row per try of a message, whatever came of it. */
export const alertAttempts = pgTable(
  "alert_attempts",
  {
    project_id: integer().notNull(),
    message_id: text().notNull(),
    n: smallint().notNull(),
    at: instant().notNull(),
    ms: integer().notNull(),
    status: integer(),
    /** Null = delivered. */
    error: text(),
    /** Of the answer, at most 1 KiB. */
    excerpt: text(),
  },
  (t) => [primaryKey({ columns: [t.project_id, t.message_id, t.n] })],
)

/** What is asked of a project as a whole; no row = nothing is. */
export const alertSettings = pgTable(
  "alert_settings",
  {
    project_id: integer().primaryKey(),
    /** After so many minutes without an event an exception is raised; null = never. */
    no_data_minutes: integer(),
    changed_by: text().notNull(),
    changed_at: instant().notNull().defaultNow(),
  },
  (t) => [check("alert_settings_no_data", sql`${t.no_data_minutes} between 5 and 10080`)],
)
