import { z } from "zod"
import { EXTRAS, RUN_OUTCOMES, SPAN_KINDS, STEP_OUTCOMES, TOKEN_BUCKETS, VERDICTS } from "@/lib/vocabulary"

/**
 * The native events. Free text is cut and cleaned before it comes here (`ingest/inspect.ts`); identifiers and numbers are refused, never mended.
 * A schema's message is the wire's error code.
 */
const ID = /^[A-Za-z0-9._:-]{1,128}$/
const DECIMAL = /^\d{1,8}(\.\d{1,12})?$/
const SHA256 = /^sha256:[0-9a-f]{64}$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const NAME = /^[^\u0000-\u001f\u007f]{1,256}$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const FREE_TEXT = /^[^\u0000-\u001f\u007f\ud800-\udfff]+$/u

const id = z.string().regex(ID, "invalid_id")
/** Ids of other formats are theirs to choose; an index entry holds two of them, which bounds their bytes. */
const freeText = (characters: number, bytes: number) =>
  z.string().refine((s) => FREE_TEXT.test(s) && s.length <= characters && utf8Bytes(s) <= bytes, "invalid_id")
/** Names of models, workflows, steps, checks: any script, no control characters, not blank. */
const name = z
  .string()
  .regex(NAME, "invalid_id")
  .refine((s) => s.trim() === s && s.isWellFormed(), "invalid_id")
/** Checked by `parseInstant` in `ingest/validate.ts`, which also needs the milliseconds. */
const instant = z.string()
const count = z
  .number({ error: "invalid_type" })
  .refine((n) => Number.isFinite(n), "number_out_of_range")
  .refine((n) => n >= 0, "negative_amount")
  .refine((n) => Number.isSafeInteger(n), "number_out_of_range")
/** Sums of thousands of these still are whole numbers in a double. */
const tokens = count.refine((n) => n <= 1e12, "number_out_of_range")
export const decimal = z.string().superRefine((text, context) => {
  if (/^-\d/.test(text) && Number(text) !== 0) context.addIssue({ code: "custom", message: "negative_amount" })
  else if (!DECIMAL.test(text)) context.addIssue({ code: "custom", message: "invalid_decimal" })
})
const score = z.number().refine((n) => Number.isFinite(n), "number_out_of_range")
const hash = z.string().regex(SHA256, "invalid_hash")
const tags = z.record(z.string(), z.string())

function utf8Bytes(text: string): number {
  return text.length * 3 <= 1280 ? 0 : new TextEncoder().encode(text).length
}

const counts = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((each) => [each, tokens.optional()])) as Record<Name, z.ZodOptional<typeof tokens>>
/**
 * The buckets are disjoint. `cache_write_1h` says how many of `cache_write` are kept for an hour, `image_input` and `image_output` how many of `input`
 * and `output` are of images; `images`, `searches` and `requests` are pieces.
 */
export const UsageSchema = z.object({ ...counts(TOKEN_BUCKETS), ...counts(EXTRAS) })
/** Beside the model that was asked for: the one that answered, and the tier that it was served at (the answer's, not the request's). */
const served = { response_model: name.optional(), service_tier: name.optional() }

const common = {
  id,
  seq: count.optional(),
  at: instant.optional(),
  schema_version: z.string().optional(),
}
/**
 * What a decoder of another format leaves with its events: how it read them, and what it read them from, so that a mended mapping can read
 * again. `flags`: what it had to conclude (a guessed provider, totals that held their parts).
 */
const origin = {
  source: z
    .object({
      format: z.string(),
      convention: z.string().optional(),
      mapping_version: count.optional(),
      flags: z.array(z.string()).optional(),
    })
    .optional(),
  attributes: z.looseObject({}).optional(),
}
/** What spend is booked under; on a run these hold for all its spans. */
const placement = {
  workflow: name.optional(),
  environment: name.optional(),
  release: name.optional(),
  tags: tags.optional(),
}

const output = z.object({ sha256: hash.optional(), refs: z.array(z.string()).max(1000, "too_many").optional() })

export const RunStarted = z.object({
  ...common,
  type: z.literal("run.started"),
  run: id,
  at: instant,
  ...placement,
  agent: name.optional(),
  plan: z.array(name).max(1000, "too_many").optional(),
  checks: z.array(name).max(1000, "too_many").optional(),
  ...origin,
})
/**
 * Says more of a run, or says it anew: field by field the latest counts, and a field that is absent says nothing. For sources that tell a run in
 * parts. With `start` it stands for the run's start as well, with `outcome` for its end.
 */
