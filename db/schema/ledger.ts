import { sql } from "drizzle-orm"
import {
  bigserial,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  serial,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core"
import { instant, int8, money } from "./columns"

/**
 * The identity gate. An event is new exactly when its row goes in here; kept for ever, so that a retry years later is still a duplicate.
 * `key` and `body_hash` are the first 16 bytes of SHA-256 (event id; canonical body).
 */
export const eventKeys = pgTable(
  "event_keys",
  { project_id: integer().notNull(), key: uuid().notNull(), body_hash: uuid().notNull() },
  (t) => [primaryKey({ columns: [t.project_id, t.key] })],
)

/**
 * The source of everything: append-only, partitioned by the day received. `body` is the canonical event as accepted; `entry` is what ingest
 * decided about it (price row, cost, suspect clock, names folded into "(other)"), so that a rebuild replays and never decides again.
 * `n` orders the ledger: a later event of the same run has a greater one.
 */
export const events = pgTable(
  "events",
  {
    n: int8().notNull(),
    project_id: integer().notNull(),
    received_at: instant().notNull(),
    id: text().notNull(),
    type: text().notNull(),
    /** Empty for a `cost` event. */
    run_id: text().notNull(),
    /** The span that the event speaks of, empty when it speaks of the run. */
    span_id: text().notNull(),
    key_id: integer().notNull(),
    body: jsonb().notNull(),
    entry: jsonb().notNull(),
  },
  // The events of a span (merge, payload) and of a run (replay of one run).
  (t) => [index("events_run_span").on(t.project_id, t.run_id, t.span_id)],
)

/** Distinct combinations of what spend is grouped by; roll-ups and spans hold its id. `digest` is the identity (nulls included). */
export const dimensionSets = pgTable(
  "dimension_sets",
  {
    id: serial().primaryKey(),
    project_id: integer().notNull(),
    digest: uuid().notNull(),
    provider: text(),
    model: text(),
    workflow: text(),
    step: text(),
    environment: text(),
    release: text(),
    team: text(),
    customer: text(),
    key_id: integer(),
  },
  (t) => [uniqueIndex("dimension_sets_digest").on(t.project_id, t.digest)],
)

/** Names seen per dimension: past 10,000 of them new ones are counted as "(other)". */
export const dimensionNames = pgTable(
  "dimension_names",
  { project_id: integer().notNull(), dimension: text().notNull(), name: text().notNull() },
  (t) => [primaryKey({ columns: [t.project_id, t.dimension, t.name] })],
)

/** What was refused or contradicted an earlier event, with the raw bytes, to look at and to replay. The same fault again raises `count`. */
export const deadLetters = pgTable(
  "dead_letters",
  {
    id: bigserial({ mode: "bigint" }).primaryKey(),
    project_id: integer().notNull(),
    kind: text().notNull(),
    code: text().notNull(),
    field: text(),
    message: text().notNull(),
    event_id: text(),
    /** What `raw` is, so that it goes in again the way it came: `native`, an item of another format, or what its decoder made of one. */
    form: text().notNull().default("native"),
    raw: text().notNull(),
    raw_hash: uuid().notNull(),
    key_id: integer().notNull(),
    request_id: text().notNull(),
    first_at: instant().notNull(),
    last_at: instant().notNull(),
    count: integer().notNull().default(1),
    replayed_at: instant(),
  },
  (t) => [
    uniqueIndex("dead_letters_same").on(t.project_id, t.code, t.raw_hash),
    index("dead_letters_recent").on(t.project_id, t.last_at.desc(), t.id.desc()),
  ],
)

/** How ingest went, per key and hour: what the data-quality strip shows. Not a projection: duplicates leave no event behind. */
export const ingestCounters = pgTable(
  "ingest_counters",
  {
    project_id: integer().notNull(),
    key_id: integer().notNull(),
    hour: instant().notNull(),
    accepted: int8().notNull().default("0"),
    duplicates: int8().notNull().default("0"),
    conflicts: int8().notNull().default("0"),
    rejected: int8().notNull().default("0"),
    sanitized: int8().notNull().default("0"),
    last_at: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.project_id, t.key_id, t.hour] })],
)

