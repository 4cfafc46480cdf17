import { z } from "zod"

/** Closing months, as it is asked for and answered. Money is an exact decimal string, months are `YYYY-MM` of the project's zone, absent is null. */
const Money = z.string().regex(/^-?\d+(\.\d+)?$/)
const Count = z.number().int()
const Month = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/, "must be a month such as 2026-10")

const PERIOD_ACTS = ["closed", "reopened"] as const

/** What was true of the whole project's month at an instant. */
const Sums = z.object({ cost: Money, calls: Count, unpriced_calls: Count })
export type PeriodSums = z.infer<typeof Sums>

/** One act upon a month: of the acts of a month the last one holds. */
export const Period = Sums.extend({
  id: z.number().int(),
  month: Month,
  act: z.enum(PERIOD_ACTS),
  reason: z.string(),
  created_by: z.string(),
  created_at: z.iso.datetime(),
})
export type Period = z.infer<typeof Period>
export const PeriodList = z.object({
  items: z.array(Period),
  next_cursor: z.string().nullable(),
  count: z.object({ value: Count, is_capped: z.boolean() }).nullable(),
})
export type PeriodList = z.infer<typeof PeriodList>

export const PeriodDetail = z.object({
  month: Month,
  /** The zone that cuts it; a report in another zone is of other instants. */
  tz: z.string(),
  currency: z.string(),
  /** Its instants, half-open. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  is_ended: z.boolean(),
  /** The act that holds; null = it was never closed. */
  last: Period.nullable(),
  /** The same sums as they are now; a closed month whose sums are others has been moved by something. */
  now: Sums,
  is_equal: z.boolean().nullable(),
  /** Calls that had cost nothing when the month was closed and left it with their cost, for the month where that is booked: no difference. */
  moved_on: Count,
  /** Calls of months that were closed when they came, by the month in which they began, whose money is booked in this month. */
  corrections: z.array(Sums.extend({ month: Month })),
  /** Events that came for calls of this month after it was closed: what they say of money was kept out. */
  kept_out: Count,
})
export type PeriodDetail = z.infer<typeof PeriodDetail>

export const PeriodInput = z.object({
  month: Month,
  act: z.enum(["close", "reopen"]),
  reason: z.string().trim().min(1, "say why").max(500),
})
export type PeriodInput = z.infer<typeof PeriodInput>
