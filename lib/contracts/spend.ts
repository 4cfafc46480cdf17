import { z } from "zod"
import { HOLDS, PROOFS, RUN_STATUSES } from "@/lib/vocabulary"

const Money = z.string().regex(/^\d+(\.\d+)?$/)
const Count = z.number().int().min(0)

/** Runs that started in the range, the costliest first. */
export const CostlyRuns = z.object({
  currency: z.string(),
  items: z.array(
    z.object({
      id: z.string(),
      workflow: z.string().nullable(),
      release: z.string().nullable(),
      status: z.enum(RUN_STATUSES),
      proof: z.enum(PROOFS),
      hold: z.enum(HOLDS).nullable(),
      started_at: z.iso.datetime(),
      /** Of the whole run; with `of: "calls"` of its calls that the filters let through, in the range. Null = none of them has a price. */
      cost: Money.nullable(),
      calls: Count,
      unpriced_calls: Count,
    }),
  ),
  of: z.enum(["runs", "calls"]),
  /** How many runs were looked through, of how many that started in the range. */
  seen: Count,
  runs: Count,
  /** Nothing was left out. */
  is_complete: z.boolean(),
})
export type CostlyRuns = z.infer<typeof CostlyRuns>
