import { sql } from "drizzle-orm"
import { boolean, check, index, integer, jsonb, pgTable, primaryKey, smallint, text } from "drizzle-orm/pg-core"
import { instant, int8, money } from "./columns"

const tokens = {
  input: int8(),
  cache_read: int8(),
  cache_write: int8(),
  output: int8(),
  reasoning: int8(),
  audio_input: int8(),
  audio_output: int8(),
}

const tokenSums = {
  input: int8().notNull().default("0"),
  cache_read: int8().notNull().default("0"),
  cache_write: int8().notNull().default("0"),
  output: int8().notNull().default("0"),
  reasoning: int8().notNull().default("0"),
  audio_input: int8().notNull().default("0"),
  audio_output: int8().notNull().default("0"),
}

/**
 * One timed piece of a run; narrow, the payload stays in `events`. Partitioned by `started_at`, which is the money date. A `cost` event is a
 * span with an empty run id. Token buckets are disjoint; null = the source gave no usage.
 */
export const spans = pgTable(
  "spans",
  {
    project_id: integer().notNull(),
    run_id: text().notNull(),
    span_id: text().notNull(),
    started_at: instant().notNull(),
    /** When it really began, where that month was closed already and its money is booked in an open one; else null. */
    began_at: instant(),
    /** How many of its events came after its month was closed, so that what they say of money is kept out. */
    late_events: integer().notNull().default(0),
    ended_at: instant(),
    parent_id: text(),
    kind: text().notNull(),
    name: text().notNull(),
    status: text(),
    error: text(),
    step: text(),
    attempt: integer(),
    outcome: text(),
    /** Of a step: every start and end that its events named, in order; what proof reads. Null for other kinds. */
    boundaries: jsonb(),
    provider: text(),
    model: text(),
    dimension_set_id: integer().notNull(),
    key_id: integer().notNull(),
    /** Its own workflow, environment, … for a run that says none, and the names counted as "(other)"; null when there is neither. */
    placement: jsonb(),
    ...tokens,
    /** Money and tokens count: false for a roll-up span whose descendants have their own. */
    is_counted: boolean().notNull(),
    /** A counted model call: the unit of "calls" and "unpriced calls". */
    is_call: boolean().notNull(),
    cost: money(),
    cost_source: text(),
    reported_cost: money(),
    computed_cost: money(),
    price_id: integer(),
    /** Of a tool call: SHA-256 of the canonical JSON of its arguments; null = the source kept none. */
    args_hash: text(),
    /** What else the price depended on: extras of the usage, tier, model asked for, discount, repricing; null when nothing. `Billing` of ingest. */
    billing: jsonb(),
    /** Some rate was missing in the price row and a documented fallback was used. */
    is_estimated: boolean().notNull(),
    /** The source's clock was more than a day ahead (the money date is then the day received) or it ended before it started. */
    is_time_suspect: boolean().notNull(),
    /** False while only later events of the span are here. */
    has_start: boolean().notNull(),
    event_count: integer().notNull(),
    received_at: instant().notNull(),
  },
  (t) => [
    // One index for "the spans of a run" and "this span"; a unique key on a partitioned table must hold the partition column.
    primaryKey({ columns: [t.project_id, t.run_id, t.span_id, t.started_at] }),
    // The model calls behind a figure of a time range, newest first. Partial also so that the planner cannot take it for a look-up by run in
    // a partition that nobody has analysed yet.
    index("spans_calls").on(t.project_id, t.started_at.desc()).where(sql`${t.is_call}`),
    // The steps of a run, for its proof.
    index("spans_steps").on(t.project_id, t.run_id).where(sql`${t.kind} = 'step'`),
    // The tool calls of a run, the latest first: loops.
    index("spans_tools").on(t.project_id, t.run_id, t.started_at, t.span_id).where(sql`${t.kind} = 'tool'`),
    // What was booked later than it began, and what was kept out of a closed month: few, whatever the size of the table.
    index("spans_late").on(t.project_id, t.started_at).where(sql`${t.began_at} is not null or ${t.late_events} > 0`),
    // Text of errors, searched in the newest of a range.
    index("spans_errors").on(t.project_id, t.started_at.desc()).where(sql`${t.status} = 'error'`),
    // Plain `cost >= 0` accepts NaN, and then every sum is NaN.
    check("spans_cost", sql`${t.cost} >= 0 and ${t.cost} < 'Infinity'`),
  ],
)

