import { z } from "zod"
import { list } from "@/lib/contracts/read"
import { REPRICING_STATES, RepricingAct } from "./prices"

/** Reading spans of the past again by the mappings of today. Instants are ISO 8601 with `Z`, money is a decimal string, absent is null. */
const Instant = z.iso.datetime({ offset: true })
const Count = z.number().int().min(0)
const Money = z.string().regex(/^-?\d+(\.\d+)?$/)

export const RemappingInput = z
  .object({
    from: Instant,
    to: Instant,
    /** As sources are listed under: `gen_ai`, `openinference`, `langfuse`; null or absent: all. */
    convention: z.string().trim().min(1).max(128).nullable().default(null),
    reason: RepricingAct.shape.reason,
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { message: "must be after from", path: ["to"] })
export type RemappingInput = z.infer<typeof RemappingInput>

const Tally = z.object({
  spans: Count,
  changed: Count,
  /** Spans that were left as they are: not enough of what was sent is kept to read it again. */
  left: Count,
  unpriced_before: Count,
  unpriced_after: Count,
  /** Of the calls that it touches; their difference is what spend moves by. */
  before: Money,
  after: Money,
  /** How many spans change in a field: `usage`, `model`, `kind`. */
  fields: z.record(z.string(), Count),
})
export type RemappingTally = z.infer<typeof Tally>
export const Remapping = z.object({
  id: z.number().int(),
  state: z.enum(REPRICING_STATES),
  /** Nobody is at it any more, as after a restart: what was begun can be gone on with or undone. */
  is_stopped: z.boolean(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  convention: z.string().nullable(),
  reason: z.string(),
  preview: Tally.extend({
    conventions: z.array(Tally.extend({ convention: z.string() })),
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
export type Remapping = z.infer<typeof Remapping>
export const RemappingList = list(Remapping)
export type RemappingList = z.infer<typeof RemappingList>
