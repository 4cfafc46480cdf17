import { z } from "zod"
import { EXCEPTION_KINDS, SEVERITIES } from "@/lib/vocabulary"

const Count = z.number().int().min(0)
/** Milliseconds; null = nothing to take them from. */
const Times = z.object({ median_ms: z.number().nullable(), p90_ms: z.number().nullable() })
const Part = z.object({ part: Count, whole: Count })

/** How the queue has done in the last 30 days: of exceptions raised in them, samples for an audit left out where not named. */
export const ExceptionNumbers = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  raised: Count,
  /** Only the latest 10,000 were looked at. */
  is_capped: z.boolean(),
  severities: z.array(
    z.object({
      severity: z.enum(SEVERITIES),
      raised: Count,
      /** From the first violating event to when it was known, of those that ingest raised. */
      detect: Times,
      /** From then until a person first looked. */
      acknowledge: Times,
      /** From then until it was resolved, by whomever. */
      resolve: Times,
    }),
  ),
  /** Of the resolved ones, those that Andon closed because what raised them was gone. */
  auto_closed: Part,
  /** People who may act here, and exceptions a day for each. */
  operators: Count,
  per_operator_day: z.number().nullable(),
  /** Of all stretches of ten minutes, those with more than ten new ones. */
  floods: Part,
  /** Open for more than a day. */
  stale: Count,
  /** Raised three times or more within one minute, of one fingerprint. */
  chattering: Count,
  /** What raises most, at most ten. */
  rules: z.array(
    z.object({
      kind: z.enum(EXCEPTION_KINDS),
      rule: z.string().nullable(),
      workflow: z.string().nullable(),
      raised: Count,
    }),
  ),
  /** Runs that started in the 30 days; `touched` stand in an exception that a person has looked at; `passed` are verified and are not among those. */
  reviewed: z.object({ runs: Count, passed: Count, exceptions: Count, looked_at: Count, touched: Count }),
  /** Passed runs that were drawn for a person to look at, and how many of those reviewed the rules had missed, with Wilson's 95 % interval. */
  sample: z.object({
    drawn: Count,
    reviewed: Count,
    missed: Count,
    low: z.number().nullable(),
    high: z.number().nullable(),
  }),
})
export type ExceptionNumbers = z.infer<typeof ExceptionNumbers>