/** One execution: status, proof, hold and totals. `facts` is what its run events said, kept so that the outcome never depends on their order of arrival. */
export const runs = pgTable(
  "runs",
  {
    project_id: integer().notNull(),
    id: text().notNull(),
    started_at: instant().notNull(),
    ended_at: instant(),
    last_event_at: instant().notNull(),
    workflow: text(),
    agent: text(),
    environment: text(),
    release: text(),
    team: text(),
    customer: text(),
    tags: jsonb(),
    plan: jsonb(),
    checks: jsonb(),
    status: text().notNull(),
    proof: text().notNull(),
    proof_reasons: jsonb().notNull(),
    hold: text(),
    /** True until the run's own start has arrived. */
    is_partial: boolean().notNull(),
    halt_step: text(),
    halt_reason: text(),
    halt_by: text(),
    halt_rule: text(),
    /** What crossed the limit of that rule, as its finding says it; null where a person, or the run itself without a rule, halted it. */
    halt_observed: text(),
    halt_limit: text(),
    halt_unit: text(),
    output_sha256: text(),
    /** Contradictions seen, in words: a second end, an end after a halt. */
    notes: jsonb().notNull(),
    facts: jsonb().notNull(),
    dimension_set_id: integer().notNull(),
    spans: integer().notNull().default(0),
    steps: integer().notNull().default(0),
    errors: integer().notNull().default(0),
    verifications: integer().notNull().default(0),
    failed_verifications: integer().notNull().default(0),
    calls: integer().notNull().default(0),
    unpriced_calls: integer().notNull().default(0),
    /** Calls whose reported cost is off the computed one by more than 2 % of it. */
    differing_calls: integer().notNull().default(0),
    ...tokenSums,
    /** Sums of what is priced: a reader shows null when calls ran and none of them has a price. */
    cost: money().notNull().default("0"),
    reported_cost: money().notNull().default("0"),
    computed_cost: money().notNull().default("0"),
    /** A span that is no model call carries usage: its descendants decide whether that counts. */
    has_rollup_usage: boolean().notNull().default(false),
    /** Bounds of its spans (money date) and of the days its events were received: they prune partitions. */
    first_span_at: instant(),
    last_span_at: instant(),
    first_received_at: instant().notNull(),
    last_received_at: instant().notNull(),
    /** The least and the greatest `seq` of its events, and how many brought one: fewer than the numbers between them is a gap. */
    seq_first: int8(),
    seq_last: int8(),
    seq_count: integer().notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.id] }),
    // The runs list, newest first, keyset by (started_at, id).
    index("runs_recent").on(t.project_id, t.started_at.desc(), t.id.desc()),
    index("runs_workflow").on(t.project_id, t.workflow, t.started_at.desc(), t.id.desc()),
    // Halted page: few rows, whatever the size of the table.
    index("runs_halted")
      .on(t.project_id, t.started_at.desc(), t.id.desc())
      .where(sql`${t.status} in ('halted', 'halting')`),
    index("runs_needing_proof")
      .on(t.project_id, t.started_at.desc(), t.id.desc())
      .where(sql`${t.proof} in ('unproven', 'failed')`),
    index("runs_with_gaps")
      .on(t.project_id, t.started_at.desc(), t.id.desc())
      .where(sql`${t.seq_last} - ${t.seq_first} + 1 > ${t.seq_count}`),
  ],
)

/** Result of one check on a run or step; its identity is the event id. */
export const verifications = pgTable(
  "verifications",
  {
    project_id: integer().notNull(),
    id: text().notNull(),
    run_id: text().notNull(),
    at: instant().notNull(),
    seq: int8(),
    step: text(),
    check_name: text().notNull(),
    outcome: text().notNull(),
    score: money(),
    threshold: money(),
    /** The first 2,000 characters; the whole is in the event. */
    evidence: text(),
    artifact: text(),
    verifier_name: text(),
    verifier_hash: text(),
    dimension_set_id: integer().notNull(),
    received_at: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.id] }),
    index("verifications_run").on(t.project_id, t.run_id),
    index("verifications_recent").on(t.project_id, t.at.desc(), t.id.desc()),
    index("verifications_not_passed").on(t.project_id, t.at.desc(), t.id.desc()).where(sql`${t.outcome} <> 'passed'`),
  ],
)

/**
 * Spend per bucket and dimension set, on two levels: `grain` 15 (minutes, UTC) and 1440 (a day in the project's zone). Always the exact sum
 * over the counted model calls; ninety days are read from day rows.
 */
export const spendRollup = pgTable(
  "spend_rollup",
  {
    project_id: integer().notNull(),
    grain: smallint().notNull(),
    bucket: instant().notNull(),
    dimension_set_id: integer().notNull(),
    calls: int8().notNull(),
    errors: int8().notNull(),
    unpriced_calls: int8().notNull(),
    differing_calls: int8().notNull().default("0"),
    ...tokenSums,
    cost: money().notNull(),
    reported_cost: money().notNull(),
    computed_cost: money().notNull(),
  },
  (t) => [primaryKey({ columns: [t.project_id, t.grain, t.bucket, t.dimension_set_id] })],
)

/** Runs per bucket of their start, dimension set, status and proof. */
export const healthRollup = pgTable(
  "health_rollup",
  {
    project_id: integer().notNull(),
    grain: smallint().notNull(),
    bucket: instant().notNull(),
    dimension_set_id: integer().notNull(),
    status: text().notNull(),
    proof: text().notNull(),
    runs: int8().notNull(),
  },
  (t) => [primaryKey({ columns: [t.project_id, t.grain, t.bucket, t.dimension_set_id, t.status, t.proof] })],
)

/** Verifications per bucket, dimension set, check and outcome. */
export const verificationRollup = pgTable(
  "verification_rollup",
  {
    project_id: integer().notNull(),
    grain: smallint().notNull(),
    bucket: instant().notNull(),
    dimension_set_id: integer().notNull(),
    check_name: text().notNull(),
    outcome: text().notNull(),
    verifications: int8().notNull(),
  },
  (t) => [primaryKey({ columns: [t.project_id, t.grain, t.bucket, t.dimension_set_id, t.check_name, t.outcome] })],
)
