import { z } from "zod"
import { EXCEPTION_CAUSES, RESOLVE_CAUSES } from "@/lib/exception-causes"
import {
  EXCEPTION_ACTIONS,
  EXCEPTION_ACTS,
  EXCEPTION_KINDS,
  EXCEPTION_STATES,
  RUN_STATUSES,
  SEVERITIES,
  SPAN_KINDS,
} from "@/lib/vocabulary"

/** Wire shapes of exceptions. Money is an exact decimal string or null (unpriced), instants are ISO 8601 with `Z`, absent is null. */
const Money = z.string().regex(/^-?\d+(\.\d+)?$/)
const Instant = z.iso.datetime()
const Count = z.number().int().min(0)
const Counted = z.object({ value: Count, is_capped: z.boolean() })

/** Sums over runs: `cost` is null when calls ran and none has a price. */
const Sums = z.object({ cost: Money.nullable(), calls: Count, unpriced_calls: Count })

/** A run that an exception stands for. What is known of the run itself is null once retention has removed it. */
export const ExceptionRun = z.object({
  run_id: z.string(),
  /** When it stopped. */
  at: Instant,
  /** It turned out not to be halted. */
  is_cleared: z.boolean(),
  exception_id: z.string(),
  run: Sums.extend({
    status: z.enum(RUN_STATUSES),
    started_at: Instant,
    environment: z.string().nullable(),
    release: z.string().nullable(),
    by: z.string().nullable(),
    reason: z.string().nullable(),
    /** What started last before it stopped. */
    last: z.object({ span_id: z.string(), kind: z.enum(SPAN_KINDS), name: z.string() }).nullable(),
    /** The span that shows why: the latest of the step that it stopped at, else the one that started last. */
    evidence_span_id: z.string().nullable(),
  }).nullable(),
})
export type ExceptionRun = z.infer<typeof ExceptionRun>
export const ExceptionRunList = z.object({
  items: z.array(ExceptionRun),
  next_cursor: z.string().nullable(),
  count: Counted,
})
export type ExceptionRunList = z.infer<typeof ExceptionRunList>

export const Exception = z.object({
  id: z.string(),
  kind: z.enum(EXCEPTION_KINDS),
  severity: z.enum(SEVERITIES),
  state: z.enum(EXCEPTION_STATES),
  /** What an act must name; another one means that somebody acted first. */
  version: Count,
  fingerprint: z.string(),
  workflow: z.string().nullable(),
  rule: z.string().nullable(),
  step: z.string().nullable(),
  reason: z.string().nullable(),
  /** What was seen and what was allowed, in `unit`, of what raised it first; null where nothing was measured. */
  observed: z.string().nullable(),
  limit: z.string().nullable(),
  unit: z.string().nullable(),
  /** Its runs; of what concerns no run, how often it came about. */
  count: Count,
  /** Those of its runs that are still halted; null when there are too many to look at here. */
  active: Count.nullable(),
  first_seen_at: Instant,
  last_seen_at: Instant,
  raised_at: Instant,
  /** End of its snooze or suppression. */
  until_at: Instant.nullable(),
  /** Nobody has looked since. */
  waits_since: Instant,
  /** How far an unseen critical one was carried: 1 after 5 minutes, 2 after 15; 0 = not. */
  escalation: Count,
  escalated_at: Instant.nullable(),
  acked_at: Instant.nullable(),
  acked_by: z.string().nullable(),
  assignee: z.string().nullable(),
  resolved_at: Instant.nullable(),
  resolved_by: z.string().nullable(),
  cause: z.enum(EXCEPTION_CAUSES).nullable(),
  note: z.string().nullable(),
  /** The resolved one that came before, of the same fingerprint. */
  previous_id: z.string().nullable(),
  /** Of all its runs that are still kept; null when there are too many to sum up here. */
  spend: Sums.extend({ runs: Count }).nullable(),
  /** Runs of the same fingerprint that stopped in the last 30 days, its own included. */
  similar: Counted,
  latest: ExceptionRun.nullable(),
  /** What may be done with it now, by who may. */
  acts: z.array(z.enum(EXCEPTION_ACTS)),
})
export type Exception = z.infer<typeof Exception>

