import { z } from "zod"
import { list } from "@/lib/contracts/read"
import { RULES, type Rule } from "@/lib/vocabulary"

/**
 * The policy of a workflow, or of a project for those of its workflows that say nothing of their own. Every limit is inclusive: what equals it is in
 * tolerance. Seconds end in `_s`, money is a decimal text in the project's currency. Unknown keys are refused: a limit that nobody checks would look like one.
 */
const MOST_SECONDS = 366 * 24 * 3600
const seconds = (most = MOST_SECONDS) =>
  z
    .number({ error: "a number of seconds" })
    .int("whole seconds")
    .positive("more than 0 seconds")
    .max(most, `at most ${most} seconds`)
const count = (least: number, most: number) =>
  z
    .number({ error: "a whole number" })
    .int("a whole number")
    .min(least, least === 1 ? "more than 0" : `at least ${least}`)
    .max(most, `at most ${most}`)
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const NAME = /^[^\u0000-\u001f\u007f]{1,256}$/
const Name = z
  .string({ error: "a name" })
  .regex(NAME, "1 to 256 characters, none of them control characters")
  .refine((text) => text.trim() === text && text.isWellFormed(), "no space at its ends")
/** More than zero, exact; the same digits that events may carry. */
const Cost = z
  .string({ error: 'a decimal in quotes, such as "5.00"' })
  .regex(/^\d{1,8}(\.\d{1,12})?$/, 'a plain decimal, such as "5.00"')
  .refine((text) => /[1-9]/.test(text), "more than 0")

/** Rules that say whether "done" was proven: their action can be made milder, never switched off. */
export const PROOF_RULES: readonly Rule[] = ["T08", "T09", "T10", "T11", "T12", "T17"]
/** Rules whose action a policy may choose; T13 and T20 have none of their own. */
const CHOSEN_RULES = RULES.filter((rule) => rule !== "T13" && rule !== "T20")
/** `retry` comes with steps that say how they are retried. */
const BREACH_ACTIONS = ["off", "alarm", "quarantine", "halt"] as const
export type BreachAction = (typeof BREACH_ACTIONS)[number]
const breachOf = (rule: Rule) =>
  (PROOF_RULES.includes(rule)
    ? z.enum(["alarm", "quarantine", "halt"], { error: "alarm, quarantine or halt: nobody may skip proof" })
    : z.enum(BREACH_ACTIONS, { error: "off, alarm, quarantine or halt" })
  ).optional()

export const PolicyStep = z.strictObject({
  id: Name,
  /** Absent: true. */
  required: z.boolean().optional(),
  /** Steps that must have succeeded before this one begins. */
  after: z.array(Name).max(50).optional(),
  max_attempts: count(1, 1_000).optional(),
})

export const RequiredVerification = z.strictObject({
  name: Name,
  /** Only a pass by this verifier counts. */
  verifier: Name.optional(),
  /** What must have passed: the run's final output (when absent), or what the named step left. */
  on: Name.optional(),
  min_score: z.number().optional(),
  /** How long before the end of the run a pass may lie. */
  max_age_s: seconds().optional(),
})

export const PolicyDocument = z.strictObject({
  max_cost_run: Cost.optional(),
  /** The share of `max_cost_run` above which there is an alarm; absent: 0.8. */
  warn_ratio: z
    .number({ error: "a number" })
    .positive("more than 0")
    .max(1, "at most 1")
    .refine((ratio) => Number.isInteger(Math.round(ratio * 1e6) / 100), "at most 4 decimals")
    .optional(),
  max_steps: count(1, 100_000).optional(),
  max_duration_s: seconds().optional(),
  max_step_duration_s: seconds().optional(),
  max_retries_per_step: count(1, 1_000).optional(),
  /** Absent: loops are not looked for. `{}`: 3 in a row, 5 of the last 20, 8 steps without progress. */
  loop: z
    .strictObject({
      same_call_k: count(2, 100).optional(),
      window: count(2, 200).optional(),
      same_call_in_window_m: count(2, 200).optional(),
      no_progress_n: count(2, 1_000).optional(),
    })
    .optional(),
  /** Kept for control charts; nothing checks it yet. */
  fail_rate: z.strictObject({ target: z.number().positive().max(1), alpha: z.number().positive().max(0.5) }).optional(),
  /** Silence of a running run before it is called stalled. Absent: not looked for. */
  heartbeat_s: seconds(24 * 3600).optional(),
  /** A run must start at least this often. */
  schedule: z.strictObject({ every_s: seconds(), grace_s: seconds().optional() }).optional(),
  steps: z.array(PolicyStep).min(1, "name at least one step, or leave it out").max(200).optional(),
  required_verifications: z.array(RequiredVerification).max(50).optional(),
  /** How long a claimed success may wait for its proof before it is quarantined; absent: 900. */
  proof_grace_s: seconds().optional(),
  allowed_models: z.array(Name).min(1, "name at least one model, or leave it out").max(200).optional(),
  /** What three halts or quarantines within an hour do to the line; absent: tighten. */
  on_signal: z.enum(["tighten", "pause"], { error: "tighten or pause" }).optional(),
  on_breach: z
    .strictObject(
      Object.fromEntries(CHOSEN_RULES.map((rule) => [rule, breachOf(rule)])) as Record<
        (typeof CHOSEN_RULES)[number],
        z.ZodOptional<z.ZodEnum<{ [Action in BreachAction]: Action }>>
      >,
    )
    .optional(),
})
export type PolicyDocument = z.infer<typeof PolicyDocument>

