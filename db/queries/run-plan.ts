import { type ProjectTx, sql } from "@/db/client"
import type { PlanStep, ProofReason } from "@/lib/contracts/read"
import { known } from "./known"
import { planStrip, type StepAttempt } from "./plan"
import { iso } from "./range"
import { type Row, readCount, readMoney, readText, readTextOrNull, selectRows } from "./rows"
import { ofRun, type RunBounds } from "./run-spans"

/** Attempts that are read: more is a loop, and the counts of the run say so. */
const READ = 1000

/**
 * The plan of one run against what ran, with the cost and the time of each step. Costs are exact; attempts past the first thousand are not read.
 * Source: spans of the run's own days, its steps and its calls.
 */
export async function getPlan(
  tx: ProjectTx,
  run: { id: string; plan: readonly string[]; reasons: readonly ProofReason[]; hasEnded: boolean; bounds: RunBounds },
): Promise<PlanStep[]> {
  const attempts = await selectRows(
    tx,
    sql`select coalesce(s.step, s.name) as step, s.span_id, ${iso(sql`s.started_at`)} as started_at, ${iso(sql`s.ended_at`)} as ended_at, s.outcome
        from spans s where ${ofRun(tx, run.id, run.bounds)} and s.kind = 'step' order by s.started_at, s.attempt, s.span_id limit ${READ}`,
  )
  const costs = await selectRows(
    tx,
    sql`select s.step, trim_scale(coalesce(sum(s.cost), 0))::text as cost, count(*)::int as calls,
          (count(*) filter (where s.cost is null))::int as unpriced_calls
        from spans s where ${ofRun(tx, run.id, run.bounds)} and s.is_call and s.step is not null group by s.step order by s.step`,
  )
  return planStrip(run.plan, attempts.map(toAttempt), run.reasons, costsByStep(costs), run.hasEnded)
}

const toAttempt = (row: Row): StepAttempt => ({
  step: readText(row, "step"),
  span: readText(row, "span_id"),
  started_at: readText(row, "started_at"),
  ended_at: readTextOrNull(row, "ended_at"),
  outcome: readTextOrNull(row, "outcome"),
})

function costsByStep(rows: readonly Row[]): Map<string, string | null> {
  return new Map(
    rows.map((row) => [
      readText(row, "step"),
      known(readMoney(row, "cost"), readCount(row, "calls"), readCount(row, "unpriced_calls")),
    ]),
  )
}
