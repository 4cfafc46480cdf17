import { sql } from "drizzle-orm"
import {
  type AnyPgColumn,
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core"
import { instant, int8 } from "./columns"

/** Versions of the tolerances of a workflow (`''` = of the project, for every workflow); append-only, the greatest version is in force for new runs. */
export const policies = pgTable(
  "policies",
  {
    project_id: integer().notNull(),
    /** Grows over the whole project: what a run pins. */
    id: bigserial({ mode: "bigint" }).notNull(),
    workflow: text().notNull(),
    version: integer().notNull(),
    document: jsonb().notNull(),
    /** SHA-256 of the canonical document. */
    hash: text().notNull(),
    author: text().notNull(),
    approver: text(),
    reason: text().notNull(),
    created_at: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.workflow, t.version] }),
    uniqueIndex("policies_id").on(t.project_id, t.id),
    index("policies_pinned").on(t.project_id, t.workflow, t.id),
  ],
)

/**
 * By which policies a run is judged: of its workflow and of the project, the newest with an id up to `pin`, which is that of the moment in which its first event
 * was stored. The workflow of a run may become known later; the pin stays. Not a projection: a rebuild leaves it. No row = no policy was there.
 */
export const runPolicies = pgTable(
  "run_policies",
  {
    project_id: integer().notNull(),
    run_id: text().notNull(),
    pin: int8().notNull(),
    /** Its line was tightened when it began. */
    is_tight: boolean().notNull().default(false),
    /** When time alone may change what is found: the watchdog looks at it then. May be too early, never too late. */
    due_at: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.run_id] }),
    index("run_policies_due").on(t.due_at).where(sql`${t.due_at} is not null`),
  ],
)

/** Limits that a run has crossed, as its events are now. A projection, but for rules that are not decided run by run (T18). */
export const runFindings = pgTable(
  "run_findings",
  {
    project_id: integer().notNull(),
    run_id: text().notNull(),
    rule: text().notNull(),
    /** With the rule the identity in its run: step, check, model or tool; empty for the run as a whole. */
    subject: text().notNull(),
    action: text().notNull(),
    observed: text().notNull(),
    limit_value: text().notNull(),
    unit: text().notNull(),
    step: text(),
    text: text().notNull(),
    evidence: jsonb().notNull(),
    is_incomplete: boolean().notNull(),
    /** Until then it is shown and waits; null = it holds at once. */
    effective_at: instant(),
  },
  (t) => [primaryKey({ columns: [t.project_id, t.run_id, t.rule, t.subject] })],
)

/** The log of what was decided and when, with what it was decided from: the same input gives the same finding again. Append-only. */
export const decisions = pgTable(
  "decisions",
  {
    id: bigserial({ mode: "bigint" }).primaryKey(),
    project_id: integer().notNull(),
    run_id: text().notNull(),
    workflow: text(),
    at: instant().notNull().defaultNow(),
    rule: text().notNull(),
    subject: text().notNull(),
    action: text().notNull(),
    /** The pinned policies: version of the workflow's own (null = it had none) and of the project's. */
    policy_workflow: text(),
    policy_version: integer(),
    default_version: integer(),
    input: jsonb().notNull(),
    /** SHA-256 of the canonical input. */
    input_hash: text().notNull(),
    finding: jsonb().notNull(),
    /** The run had ended and this came after it: T20. */
    is_late: boolean().notNull().default(false),
  },
  (t) => [
    index("decisions_run").on(t.project_id, t.run_id, t.id),
    index("decisions_stops").on(t.project_id, t.workflow, t.at).where(sql`${t.action} in ('halt', 'quarantine')`),
  ],
)

const WAITS = (t: { state: AnyPgColumn; kind: AnyPgColumn }) =>
  sql`${t.state} in ('issued', 'leased', 'acked') and ${t.kind} <> 'continue'`

/** What running agents were told, and what became of it. Depends on when we knew: a log beside the ledger, no projection. */
export const directives = pgTable(
  "directives",
  {
    id: bigserial({ mode: "bigint" }).primaryKey(),
    project_id: integer().notNull(),
    /** Null = for every run of the workflow (null too = of the project). */
    run_id: text(),
    workflow: text(),
    kind: text().notNull(),
    rule: text(),
    observed: text(),
    limit_value: text(),
    unit: text(),
    step: text(),
    reason: text(),
    issued_at: instant().notNull().defaultNow(),
    /** `andon` or a person. */
    issued_by: text().notNull(),
    state: text().notNull().default("issued"),
    leased_by: text(),
    lease_token: uuid(),
    lease_until: instant(),
    acked_at: instant(),
    ended_at: instant(),
    detail: text(),
  },
  (t) => [
    uniqueIndex("directives_open")
      .on(t.project_id, t.run_id, t.kind)
      .where(sql`${t.state} <> 'ended' and ${t.run_id} is not null`),
    index("directives_lines").on(t.project_id, t.workflow).where(sql`${t.state} <> 'ended' and ${t.run_id} is null`),
    index("directives_recent").on(t.project_id, t.id),
    // What a runner may still be given, of the project and of a workflow; what has ended stays out of its way.
    index("directives_waiting").on(t.project_id, t.id).where(WAITS(t)),
    index("directives_workflow").on(t.project_id, t.workflow, t.id).where(WAITS(t)),
  ],
)

/** What people (and Andon on behalf of a rule outside of the run) did to a run; append-only. Its fold with the findings is status and hold. */
export const runActs = pgTable(
  "run_acts",
  {
    project_id: integer().notNull(),
    run_id: text().notNull(),
    /** 1, 2, …: the version that the next act names. */
    n: integer().notNull(),
    at: instant().notNull().defaultNow(),
    actor: text().notNull(),
    act: text().notNull(),
    from_state: text().notNull(),
    to_state: text().notNull(),
    reason: text().notNull(),
    evidence: jsonb(),
    /** `rule subject` of the findings that were there: only another one takes a release back. */
    findings: jsonb().notNull().default([]),
  },
  (t) => [primaryKey({ columns: [t.project_id, t.run_id, t.n] })],
)

/** Whether a workflow's line may start runs. No row = live, version 0. */
export const workflowStates = pgTable(
  "workflow_states",
  {
    project_id: integer().notNull(),
    workflow: text().notNull(),
    state: text().notNull(),
    version: integer().notNull(),
    reason: text().notNull(),
    actor: text().notNull(),
    at: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.project_id, t.workflow] })],
)

export const workflowActs = pgTable(
  "workflow_acts",
  {
    project_id: integer().notNull(),
    workflow: text().notNull(),
    n: integer().notNull(),
    at: instant().notNull().defaultNow(),
    actor: text().notNull(),
    act: text().notNull(),
    from_state: text().notNull(),
    to_state: text().notNull(),
    reason: text().notNull(),
    evidence: jsonb(),
  },
  (t) => [primaryKey({ columns: [t.project_id, t.workflow, t.n] })],
)