export const RunUpdated = z.object({
  ...common,
  type: z.literal("run.updated"),
  run: id,
  at: instant,
  start: instant.optional(),
  ...placement,
  agent: name.optional(),
  outcome: z.enum(RUN_OUTCOMES).optional(),
  error: z.string().optional(),
  output: output.optional(),
  ...origin,
})
export const StepStarted = z.object({
  ...common,
  type: z.literal("step.started"),
  run: id,
  at: instant,
  step: name,
  attempt: count.optional(),
})
export const StepFinished = z.object({
  ...common,
  type: z.literal("step.finished"),
  run: id,
  at: instant,
  step: name,
  attempt: count.optional(),
  outcome: z.enum(STEP_OUTCOMES),
  error: z.string().optional(),
  checkpoint: z
    .object({ ref: z.string(), sha256: hash.optional(), size: count.optional(), expires_at: z.string().optional() })
    .optional(),
  side_effects: z.enum(["none", "idempotent", "unsafe"]).optional(),
  /** Hash of the state that the step left behind: the same one again and again is no progress. */
  state: hash.optional(),
})
export const Span = z.object({
  ...common,
  type: z.literal("span"),
  run: id,
  span: id,
  parent: id.nullish(),
  kind: z.enum(SPAN_KINDS).optional(),
  name: z.string().max(1024, "too_long").optional(),
  step: name.optional(),
  attempt: count.optional(),
  start: instant.optional(),
  end: instant.nullish(),
  provider: name.optional(),
  model: name.optional(),
  ...served,
  usage: UsageSchema.optional(),
  cost: decimal.optional(),
  currency: z.string().optional(),
  status: z.enum(["ok", "error"]).optional(),
  error: z.string().optional(),
  ...placement,
  input: z.unknown().optional(),
  output: z.unknown().optional(),
  ...origin,
})
export const Verification = z.object({
  ...common,
  type: z.literal("verification"),
  run: id,
  at: instant,
  check: name,
  step: name.optional(),
  outcome: z.enum(VERDICTS),
  score: score.optional(),
  threshold: score.optional(),
  evidence: z.string().optional(),
  artifact: hash.optional(),
  verifier: z.object({ name: name, hash: hash.optional() }).optional(),
  ...origin,
})
export const RunHalted = z.object({
  ...common,
  type: z.literal("run.halted"),
  run: id,
  at: instant,
  by: name.optional(),
  step: name.optional(),
  reason: z.string().optional(),
  rule: name.optional(),
})
export const RunFinished = z.object({
  ...common,
  type: z.literal("run.finished"),
  run: id,
  at: instant,
  outcome: z.enum(RUN_OUTCOMES),
  error: z.string().optional(),
  output: output.optional(),
  ...origin,
})
export const Cost = z.object({
  ...common,
  type: z.literal("cost"),
  at: instant,
  provider: name.optional(),
  model: name.optional(),
  ...served,
  usage: UsageSchema.optional(),
  cost: decimal.optional(),
  currency: z.string().optional(),
  step: name.optional(),
  ...placement,
})

export const EventSchema = z.discriminatedUnion("type", [
  RunStarted,
  RunUpdated,
  StepStarted,
  StepFinished,
  Span,
  Verification,
  RunHalted,
  RunFinished,
  Cost,
])

const foreignId = freeText(800, 1280)
/** A decoder puts a word before the id that it was given. */
const foreign = { id: freeText(832, 1312), run: foreignId }
/** The same events with ids as other formats have them. */
export const ForeignEventSchema = z.discriminatedUnion("type", [
  RunStarted.extend(foreign),
  RunUpdated.extend(foreign),
  StepStarted.extend(foreign),
  StepFinished.extend(foreign),
  Span.extend({ ...foreign, span: foreignId, parent: foreignId.nullish() }),
  Verification.extend(foreign),
  RunHalted.extend(foreign),
  RunFinished.extend(foreign),
  Cost.extend({ id: foreign.id }),
])
export type NativeEvent = z.infer<typeof EventSchema>
export const EVENT_TYPES = EventSchema.options.map((option) => option.shape.type.value)

const Refusal = z.object({
  index: z.number().int(),
  id: z.string().nullable(),
  status: z.enum(["rejected", "conflict"]),
  code: z.string(),
  field: z.string().nullable(),
  message: z.string(),
})
export const IngestAnswer = z.object({
  accepted: z.number().int(),
  duplicates: z.number().int(),
  conflicts: z.number().int(),
  rejected: z.number().int(),
  /** Events taken after their text was cleaned or cut. */
  sanitized: z.number().int(),
  request_id: z.string(),
  /** The rejected and conflicting ones, the first 100. */
  results: z.array(Refusal),
  results_truncated: z.boolean(),
  /** Fields that were ignored because the server decides them, and other warnings. */
  warnings: z.array(z.string()),
  directives: z.array(
    z.object({
      run: z.string(),
      action: z.string(),
      rule: z.string(),
      observed: z.string(),
      limit: z.string(),
      step: z.string().nullable(),
    }),
  ),
})
export type IngestAnswer = z.infer<typeof IngestAnswer>
export type Refusal = z.infer<typeof Refusal>
