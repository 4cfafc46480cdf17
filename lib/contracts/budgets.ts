import { z } from "zod"

/** What a part of a project may cost in a calendar period. Money is a decimal string, instants are ISO 8601 with `Z`, absent is null. */
const Money = z.string().regex(/^\d+(\.\d+)?$/)
const Signed = z.string().regex(/^-?\d+(\.\d+)?$/)
const Instant = z.iso.datetime()
const Count = z.number().int().min(0)

export const BUDGET_SCOPES = ["project", "workflow", "team", "model", "key"] as const
export type BudgetScope = (typeof BUDGET_SCOPES)[number]
export const BUDGET_PERIODS = ["month", "week", "day"] as const
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number]
/** Above 100 %: nothing stops, runs that begin are halted, or running ones too. */
export const BUDGET_CAPS = ["none", "new_runs", "all_runs"] as const
export type BudgetCap = (typeof BUDGET_CAPS)[number]

/** `burn_*`: both windows spend at more than 14.4, 6 or once the even pace. */
export const BUDGET_MARKS = ["used_50", "used_80", "used_100", "burn_1h", "burn_6h", "burn_3d"] as const
export type BudgetMark = (typeof BUDGET_MARKS)[number]

const Reason = z.string().trim().min(3, "say why, in a few words").max(500)
const Terms = {
  name: z.string().trim().min(1, "give it a name").max(120),
  amount: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,12})?$/, "an amount such as 3000 or 12.50")
    .refine((text) => /[1-9]/.test(text), "must be more than 0"),
  period: z.enum(BUDGET_PERIODS),
  cap: z.enum(BUDGET_CAPS),
  /** Who answers for it, in words. */
  owner: z.string().trim().max(200),
}
export const BudgetInput = z
  .strictObject({
    ...Terms,
    cap: Terms.cap.default("none"),
    owner: Terms.owner.default(""),
    scope: z.enum(BUDGET_SCOPES),
    /** Name of the workflow, team or model, public id of the key; empty for the project. */
    scope_value: z.string().trim().max(256).default(""),
    reason: Reason,
  })
  .refine(({ scope, scope_value }) => (scope === "project") === (scope_value === ""), {
    message: "name what the budget is for; only a project's budget needs no name",
    path: ["scope_value"],
  })
export type BudgetInput = z.infer<typeof BudgetInput>

/** A change names the version that it was made from; what the budget is for stays as it is. */
export const BudgetChange = z.strictObject({
  version: z.number().int().min(1),
  name: Terms.name.optional(),
  amount: Terms.amount.optional(),
  period: Terms.period.optional(),
  cap: Terms.cap.optional(),
  owner: Terms.owner.optional(),
  /** True ends the budget; its history stays. */
  is_ended: z.literal(true).optional(),
  reason: Reason,
})
export type BudgetChange = z.infer<typeof BudgetChange>

export const BudgetAlarm = z.object({
  mark: z.enum(BUDGET_MARKS),
  raised_at: Instant,
  cleared_at: Instant.nullable(),
})

export type BudgetAlarm = z.infer<typeof BudgetAlarm>

/** A window of a burn rule: it ends now, and begins on a quarter hour (five minutes: exactly). */
const Burn = z.object({
  mark: z.enum(BUDGET_MARKS),
  /** Multiples of the even pace, in thousandths, cut. */
  long: z.number().int().nullable(),
  short: z.number().int().nullable(),
  limit: z.number().int(),
  is_burning: z.boolean(),
})

export const Budget = z.object({
  id: Count,
  version: Count,
  name: z.string(),
  scope: z.enum(BUDGET_SCOPES),
  scope_value: z.string(),
  amount: Money,
  period: z.enum(BUDGET_PERIODS),
  cap: z.enum(BUDGET_CAPS),
  owner: z.string(),
  reason: z.string(),
  created_by: z.string(),
  created_at: Instant,
  /** The calendar period that now lies in, in the project's zone; half-open. */
  range: z.object({ from: Instant, to: Instant }),
  /** Sum of what is priced; unpriced calls are left out, and counted. */
  used: Signed,
  calls: Count,
  unpriced_calls: Count,
  /** Amount less used; negative when it is exceeded. */
  left: Signed,
  /** Tenths of a percent, cut: used of the amount, gone of the period. */
  used_permille: z.number().int(),
  gone_permille: Count,
  /** At this rate of the period so far by its end; null before a thirtieth of it is gone. */
  forecast: Signed.nullable(),
  burns: z.array(Burn),
  alarms: z.array(BudgetAlarm),
  /** Since when its cap halts runs; null while it does not. `overshoot` is what was spent above the amount. */
  halts_since: Instant.nullable(),
  overshoot: Money,
})
export type Budget = z.infer<typeof Budget>

export const BudgetList = z.object({
  items: z.array(Budget),
  next_cursor: z.null(),
  count: z.null(),
  tz: z.string(),
  currency: z.string(),
  at: Instant,
})
export type BudgetList = z.infer<typeof BudgetList>

/** One period that a budget was in force in, the newest first; `amount` is that of the version in force when it ended. */
export const BudgetHistory = z.object({
  id: Count,
  name: z.string(),
  tz: z.string(),
  currency: z.string(),
  periods: z.array(
    z.object({
      from: Instant,
      to: Instant,
      amount: Money,
      used: Signed,
      calls: Count,
      unpriced_calls: Count,
      used_permille: z.number().int(),
      is_open: z.boolean(),
    }),
  ),
  versions: z.array(
    z.object({
      version: Count,
      amount: Money,
      period: z.enum(BUDGET_PERIODS),
      cap: z.enum(BUDGET_CAPS),
      name: z.string(),
      owner: z.string(),
      is_ended: z.boolean(),
      reason: z.string(),
      created_by: z.string(),
      created_at: Instant,
    }),
  ),
})
export type BudgetHistory = z.infer<typeof BudgetHistory>

/** At most so many budgets of a project stand at once. */
export const MOST_BUDGETS = 100
