import { z } from "zod"
import { HOLDS, PROOFS, RUN_STATUSES } from "@/lib/vocabulary"

/** The answer behind the first page: how things stand now, and today so far, where "today" is the day of the zone. */
const Money = z.string().regex(/^-?\d+(\.\d+)?$/)
const Instant = z.iso.datetime()
const Count = z.number().int().min(0)
/** Half-open, on quarter hours. */
const Span = z.object({ from: Instant, to: Instant })

/** `cost` is null when calls ran and none has a price. */
const Sum = z.object({ range: Span, cost: Money.nullable(), calls: Count, unpriced_calls: Count })
export type BoardSum = z.infer<typeof Sum>

/** What a period has cost so far, and the same stretch of an earlier one. */
const Pace = Sum.extend({
  /** The closed quarter hours of the period beside as much of earlier ones; null until the first has closed. */
  compare: z
    .object({
      own: Sum,
      before: z.array(Sum.extend({ against: z.enum(["yesterday", "last_week", "last_month"]) })),
    })
    .nullable(),
})
export type BoardPace = z.infer<typeof Pace>

/** Runs by what they came to. `failed` holds failed runs and failed proofs; the kinds exclude each other and sum to `runs`. */
const RunCounts = z.object({
  runs: Count,
  halted: Count,
  failed: Count,
  unproven: Count,
  running: Count,
  verified: Count,
  unchecked: Count,
  /** Cancelled, pending, stalled. */
  other: Count,
  /** Runs that claim success, whatever their proof. */
  claimed: Count,
})
export type BoardCounts = z.infer<typeof RunCounts>

/** What stands still now, whenever it started. `oldest_at` is when the first of them stopped. */
const Halted = z.object({
  runs: Count,
  oldest_at: Instant.nullable(),
  cost: Money.nullable(),
  calls: Count,
  unpriced_calls: Count,
})
const Checks = z.object({ failed: Count, broken: Count, total: Count })

const Cell = z.object({
  id: z.string(),
  started_at: Instant,
  status: z.enum(RUN_STATUSES),
  proof: z.enum(PROOFS),
  hold: z.enum(HOLDS).nullable(),
  cost: Money.nullable(),
})
export type BoardCell = z.infer<typeof Cell>

/** The usual spend of a day: the 10th and 90th percentile and the highest of the days that could be known. */
export const Band = z.object({ low: Money, high: Money, highest: Money, days: Count })
export type Band = z.infer<typeof Band>

export const NEEDS = ["halted", "failing", "alarm", "quiet"] as const
export type Need = (typeof NEEDS)[number]

const Station = z.object({
  /** Null = the runs name no workflow. */
  workflow: z.string().nullable(),
  need: z.enum(NEEDS),
  today: RunCounts,
  halted: Halted,
  checks: Checks,
  /** The newest runs of today, in order of start; fewer than `today.runs` past the cap. */
  cells: z.array(Cell),
  spend: z.object({
    today: Money.nullable(),
    calls: Count,
    unpriced_calls: Count,
    /** The days before today, oldest first; null = calls ran and none has a price. */
    days: z.array(Money.nullable()),
    /** Null below seven known days. */
    band: Band.nullable(),
  }),
})
export type BoardStation = z.infer<typeof Station>

const Change = z.object({
  /** Of a release: the workflow that it belongs to. */
  workflow: z.string().nullable(),
  value: z.string().nullable(),
  now: Money.nullable(),
  before: Money.nullable(),
  /** Now less before, of what has a price. */
  change: Money,
  calls: Count,
  calls_before: Count,
  unpriced_calls: Count,
})
export type BoardChange = z.infer<typeof Change>
export const CHANGE_DIMENSIONS = ["model", "workflow", "release", "team"] as const

export const Board = z.object({
  at: Instant,
  tz: z.string(),
  currency: z.string(),
  day: Span,
  spend: z.object({ today: Pace, month: Pace }),
  runs: RunCounts,
  halted: Halted,
  checks: Checks,
  /** Of the last seven days, today included: finished runs, how many are verified, and how many of those nobody had to touch. */
  lights_out: z.object({ range: Span, finished: Count, verified: Count, untouched: Count }),
  stations: z.array(Station),
  station_count: Count,
  /** Stations that need a person, shown or not. */
  needing_count: Count,
  /** The last seven days beside the seven before, both to the same time of day. Null until a quarter hour of today has closed. */
  changes: z
    .object({
      range: Span,
      before: Span,
      total: Change,
      by: z.array(z.object({ dimension: z.enum(CHANGE_DIMENSIONS), items: z.array(Change), count: Count })),
    })
    .nullable(),
})
export type Board = z.infer<typeof Board>
export type BoardChanges = NonNullable<Board["changes"]>
