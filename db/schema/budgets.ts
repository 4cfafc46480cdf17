import { sql } from "drizzle-orm"
import { boolean, check, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core"
import { instant, money } from "./columns"

/**
 * What a part of a project may cost in a calendar period of its zone; append-only: the greatest version of an id is in force. A month is measured
 * by the version that was in force when it ended.
 */
export const budgets = pgTable(
  "budgets",
  {
    project_id: integer().notNull(),
    id: integer().notNull(),
    version: integer().notNull(),
    name: text().notNull(),
    /** `project`, or the dimension whose calls named `scope_value` count. */
    scope: text().notNull(),
    /** Empty for the whole project; of a key its public id. */
    scope_value: text().notNull().default(""),
    amount: money().notNull(),
    period: text().notNull(),
    /** What happens above 100 %: nothing, new runs of the scope are halted, or all of them. */
    cap: text().notNull().default("none"),
    owner: text().notNull().default(""),
    /** True in the last version of a budget that was ended. */
    is_ended: boolean().notNull().default(false),
    reason: text().notNull(),
    created_by: text().notNull(),
    created_at: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.id, t.version] }),
    check("budgets_amount", sql`${t.amount} > 0 and ${t.amount} < 'Infinity'`),
    check("budgets_scope", sql`${t.scope} in ('project', 'workflow', 'team', 'model', 'key')`),
    check("budgets_period", sql`${t.period} in ('day', 'week', 'month')`),
    check("budgets_cap", sql`${t.cap} in ('none', 'new_runs', 'all_runs')`),
  ],
)

/** What a budget said in a period: each mark once, burn alarms as long as they last. Cleared ones stay. */
export const budgetAlarms = pgTable(
  "budget_alarms",
  {
    project_id: integer().notNull(),
    budget_id: integer().notNull(),
    /** The first instant of the period. */
    period_from: instant().notNull(),
    mark: text().notNull(),
    /** Used, amount, rate and limit at the instant it was raised, as decimal strings. */
    facts: jsonb().notNull(),
    raised_at: instant().notNull(),
    cleared_at: instant(),
    /** Since when the short window has been below; null while it is above. */
    calm_since: instant(),
    /** How often it was raised. */
    times: integer().notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.budget_id, t.period_from, t.mark] }),
    // What stands now, for the page and for the next turn.
    index("budget_alarms_active").on(t.project_id, t.budget_id).where(sql`${t.cleared_at} is null`),
  ],
)

/** Since when a hard cap is passed in a period: runs that began before it are running ones, later ones are new. */
export const budgetCaps = pgTable(
  "budget_caps",
  {
    project_id: integer().notNull(),
    budget_id: integer().notNull(),
    period_from: instant().notNull(),
    passed_at: instant().notNull(),
    /** Used when it was seen, and the amount then. */
    used: money().notNull(),
    amount: money().notNull(),
  },
  (t) => [primaryKey({ columns: [t.project_id, t.budget_id, t.period_from] })],
)
