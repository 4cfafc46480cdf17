import { z } from "zod"
import { LINE_ACTS, RESUME_CHECKS, RUN_ACTS, RUN_STATES } from "@/lib/run-states"
import {
  DIRECTIVES,
  EXCEPTION_KINDS,
  EXCEPTION_STATES,
  HOLDS,
  PROOFS,
  RULE_ACTIONS,
  RUN_STATUSES,
  WORKFLOW_STATES,
} from "@/lib/vocabulary"

/** Wire shapes of stopping and letting go: acts on runs and lines, gates, directives. Instants are ISO 8601 with `Z`, absent is null. */
const Money = z.string().regex(/^-?\d+(\.\d+)?$/)
const Instant = z.iso.datetime()
const Count = z.number().int().min(0)

const Reason = z
  .string()
  .trim()
  .min(1, "say why")
  .max(2_000)
  .refine((text) => !/[\0\p{Surrogate}]/u.test(text), "holds a character that cannot be stored")
/** The version that the reader has seen; 0 = nobody has acted yet. */
const Version = z.number().int().min(0)

export const RunActInput = z.strictObject({ act: z.enum(RUN_ACTS), reason: Reason, version: Version })
export type RunActInput = z.infer<typeof RunActInput>

export const LineActInput = z.strictObject({
  act: z.enum(LINE_ACTS),
  reason: Reason,
  version: Version,
  /** What the person has made sure of: all of it before a paused line starts again. */
  checked: z.array(z.enum(RESUME_CHECKS)).max(RESUME_CHECKS.length).optional(),
})
export type LineActInput = z.infer<typeof LineActInput>

const RunActEntry = z.object({
  n: Count,
  at: Instant,
  actor: z.string(),
  act: z.string(),
  from_state: z.enum(RUN_STATES),
  to_state: z.enum(RUN_STATES),
  reason: z.string(),
})
export type RunActEntry = z.infer<typeof RunActEntry>

export const RunFinding = z.object({
  rule: z.string(),
  subject: z.string(),
  action: z.enum(RULE_ACTIONS),
  observed: z.string(),
  limit: z.string(),
  unit: z.string(),
  step: z.string().nullable(),
  text: z.string(),
  evidence: z.array(z.string()),
  /** The span that shows it: of the event with which the limit was crossed, else the latest of its step. */
  span: z.string().nullable(),
  is_incomplete: z.boolean(),
  /** Until then it is shown and waits. */
  effective_at: Instant.nullable(),
})
export type RunFinding = z.infer<typeof RunFinding>

const OpenException = z.object({ id: z.string(), kind: z.enum(EXCEPTION_KINDS), state: z.enum(EXCEPTION_STATES) })

/** What holds of a run, why and since when, and what may be done about it. */
export const RunControl = z.object({
  run: z.string(),
  workflow: z.string().nullable(),
  state: z.enum(RUN_STATES),
  status: z.enum(RUN_STATUSES),
  proof: z.enum(PROOFS),
  hold: z.enum(HOLDS).nullable(),
  /** Proven, or released by a person: what it made may be used. */
  usable: z.boolean(),
  /** What an act must name. */
  version: Count,
  /** What may be done with it now, by who may. */
  acts: z.array(z.enum(RUN_ACTS)),
  /** Every act of people and of Andon on it, newest first, at most 50. */
  log: z.array(RunActEntry),
  findings: z.array(RunFinding),
  /** The latest that was told its runner, other than to go on. */
  directive: z
    .object({
      id: z.string(),
      action: z.enum(DIRECTIVES),
      rule: z.string().nullable(),
      observed: z.string().nullable(),
      limit: z.string().nullable(),
      step: z.string().nullable(),
      reason: z.string().nullable(),
      state: z.string(),
      issued_at: Instant,
      issued_by: z.string(),
      acked_at: Instant.nullable(),
    })
    .nullable(),
  /** Calls that began after the directive to halt; null = it was not told to halt, "0" = it cost nothing after. */
  cost_after_halt: z.object({ cost: Money, calls: Count, unpriced_calls: Count }).nullable(),
  /**
   * Of a stopped run: the median cost of the workflow's done runs in the 30 days before it, less what it had cost. "0" when it had cost more already;
   * null when fewer than five done runs are known, or a cost is not.
   */
  not_spent: z.object({ amount: Money, median: Money, runs: Count }).nullable(),
  exceptions: z.array(OpenException),
})
export type RunControl = z.infer<typeof RunControl>

/** 200 only for a run that is done or was released; else 409 with the same and the fields of a problem. */
export const RunGate = z.object({
  run: z.string(),
  state: z.enum(RUN_STATES),
  usable: z.boolean(),
  reason: z.string().nullable(),
  /** Page of the exception that waits for a person. */
  exception: z.string().nullable(),
})
export type RunGate = z.infer<typeof RunGate>

const LineActEntry = z.object({
  n: Count,
  at: Instant,
  actor: z.string(),
  act: z.string(),
  from_state: z.enum(WORKFLOW_STATES),
  to_state: z.enum(WORKFLOW_STATES),
  reason: z.string(),
})

export const Line = z.object({
  workflow: z.string(),
  state: z.enum(WORKFLOW_STATES),
  version: Count,
  reason: z.string().nullable(),
  /** Who brought it there; null = nobody ever has. */
  actor: z.string().nullable(),
  since: Instant.nullable(),
  acts: z.array(z.enum(LINE_ACTS)),
  log: z.array(LineActEntry),
})
export type Line = z.infer<typeof Line>

/** Lines that are not simply live. */
export const LineList = z.object({ items: z.array(Line.omit({ log: true })) })
export type LineList = z.infer<typeof LineList>

/** A person, or the line's own signal, paused it; the hard cap of a budget of the project or the workflow is passed. */
export const GATE_CODES = ["line_paused", "budget_cap"] as const

/** 200 when the workflow may start runs; 409 when its line is paused, or a budget of it is used up. */
export const LineGate = Line.pick({ workflow: true, state: true, reason: true, since: true, actor: true }).extend({
  open: z.boolean(),
  /** What keeps it shut; null = it is open. A 409 has it as the code of its problem. */
  code: z.enum(GATE_CODES).nullable(),
})
export type LineGate = z.infer<typeof LineGate>

export const LeasedDirective = z.object({
  id: z.string(),
  run: z.string().nullable(),
  workflow: z.string().nullable(),
  action: z.enum(DIRECTIVES),
  rule: z.string().nullable(),
  observed: z.string().nullable(),
  limit: z.string().nullable(),
  step: z.string().nullable(),
  reason: z.string().nullable(),
  issued_at: Instant,
  lease_token: z.string(),
  lease_until: Instant,
})
export type LeasedDirective = z.infer<typeof LeasedDirective>
export const DirectiveList = z.object({ items: z.array(LeasedDirective) })
export type DirectiveList = z.infer<typeof DirectiveList>

export const DIRECTIVE_ACTS = ["ack", "complete", "reject"] as const
export type DirectiveAct = (typeof DIRECTIVE_ACTS)[number]
export const DirectiveActInput = z.strictObject({
  lease_token: z.uuid(),
  detail: z.string().max(2_000).optional(),
})
export type DirectiveActInput = z.infer<typeof DirectiveActInput>
export const DirectiveState = z.object({ id: z.string(), state: z.string(), lease_until: Instant.nullable() })
export type DirectiveState = z.infer<typeof DirectiveState>
