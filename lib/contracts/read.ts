import { z } from "zod"
import {
  COST_SOURCES,
  DIMENSIONS,
  EXCEPTION_STATES,
  HOLDS,
  PROOFS,
  RUN_STATUSES,
  SPAN_KINDS,
  TOKEN_BUCKETS,
  VERDICTS,
} from "@/lib/vocabulary"

/**
 * Answers of the read API; pages get the same values from the same functions. Money is an exact decimal string or null (unpriced),
 * instants are ISO 8601 with `Z`, counts are integers, absent is null.
 */
const Money = z.string().regex(/^-?\d+(\.\d+)?$/)
const Instant = z.iso.datetime()
const Count = z.number().int().min(0)

export const Tokens = z.object(
  Object.fromEntries(TOKEN_BUCKETS.map((b) => [b, Count])) as Record<(typeof TOKEN_BUCKETS)[number], typeof Count>,
)
export type Tokens = z.infer<typeof Tokens>

/** `from` and `to` after snapping outward to 15 minutes; `is_snapped` says that they differ from what was asked. */
export const Range = z.object({ from: Instant, to: Instant, is_snapped: z.boolean() })
export type Range = z.infer<typeof Range>

export const GRAINS = ["15m", "hour", "day", "week", "month"] as const
export type Grain = (typeof GRAINS)[number]

/** Sums over a set of counted spans. `cost` is null when calls ran and none has a price; `"0"` when nothing ran. */
export const SpendFigures = z.object({
  cost: Money.nullable(),
  reported_cost: Money,
  computed_cost: Money,
  calls: Count,
  unpriced_calls: Count,
  errors: Count,
  tokens: Tokens,
})
export type SpendFigures = z.infer<typeof SpendFigures>

/** One bucket of a group. `cost` is null when calls ran and none has a price; `tokens` are those of all buckets of usage. */
export const SpendPoint = z.object({
  cost: Money.nullable(),
  calls: Count,
  tokens: Count,
  unpriced_calls: Count,
  /** Runs that started in the bucket; null unless spend per run was asked for. */
  runs: Count.nullable(),
})
export type SpendPoint = z.infer<typeof SpendPoint>

/** What a group was in the period before, its series along the buckets of that period. */
const PreviousSpend = SpendFigures.extend({ runs: Count.nullable(), series: z.array(SpendPoint) })

export const SpendGroup = SpendFigures.extend({
  /** Values of the dimensions asked for, in that order; null = the events carry none. Empty for "other groups". */
  key: z.array(z.string().nullable()),
  /** The groups past the top N, summed. */
  is_other: z.boolean(),
  /** What "other" is made of, when it is of one dimension and few enough for an address; else null. */
  members: z.array(z.string().nullable()).nullable(),
  runs: Count.nullable(),
  /** Per bucket of `Spend.buckets`. */
  series: z.array(SpendPoint),
  /** Null unless a comparison was asked for. */
  previous: PreviousSpend.nullable(),
})
export const Spend = z.object({
  range: Range,
  tz: z.string(),
  currency: z.string(),
  grain: z.enum(GRAINS),
  /** The grains that this range can be cut in. */
  grains: z.array(z.enum(GRAINS)),
  by: z.array(z.enum(DIMENSIONS)),
  /** Starts of the buckets, oldest first, every bucket of the range present; the last may be still filling. */
  buckets: z.array(Instant),
  total: SpendFigures.extend({ runs: Count.nullable() }),
  groups: z.array(SpendGroup),
  /** How many groups there are in all, "other" taken apart. */
  group_count: Count,
  /** Calls without a price, by provider and model: what is missing from `cost`. */
  unpriced: z.array(z.object({ provider: z.string().nullable(), model: z.string().nullable(), calls: Count })),
  /** The period before, as long and cut at the same time of day; null unless asked for. Its total is the sum of `groups[].previous`. */
  previous: z
    .object({
      range: Range,
      buckets: z.array(Instant),
      total: SpendFigures.extend({ runs: Count.nullable() }),
    })
    .nullable(),
})
export type Spend = z.infer<typeof Spend>
export type SpendGroup = z.infer<typeof SpendGroup>

export const ProofReason = z.object({
  code: z.string(),
  step: z.string().optional(),
  check: z.string().optional(),
  text: z.string(),
})
export type ProofReason = z.infer<typeof ProofReason>

