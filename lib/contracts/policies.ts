import { z } from "zod"
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
export const CHOSEN_RULES = RULES.filter((rule) => rule !== "T13" && rule !== "T20")
/** `retry` comes with steps that say how they are retried. */
export const BREACH_ACTIONS = ["off", "alarm", "quarantine", "halt"] as const
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
