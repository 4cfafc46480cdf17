import { z } from "zod"
import { Range } from "@/lib/contracts/read"
import { LAG_LIMITS } from "@/lib/lag"
import { RUN_STATUSES } from "@/lib/vocabulary"

/** Wire shapes of data quality per source. Instants are ISO 8601 with `Z`, absent is null. */
const Instant = z.iso.datetime()
const Count = z.number().int().min(0)

/** Of all hours in the range: `n` times, the last of them, and the last run that it happened in, when it happened in one. */
export const SourceMark = z.object({ name: z.string(), n: Count, last_at: Instant, run_id: z.string().nullable() })
export type SourceMark = z.infer<typeof SourceMark>

export const Source = z.object({
  /** Null when the key is gone. */
  key: z.object({ public_id: z.string(), name: z.string() }).nullable(),
  /** The door that it came through; `unknown` before doors were told apart. */
  format: z.string(),
  /** How a decoder read it; `none` when it knew no convention, empty where there is one way only. */
  convention: z.string(),
  /** The last event that was accepted in the range. */
  last_event_at: Instant.nullable(),
  accepted: Count,
  duplicates: Count,
  conflicts: Count,
  rejected: Count,
  sanitized: Count,
  /** Items that say nothing that is kept: answered, and not stored. */
  ignored: Count,
  /** Accepted events by the time from what they tell of to their arrival: up to each limit of `LAG_LIMITS`, then later than all of them. */
  lag: z.array(Count).length(LAG_LIMITS.length + 1),
  lag_max_ms: Count,
  /** Why items were refused, by code. */
  rejections: z.array(SourceMark),
  /** What a reading or a clock left in doubt. */
  flags: z.array(SourceMark),
})
export type Source = z.infer<typeof Source>

/** A run whose events skip numbers between the first and the last of them. */
export const Gap = z.object({
  run_id: z.string(),
  workflow: z.string().nullable(),
  status: z.enum(RUN_STATUSES),
  started_at: Instant,
  first_seq: z.string(),
  last_seq: z.string(),
  events: Count,
  /** At least so many: two events with one number hide one. A decimal integer, because a sender may number as it likes. */
  missing: z.string(),
})
export type Gap = z.infer<typeof Gap>

export const SourceQuality = z.object({
  /** Counters are kept by the hour: widened outward to full hours. */
  range: Range,
  tz: z.string(),
  /** The busiest first. */
  sources: z.array(Source),
  /** How many more there are. */
  more_sources: Count,
  gaps: z.object({ items: z.array(Gap), count: z.object({ value: Count, is_capped: z.boolean() }) }),
})
export type SourceQuality = z.infer<typeof SourceQuality>