export const Halt = z.object({
  step: z.string().nullable(),
  reason: z.string().nullable(),
  by: z.string().nullable(),
  rule: z.string().nullable(),
  /** What was seen and what the rule allows, in `unit`; null where nothing was measured. */
  observed: z.string().nullable(),
  limit: z.string().nullable(),
  unit: z.string().nullable(),
})

export const RunRow = z.object({
  id: z.string(),
  workflow: z.string().nullable(),
  agent: z.string().nullable(),
  environment: z.string().nullable(),
  release: z.string().nullable(),
  team: z.string().nullable(),
  customer: z.string().nullable(),
  status: z.enum(RUN_STATUSES),
  proof: z.enum(PROOFS),
  proof_reasons: z.array(ProofReason),
  hold: z.enum(HOLDS).nullable(),
  is_partial: z.boolean(),
  started_at: Instant,
  ended_at: Instant.nullable(),
  last_event_at: Instant,
  cost: Money.nullable(),
  calls: Count,
  unpriced_calls: Count,
  tokens: Tokens,
  spans: Count,
  steps: Count,
  errors: Count,
  verifications: Count,
  failed_verifications: Count,
  halt: Halt.nullable(),
})
export type RunRow = z.infer<typeof RunRow>

export const PlanStep = z.object({
  step: z.string(),
  is_declared: z.boolean(),
  /** `not_started`, `running`: the run goes on. `never_ran`, `unfinished`: it has ended. */
  state: z.enum([
    "succeeded",
    "failed",
    "skipped",
    "cancelled",
    "not_started",
    "running",
    "never_ran",
    "unfinished",
    "ran_after_failure",
    "out_of_order",
  ]),
  attempts: Count,
  /** Of the calls made in the step; null = none of them has a price. */
  cost: Money.nullable(),
  /** Of its last attempt; null when it never ran. */
  span: z.string().nullable(),
  /** Milliseconds over all attempts; null when it never ran or one of them has no end. */
  took_ms: Count.nullable(),
})
export type PlanStep = z.infer<typeof PlanStep>

export const VerificationRow = z.object({
  id: z.string(),
  run: z.string(),
  workflow: z.string().nullable(),
  release: z.string().nullable(),
  at: Instant,
  check: z.string(),
  step: z.string().nullable(),
  outcome: z.enum(VERDICTS),
  score: z.string().nullable(),
  threshold: z.string().nullable(),
  evidence: z.string().nullable(),
  artifact: z.string().nullable(),
  /** Null when the run has no final output hash to compare with. */
  is_on_final_output: z.boolean().nullable(),
  verifier: z.object({ name: z.string(), hash: z.string().nullable() }).nullable(),
})
export type VerificationRow = z.infer<typeof VerificationRow>

export const Run = RunRow.extend({
  tags: z.record(z.string(), z.string()),
  plan: z.array(PlanStep),
  /** Required of it: those that its start declared, and those of its policy. */
  checks: z.array(z.string()),
  output_sha256: z.string().nullable(),
  reported_cost: Money,
  computed_cost: Money,
  /** Calls of it whose reported cost is off the computed one by more than 2 %. */
  differing_calls: Count,
  notes: z.array(z.object({ code: z.string(), text: z.string(), event: z.string().nullable() })),
  /** What stands for its halt in the queue of exceptions; null when there is none, or the halt has been taken back. */
  exception: z.object({ id: z.string(), state: z.enum(EXCEPTION_STATES) }).nullable(),
  verification_list: z.array(VerificationRow),
})
export type Run = z.infer<typeof Run>

