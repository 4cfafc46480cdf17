import { z } from "zod"
import { list } from "@/lib/contracts/read"
import { SERVICE_TIERS } from "@/lib/vocabulary"

/** What a person does about prices: own ones, imports, discounts, pricing a past range again. Instants are ISO 8601 with `Z`, absent is null. */
const Instant = z.iso.datetime({ offset: true })
const Count = z.number().int().min(0)
const Money = z.string().regex(/^-?\d+(\.\d+)?$/)
const Reason = z.string().trim().min(3, "say why, in a few words").max(500)
/** Empty: of calls that name none. */
const Name = z.string().trim().max(256)
/** A rate as price lists say it: dollars per million tokens, or per piece. */
const Rate = z
  .string()
  .regex(/^\d{1,8}(\.\d{1,12})?$/, "a decimal such as 0.25, with at most 12 digits after the point")

export const OwnPriceInput = z.object({
  provider: Name,
  model: Name.min(1),
  service_tier: z.enum(SERVICE_TIERS).default("standard"),
  prompt_above: z.number().int().min(0).max(100_000_000).default(0),
  /** Null: always. */
  valid_from: Instant.nullable().default(null),
  rates: z.object({
    input: Rate,
    output: Rate,
    cache_read: Rate.optional(),
    cache_write: Rate.optional(),
    cache_write_1h: Rate.optional(),
    reasoning: Rate.optional(),
    audio_input: Rate.optional(),
    audio_output: Rate.optional(),
    image_input: Rate.optional(),
    image_output: Rate.optional(),
    image: Rate.optional(),
    search: Rate.optional(),
    request: Rate.optional(),
  }),
  reason: Reason,
  /** Said again for a price that is more than ten times, or less than a tenth of, the one in force. */
  confirm: z.boolean().default(false),
})
export type OwnPriceInput = z.infer<typeof OwnPriceInput>
export const PriceAdded = z.object({ id: z.number().int() })

export const DiscountInput = z.object({
  provider: Name.min(1),
  /** Off the list price, 0 to 100; 0 ends a discount. */
  percent: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,4})?$/, "a percentage such as 12.5")
    .refine((text) => Number(text) <= 100, "at most 100"),
  valid_from: Instant,
  reason: Reason,
})
export type DiscountInput = z.infer<typeof DiscountInput>
export const Discount = z.object({
  id: z.number().int(),
  provider: z.string(),
  percent: Money,
  valid_from: z.iso.datetime(),
  reason: z.string(),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  /** The one of its provider that holds now. */
  is_in_force: z.boolean(),
})
export type Discount = z.infer<typeof Discount>
export const DiscountList = list(Discount)
export type DiscountList = z.infer<typeof DiscountList>

const RowName = z.object({ provider: z.string(), model: z.string(), service_tier: z.string(), prompt_above: Count })
/** Per million tokens, or per piece. */
const RateChange = z.object({
  rate: z.string(),
  before: Money.nullable(),
  after: Money.nullable(),
  is_tenfold: z.boolean(),
})
export const ImportPreview = z.object({
  as_of: z.string(),
  rows: Count,
  /** Models that the list does not hold, changed rows, models that the file does not name (they stay in force). The first of each. */
  added: z.object({ count: Count, items: z.array(RowName) }),
  changed: z.object({ count: Count, items: z.array(RowName.extend({ changes: z.array(RateChange) })) }),
  missing: z.object({ count: Count, items: z.array(z.object({ provider: z.string(), model: z.string() })) }),
  /** Changes of more than ten times: they must be confirmed. */
  tenfold: Count,
  /** Of what would be written: sent back with the order to write it. */
  digest: z.string(),
  /** How many rows were written; null in a preview. */
  written: Count.nullable(),
})
export type ImportPreview = z.infer<typeof ImportPreview>

export const RepricingInput = z
  .object({
    from: Instant,
    to: Instant,
    /** Null or absent: all; empty: calls that name none. */
    provider: Name.nullable().default(null),
    model: Name.nullable().default(null),
    reason: Reason,
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { message: "must be after from", path: ["to"] })
export type RepricingInput = z.infer<typeof RepricingInput>

const Tally = z.object({
  calls: Count,
  changed: Count,
  newly_priced: Count,
  no_longer_priced: Count,
  still_unpriced: Count,
  /** Spans that were left as they are: retention keeps only a part of their events, or something else priced them since. */
  left: Count,
  /** Sums of what is priced; their difference is what spend moves by. */
  before: Money,
  after: Money,
})
export type RepricingTally = z.infer<typeof Tally>
export const REPRICING_STATES = ["previewing", "previewed", "running", "done", "undoing", "undone", "failed"] as const
export const Repricing = z.object({
  id: z.number().int(),
  state: z.enum(REPRICING_STATES),
  /** Nobody is at it any more, as after a restart: what was begun can be gone on with or undone. */
  is_stopped: z.boolean(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  reason: z.string(),
  preview: Tally.extend({
    models: z.array(Tally.extend({ provider: z.string().nullable(), model: z.string().nullable() })),
    models_left: Count,
    /** What of the range lies in closed months and stays as it is; absent in previews from before there were such. */
    closed: z.object({ calls: Count, cost: Money }).optional(),
  }).nullable(),
  result: Tally.nullable(),
  undone: Tally.nullable(),
  /** Days done and in all, while somebody is at it here. */
  progress: z.object({ done: Count, total: Count.nullable() }).nullable(),
  /** What went wrong, in words. */
  message: z.string().nullable(),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
})
export type Repricing = z.infer<typeof Repricing>
export const RepricingList = list(Repricing)
export type RepricingList = z.infer<typeof RepricingList>
export const RepricingAct = z.object({ reason: Reason })
export type RepricingAct = z.infer<typeof RepricingAct>
