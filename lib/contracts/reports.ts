import { z } from "zod"
import { DataQuality, Range, Tokens } from "@/lib/contracts/read"
import { DIMENSIONS } from "@/lib/vocabulary"

/** Answers of the reports. Money is an exact decimal string or null (unpriced), months are `YYYY-MM`, absent is null. */
const Money = z.string().regex(/^-?\d+(\.\d+)?$/)
const Count = z.number().int().min(0)
const Month = z.string().regex(/^\d{4}-\d{2}$/)

const MonthFigures = z.object({
  /** Null = calls ran and none has a price; `"0"` = nothing ran. */
  cost: Money.nullable(),
  reported_cost: Money,
  computed_cost: Money,
  calls: Count,
  unpriced_calls: Count,
  tokens: Tokens,
  previous: z.object({ cost: Money.nullable(), calls: Count, unpriced_calls: Count }),
  /** Cost less the previous month's; null where one of them is unknown. */
  change: Money.nullable(),
})
export type MonthFigures = z.infer<typeof MonthFigures>

const MonthRow = MonthFigures.extend({
  /** Null = the events carry no value of the dimension. */
  key: z.string().nullable(),
  /** `new`: calls this month only; `gone`: calls in the previous month only. */
  presence: z.enum(["both", "new", "gone"]),
})
export type MonthRow = z.infer<typeof MonthRow>

export const MonthReport = z.object({
  month: Month,
  previous_month: Month,
  range: Range,
  previous_range: Range,
  tz: z.string(),
  currency: z.string(),
  by: z.enum(DIMENSIONS),
  /** The month is not over: its figures still grow. */
  is_open: z.boolean(),
  generated_at: z.iso.datetime(),
  /** The costliest rows; `rest` sums the others and says how many they are. The file holds all. */
  rows: z.array(MonthRow),
  rest: MonthFigures.extend({ rows: Count }).nullable(),
  total: MonthFigures,
  /** What page and file must agree on: the sum, the number of rows, SHA-256 over the file without its last line. */
  control: z.object({ cost: Money.nullable(), rows: Count, sha256: z.string() }),
  unpriced: z.array(z.object({ provider: z.string().nullable(), model: z.string().nullable(), calls: Count })),
  /** How many kinds of calls without a price there are in all; `unpriced` lists the most frequent. */
  unpriced_count: Count,
  quality: DataQuality,
  /** The months that hold calls, first and last; null when there are none. */
  available: z.object({ first: Month, last: Month, current: Month }).nullable(),
})
export type MonthReport = z.infer<typeof MonthReport>