const Reason = z.string().trim().min(3, "say why, in a few words").max(500)
/** Empty: the project's own, for every workflow that says nothing else. */
const Workflow = z.union([z.literal(""), Name])
const Version = z.number().int().min(0).max(1_000_000)

/** One version; the greatest of its workflow holds for runs that begin now, a run keeps the one that it began with. */
export const Policy = z.object({
  workflow: z.string(),
  version: z.number().int(),
  document: PolicyDocument,
  /** SHA-256 of the document. */
  hash: z.string(),
  author: z.string(),
  /** Somebody else who looked at it; null = nobody has. */
  approver: z.string().nullable(),
  reason: z.string(),
  created_at: z.iso.datetime(),
})
export type Policy = z.infer<typeof Policy>

/** A workflow with what it says of its own; null = it follows the project's. The first is the project's own, under an empty name. */
export const PolicyEntry = z.object({ workflow: z.string(), policy: Policy.nullable() })
export type PolicyEntry = z.infer<typeof PolicyEntry>
export const PolicyList = list(PolicyEntry)
export type PolicyList = z.infer<typeof PolicyList>
/** Newest first. */
export const PolicyVersions = list(Policy)
export type PolicyVersions = z.infer<typeof PolicyVersions>

/** `document` is looked at on its own, so that every fault of it is told. */
export const PolicyInput = z.object({
  workflow: Workflow,
  document: z.unknown(),
  /** The version that the change was made from; 0 = there was none. */
  base_version: Version,
  reason: Reason,
})
export type PolicyInput = z.infer<typeof PolicyInput>
export const PolicyApproval = z.object({ workflow: Workflow, version: Version, reason: Reason })
export type PolicyApproval = z.infer<typeof PolicyApproval>

/** Over which stored runs a draft is tried: half-open, by their start. */
export const BacktestInput = z.object({
  workflow: Workflow,
  document: z.unknown(),
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
})
export type BacktestInput = z.infer<typeof BacktestInput>
const Count = z.number().int().min(0)
const MoneyText = z.string().regex(/^\d+(\.\d+)?$/)

const BACKTEST_ENDS = ["failed_anyway", "false_stop", "open"] as const
export const BacktestStop = z.object({
  run: z.string(),
  workflow: z.string().nullable(),
  started_at: z.iso.datetime(),
  rule: z.enum(RULES),
  step: z.string().nullable(),
  text: z.string(),
  /** When it would have been halted. */
  at: z.iso.datetime(),
  cost: MoneyText,
  /** Cost of what began after that. */
  not_spent: MoneyText,
  unpriced_calls: Count,
  ended: z.enum(BACKTEST_ENDS),
})
export type BacktestStop = z.infer<typeof BacktestStop>

export const BacktestResult = z.object({
  runs: Count,
  /** Runs that it would have stopped before their end. */
  halts: Count,
  /** Of them: failed, cancelled or stopped all the same, or claimed a success that was not proven. */
  failed_anyway: Count,
  /** Of them: ended well; `unchecked` of these declared no check. */
  false_stops: Count,
  unchecked: Count,
  /** Of them: not ended yet. */
  open: Count,
  not_spent: MoneyText,
  /** Calls after a stop that have no price: `not_spent` is at least what it says. */
  unpriced_calls: Count,
  /** Runs held back at their end, beside the halts; and runs with no more than an alarm. */
  quarantines: Count,
  alarms: Count,
  /** How many runs each rule found something in. */
  by_rule: z.array(z.object({ rule: z.enum(RULES), runs: Count })),
  /** The stops, by dollars not spent; at most 200. */
  stops: z.array(BacktestStop),
})
export type BacktestResult = z.infer<typeof BacktestResult>

/** The last one of the project; `result` once it is done. */
export const Backtest = z.object({
  state: z.enum(["none", "running", "done", "failed", "cancelled"]),
  workflow: z.string().nullable(),
  from: z.iso.datetime().nullable(),
  to: z.iso.datetime().nullable(),
  /** Hash of the draft that was tried. */
  hash: z.string().nullable(),
  done: Count,
  total: Count.nullable(),
  message: z.string().nullable(),
  result: BacktestResult.nullable(),
})
export type Backtest = z.infer<typeof Backtest>