export const SpanRow = z.object({
  id: z.string(),
  run: z.string().nullable(),
  parent: z.string().nullable(),
  kind: z.enum(SPAN_KINDS),
  name: z.string(),
  status: z.enum(["ok", "error"]).nullable(),
  error: z.string().nullable(),
  step: z.string().nullable(),
  attempt: z.number().int().nullable(),
  outcome: z.string().nullable(),
  started_at: Instant,
  /** Where its money is booked, if not at its start: that month was closed when it came. */
  booked_at: Instant.nullable(),
  /** Its events that came after its month was closed: what they say of money is kept out. */
  late_events: Count,
  ended_at: Instant.nullable(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  tokens: Tokens.nullable(),
  is_counted: z.boolean(),
  is_call: z.boolean(),
  cost: Money.nullable(),
  cost_source: z.enum(COST_SOURCES).nullable(),
  reported_cost: Money.nullable(),
  computed_cost: Money.nullable(),
  is_estimated: z.boolean(),
  is_time_suspect: z.boolean(),
})
export type SpanRow = z.infer<typeof SpanRow>

/** An event as it was taken; `body` is null for readers without payload. */
export const SpanEvent = z.object({ id: z.string(), type: z.string(), received_at: Instant, body: z.unknown() })
export type SpanEvent = z.infer<typeof SpanEvent>

/** One span with what it was priced by and what its events carried. */
export const SpanDetail = SpanRow.extend({
  price: z
    .object({
      id: z.number().int(),
      provider: z.string(),
      model: z.string(),
      valid_from: Instant,
      prompt_above: Count,
      service_tier: z.string(),
      source: z.string(),
      source_date: z.string(),
      /** Off the sum of the lines: the project's own discount with the provider. */
      discount: z.object({ percent: Money, amount: Money }).nullable(),
      /** Tokens (or pieces) times rate, exact; `is_fallback`: the row has no such rate and another was used. */
      lines: z.array(
        z.object({ bucket: z.string(), tokens: Count, rate: Money, cost: Money, is_fallback: z.boolean() }),
      ),
    })
    .nullable(),
  /** Why there is no price, in words; null when there is one. */
  unpriced_reason: z.string().nullable(),
  /** The model that was asked for, when another answered. */
  asked_model: z.string().nullable(),
  /** What the answer was served as, in the source's word. */
  service_tier: z.string().nullable(),
  /** The act that priced it again. */
  repricing: z.number().int().nullable(),
  /** The act that read it again by a mended mapping. */
  remapping: z.number().int().nullable(),
  /** Reported and computed cost are more than 2 % apart. */
  is_differing: z.boolean(),
  /** The first of its events in the order of their arrival; `event_count` says how many were taken in all. */
  events: z.array(SpanEvent),
  event_count: Count,
})
export type SpanDetail = z.infer<typeof SpanDetail>

export const list = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next_cursor: z.string().nullable(),
    /** Exact to 10,000; `is_capped` means "10,000+". Null where no count is made. */
    count: z.object({ value: Count, is_capped: z.boolean() }).nullable(),
  })
export const RunList = list(RunRow)
export type RunList = z.infer<typeof RunList>
export const SpanList = list(SpanRow)
export type SpanList = z.infer<typeof SpanList>
export const VerificationList = list(VerificationRow)
export type VerificationList = z.infer<typeof VerificationList>

/** Runs per status and proof over a range, and the halted ones that are open now. */
export const Health = z.object({
  range: Range,
  tz: z.string(),
  grain: z.enum(GRAINS),
  buckets: z.array(Instant),
  totals: z.array(z.object({ status: z.enum(RUN_STATUSES), proof: z.enum(PROOFS), runs: Count })),
  series: z.array(z.object({ status: z.enum(RUN_STATUSES), proof: z.enum(PROOFS), runs: z.array(Count) })),
})
export type Health = z.infer<typeof Health>

/** The data-quality strip: how ingest went over the range. */
export const DataQuality = z.object({
  last_event_at: Instant.nullable(),
  accepted: Count,
  duplicates: Count,
  conflicts: Count,
  rejected: Count,
  sanitized: Count,
  calls: Count,
  unpriced_calls: Count,
  /** Calls whose reported cost is off the computed one by more than 2 %. */
  differing_calls: Count,
})
export type DataQuality = z.infer<typeof DataQuality>

export const DeadLetter = z.object({
  id: z.string(),
  kind: z.enum(["rejected", "conflict"]),
  code: z.string(),
  field: z.string().nullable(),
  message: z.string(),
  event_id: z.string().nullable(),
  /** What `raw` is: an item as the door of this name takes it, or with `:event` what its decoder made of one. */
  form: z.string(),
  raw: z.string(),
  first_at: Instant,
  last_at: Instant,
  count: Count,
  replayed_at: Instant.nullable(),
})
export type DeadLetter = z.infer<typeof DeadLetter>
export const DeadLetterList = list(DeadLetter)
export type DeadLetterList = z.infer<typeof DeadLetterList>
