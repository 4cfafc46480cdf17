import { sql } from "drizzle-orm"
import { bigserial, check, index, integer, pgTable, primaryKey, smallint, text, uniqueIndex } from "drizzle-orm/pg-core"
import { instant, int8 } from "./columns"

/**
 * What a person must look at, grouped by fingerprint. No projection: people act on it, so it is never made again from the events. A state
 * changes together with its `version` and a row of `exception_log`; `count` and the instants of its runs follow ingest and change neither.
 */
export const exceptions = pgTable(
  "exceptions",
  {
    project_id: integer().notNull(),
    id: bigserial({ mode: "bigint" }).notNull(),
    /** What raised it: see EXCEPTION_KINDS. */
    kind: text().notNull(),
    severity: text().notNull(),
    /** SHA-256 over kind, workflow, rule, step and the reason without its numbers and ids; hex, shortened. */
    fingerprint: text().notNull(),
    workflow: text(),
    rule: text(),
    step: text(),
    /** As the first of its runs gave it; null when it gave none. */
    reason: text(),
    state: text().notNull(),
    /** The state as a number, which the index of the queue begins with. */
    rank: smallint()
      .notNull()
      .generatedAlwaysAs(
        sql`case "state" when 'unack_active' then 0 when 'ack_active' then 1 when 'unack_cleared' then 2 when 'snoozed' then 3 when 'suppressed_by_design' then 4 else 5 end`,
      ),
    /** Of the last act on it, from 1; what a person must name who acts. */
    version: integer().notNull().default(1),
    /** Rows of `exception_runs`. */
    count: integer().notNull().default(0),
    /** When its first and its latest run stopped, by their own clocks. */
    first_seen_at: instant().notNull(),
    last_seen_at: instant().notNull(),
    /** When we knew. */
    raised_at: instant().notNull().defaultNow(),
    /** `ingest`, or `sweep` for what was found afterwards: its delay says nothing of ingest. */
    raised_by: text().notNull(),
    acked_at: instant(),
    acked_by: text(),
    assignee: text(),
    resolved_at: instant(),
    resolved_by: text(),
    cause: text(),
    note: text(),
    /** The latest resolved one of the same fingerprint. */
    previous_id: int8(),
    /** What was seen and what was allowed, of the first that raised it; null where nothing was measured. */
    observed: text(),
    limit_value: text(),
    unit: text(),
    /** The clock of what raised it first, as it was then: raised_at minus this is how long it took to be known. */
    violated_at: instant(),
    /** End of the snooze or of the suppression. */
    until_at: instant(),
    /** Since when it has waited for somebody to look, and how far that has been carried: 1 after 5 minutes, 2 after 15. */
    waits_since: instant().notNull().defaultNow(),
    escalation: smallint().notNull().default(0),
    escalated_at: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.id] }),
    // One open exception per fingerprint, whatever servers raise it at once.
    uniqueIndex("exceptions_open").on(t.project_id, t.fingerprint).where(sql`${t.state} <> 'resolved'`),
    index("exceptions_fingerprint").on(t.project_id, t.fingerprint, t.id.desc()),
    index("exceptions_queue").on(t.project_id, t.rank, t.last_seen_at.desc(), t.id.desc()),
    index("exceptions_workflow").on(t.project_id, t.workflow, t.rank, t.last_seen_at.desc(), t.id.desc()),
    index("exceptions_kind").on(t.project_id, t.kind, t.rank, t.last_seen_at.desc(), t.id.desc()),
    index("exceptions_severity").on(t.project_id, t.severity, t.rank, t.last_seen_at.desc(), t.id.desc()),
    index("exceptions_assignee")
      .on(t.project_id, t.assignee, t.rank, t.last_seen_at.desc(), t.id.desc())
      .where(sql`${t.assignee} is not null`),
    index("exceptions_raised").on(t.project_id, t.raised_at),
    // How many wait for long, counted without their rows.
    index("exceptions_standing")
      .on(t.project_id, t.raised_at)
      .where(sql`${t.rank} in (0, 1, 2) and ${t.kind} <> 'audit_sample'`),
    index("exceptions_until").on(t.project_id, t.until_at).where(sql`${t.until_at} is not null`),
    index("exceptions_waiting")
      .on(t.project_id, t.waits_since)
      .where(sql`${t.state} = 'unack_active' and ${t.severity} = 'critical' and ${t.escalation} < 2`),
    check("exceptions_count", sql`${t.count} >= 0`),
  ],
)

/** What an exception stands for: runs, or with an empty `run_id` a line or a budget. */
export const exceptionRuns = pgTable(
  "exception_runs",
  {
    project_id: integer().notNull(),
    exception_id: int8().notNull(),
    run_id: text().notNull(),
    kind: text().notNull(),
    /** Which condition of that kind: a halt is one of its run; a finding has its rule and subject here. */
    subject: text().notNull().default(""),
    at: instant().notNull(),
    /** The condition is gone: an earlier event came late, and the run is not halted any more. */
    cleared_at: instant(),
    step: text(),
    /** The span or event that shows it; null = what ran last does. */
    evidence: text(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.exception_id, t.run_id, t.subject] }),
    // A condition stands in one exception.
    uniqueIndex("exception_runs_condition").on(t.project_id, t.run_id, t.kind, t.subject),
    index("exception_runs_recent").on(t.project_id, t.exception_id, t.at.desc(), t.run_id.desc()),
  ],
)

/** Every act on an exception, append-only: `n` is the version that it made. */
export const exceptionLog = pgTable(
  "exception_log",
  {
    project_id: integer().notNull(),
    exception_id: int8().notNull(),
    n: integer().notNull(),
    at: instant().notNull().defaultNow(),
    actor: text().notNull(),
    action: text().notNull(),
    from_state: text().notNull(),
    to_state: text().notNull(),
    assignee: text(),
    cause: text(),
    note: text(),
  },
  (t) => [primaryKey({ columns: [t.project_id, t.exception_id, t.n] })],
)