export const ExceptionList = z.object({
  items: z.array(Exception),
  next_cursor: z.string().nullable(),
  count: Counted,
  /** How many there are in each state, with the other filters. */
  states: z.record(z.enum(EXCEPTION_STATES), Counted),
  /** How many open ones each kind has, whatever kind and state are asked for. */
  kinds: z.record(z.enum(EXCEPTION_KINDS), Counted),
  /** The runs of open exceptions whose condition is still there, with the other filters, each once: what they have cost. Null beyond 5,000 of them. */
  stake: z.object({ runs: Counted, oldest_at: Instant.nullable(), spend: Sums.nullable() }),
})
export type ExceptionList = z.infer<typeof ExceptionList>

export const ExceptionLogEntry = z.object({
  n: Count,
  at: Instant,
  actor: z.string(),
  action: z.enum(EXCEPTION_ACTIONS),
  from_state: z.enum(EXCEPTION_STATES),
  to_state: z.enum(EXCEPTION_STATES),
  assignee: z.string().nullable(),
  cause: z.enum(EXCEPTION_CAUSES).nullable(),
  note: z.string().nullable(),
})
export type ExceptionLogEntry = z.infer<typeof ExceptionLogEntry>

/** Another exception of the same fingerprint. */
export const ExceptionSibling = Exception.pick({
  id: true,
  state: true,
  count: true,
  first_seen_at: true,
  last_seen_at: true,
  resolved_at: true,
  resolved_by: true,
  cause: true,
  note: true,
})
export type ExceptionSibling = z.infer<typeof ExceptionSibling>

export const ExceptionDetail = Exception.extend({
  /** Every act, newest first; `log_count` says how many there are beyond those shown. */
  log: z.array(ExceptionLogEntry),
  log_count: Count,
  /** The others of its fingerprint, newest first. */
  siblings: z.array(ExceptionSibling),
})
export type ExceptionDetail = z.infer<typeof ExceptionDetail>

const Note = z
  .string()
  .trim()
  .min(1, "write something")
  .max(4_000)
  .refine((text) => !/[\0\p{Surrogate}]/u.test(text), "holds a character that cannot be stored")
const Version = z.number().int().min(1)

/** Bodies of the acts. `version` is the one that the reader has seen. */
export const ACT_INPUTS = {
  acknowledge: z.strictObject({ version: Version, note: Note.optional() }),
  assign: z.strictObject({
    version: Version,
    /** The e-mail address of a person who may act in the project; null gives it back. */
    assignee: z.string().trim().toLowerCase().max(254).nullable(),
    note: Note.optional(),
  }),
  comment: z.strictObject({ version: Version, note: Note }),
  /** At most 8 hours ahead, of a critical one 1 hour. */
  snooze: z.strictObject({ version: Version, until: Instant, note: Note }),
  /** At most 30 days ahead. */
  suppress: z.strictObject({ version: Version, until: Instant, note: Note }),
  resolve: z
    .strictObject({ version: Version, cause: z.enum(RESOLVE_CAUSES), note: Note.optional() })
    .refine(({ cause, note }) => cause !== "other" || note !== undefined, {
      path: ["note"],
      message: "say in the note what it was",
    }),
  reopen: z.strictObject({ version: Version, note: Note }),
}
export const ExceptionActInput = z.object({
  version: Version,
  note: Note.optional(),
  cause: z.enum(RESOLVE_CAUSES).optional(),
  assignee: z.string().nullable().optional(),
  until: Instant.optional(),
})
export type ExceptionActInput = z.infer<typeof ExceptionActInput>

/** What may be done to many at once. */
const BULK_ACTS = ["acknowledge", "assign", "snooze", "resolve"] as const
export const BulkInput = z.strictObject({
  act: z.enum(BULK_ACTS),
  items: z
    .array(z.strictObject({ id: z.string().max(20), version: Version }))
    .min(1)
    .max(100),
  note: Note.optional(),
  cause: z.enum(RESOLVE_CAUSES).optional(),
  assignee: z.string().nullable().optional(),
  until: Instant.optional(),
})
export type BulkInput = z.infer<typeof BulkInput>

/** One line for each that was asked for, in that order: done, or why not. */
export const BulkAnswer = z.object({
  outcomes: z.array(
    z.object({
      id: z.string(),
      is_done: z.boolean(),
      state: z.enum(EXCEPTION_STATES).nullable(),
      version: Count.nullable(),
      error: z.string().nullable(),
    }),
  ),
})
export type BulkAnswer = z.infer<typeof BulkAnswer>