/**
 * Dated rates per token (per piece: `image`, `search`, `request`), append-only; `project_id` null is the list price, `provider` empty a price for calls that
 * name none. A correction is a new row: the greatest `valid_from`, then the greatest id, wins. `prompt_above` is the long-context tier: the row
 * holds for requests whose prompt has more tokens than that.
 */
export const prices = pgTable(
  "prices",
  {
    id: serial().primaryKey(),
    project_id: integer(),
    provider: text().notNull(),
    model: text().notNull(),
    valid_from: instant().notNull(),
    prompt_above: integer().notNull().default(0),
    service_tier: text().notNull().default("standard"),
    currency: text().notNull().default("USD"),
    input: money().notNull(),
    cache_read: money(),
    cache_write: money(),
    cache_write_1h: money(),
    output: money().notNull(),
    reasoning: money(),
    audio_input: money(),
    audio_output: money(),
    image_input: money(),
    image_output: money(),
    image: money(),
    search: money(),
    request: money(),
    source: text().notNull(),
    source_date: text().notNull(),
    created_by: text(),
    created_at: instant().notNull().defaultNow(),
  },
  (t) => [index("prices_lookup").on(t.provider, t.model, t.valid_from)],
)

/** What a project pays less than the list price of a provider, in percent of it, from a date on; append-only. Own prices are net and know none. */
export const priceDiscounts = pgTable(
  "price_discounts",
  {
    project_id: integer().notNull(),
    id: serial().notNull(),
    provider: text().notNull(),
    percent: money().notNull(),
    valid_from: instant().notNull(),
    reason: text().notNull(),
    created_by: text().notNull(),
    created_at: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.id] }),
    check("price_discounts_percent", sql`${t.percent} >= 0 and ${t.percent} <= 100`),
  ],
)

/**
 * Acts of deciding a past range again, by other prices or by mended mappings: first a preview, then, when somebody says so, an entry for each call whose
 * price or reading changes, then maybe its undoing. The entries stand in `events`; this row says who wanted it, why, and how far it is.
 */
export const repricings = pgTable(
  "repricings",
  {
    project_id: integer().notNull(),
    id: serial().notNull(),
    /** `prices` or `mapping`. */
    kind: text().notNull().default("prices"),
    state: text().notNull(),
    from_at: instant().notNull(),
    to_at: instant().notNull(),
    /** Of a mapping: only spans of this convention; null = all. */
    convention: text(),
    /** Only calls of these; null = all. An empty text stands for calls that name none. */
    provider: text(),
    model: text(),
    reason: text().notNull(),
    /** The prices, and the mappings, that the preview was made with. */
    book_version: text(),
    preview: jsonb(),
    /** What was done so far, and what undoing took back. */
    result: jsonb(),
    undone: jsonb(),
    created_by: text().notNull(),
    created_at: instant().notNull().defaultNow(),
    updated_at: instant().notNull().defaultNow(),
    finished_at: instant(),
  },
  (t) => [primaryKey({ columns: [t.project_id, t.id] })],
)

/**
 * Closings of a calendar month of the project's zone and their undoing, append-only: of a month its last row holds. `from_at` and `to_at` are the month's
 * instants in the zone of that moment; the sums are the whole project's spend in it then, the control total of what finance took away.
 */
export const periods = pgTable(
  "periods",
  {
    project_id: integer().notNull(),
    id: serial().notNull(),
    /** `YYYY-MM`. */
    month: text().notNull(),
    act: text().notNull(),
    from_at: instant().notNull(),
    to_at: instant().notNull(),
    cost: money().notNull(),
    calls: int8().notNull(),
    unpriced_calls: int8().notNull(),
    reason: text().notNull(),
    created_by: text().notNull(),
    created_at: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.id] }),
    index("periods_month").on(t.project_id, t.month, t.id.desc()),
    check("periods_act", sql`${t.act} in ('closed', 'reopened')`),
  ],
)

/** Who did what to the installation; append-only by privilege and by trigger. */
export const auditLog = pgTable(
  "audit_log",
  {
    id: bigserial({ mode: "bigint" }).primaryKey(),
    at: instant().notNull().defaultNow(),
    project_id: integer(),
    actor: text().notNull(),
    action: text().notNull(),
    target: text(),
    before: jsonb(),
    after: jsonb(),
    reason: text(),
    request_id: text(),
    ip: text(),
  },
  (t) => [index("audit_log_project").on(t.project_id, t.id.desc())],
)
