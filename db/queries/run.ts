import { type ProjectTx, sql } from "@/db/client"
import type { Run } from "@/lib/contracts/read"
import { known } from "./known"
import { planStrip, type StepAttempt } from "./plan"
import { iso } from "./range"
import { type Row, readArray, readCount, readMoney, readText, readTextOrNull, selectRows } from "./rows"
import { RUN_COLUMNS, toRunRow } from "./run-rows"
import { ofRun, runNotFound } from "./run-spans"
import { toVerificationRow, VERIFICATION_COLUMNS } from "./verification-rows"

/** Attempts and verifications shown with a run: more is a loop, and its counts say so. */
const SHOWN = 1000

/**
 * One run with its plan against what ran and its verifications, latest first.
 * @param options `withPayload` false leaves the evidence of verifications out (null).
 * @throws AppError `not_found`.
 */
export async function getRun(tx: ProjectTx, id: string, options: { withPayload?: boolean } = {}): Promise<Run> {
  const [row] = await selectRows(
    tx,
    sql`select ${RUN_COLUMNS}, r.tags, r.plan, r.checks, r.output_sha256, r.notes,
          trim_scale(r.reported_cost)::text as reported_cost, trim_scale(r.computed_cost)::text as computed_cost,
          ${iso(sql`r.first_span_at`)} as first, ${iso(sql`r.last_span_at`)} as last
        from runs r where r.project_id = ${tx.projectId} and r.id = ${id}`,
  )
  if (!row) throw runNotFound()
  const run = toRunRow(row)
  const bounds = {
    first: readTextOrNull(row, "first"),
    last: readTextOrNull(row, "last"),
    firstReceived: "",
    lastReceived: "",
  }
  const attempts = await selectRows(
    tx,
    sql`select coalesce(s.step, s.name) as step, ${iso(sql`s.started_at`)} as started_at, ${iso(sql`s.ended_at`)} as ended_at, s.outcome
        from spans s where ${ofRun(tx, id, bounds)} and s.kind = 'step' order by s.started_at, s.attempt, s.span_id limit ${SHOWN}`,
  )
  const costs = await selectRows(
    tx,
    sql`select s.step, trim_scale(coalesce(sum(s.cost), 0))::text as cost, count(*)::int as calls,
          (count(*) filter (where s.cost is null))::int as unpriced_calls
        from spans s where ${ofRun(tx, id, bounds)} and s.is_call and s.step is not null group by s.step order by s.step`,
  )
  const verifications = await selectRows(
    tx,
    sql`select ${VERIFICATION_COLUMNS} from verifications v join runs r on r.project_id = v.project_id and r.id = v.run_id
        where v.project_id = ${tx.projectId} and v.run_id = ${id} order by v.at desc, v.id desc limit ${SHOWN}`,
  )
  const strings = (column: string) => (row[column] === null ? [] : readArray(row, column).map(String))
  return {
    ...run,
    tags: row.tags === null ? {} : (row.tags as Record<string, string>),
    plan: planStrip(
      strings("plan"),
      attempts.map(toAttempt),
      run.proof_reasons,
      costsByStep(costs),
      run.ended_at !== null,
    ),
    checks: strings("checks"),
    output_sha256: readTextOrNull(row, "output_sha256"),
    reported_cost: readMoney(row, "reported_cost"),
    computed_cost: readMoney(row, "computed_cost"),
    notes: readArray(row, "notes").map((note) => toNote(note as Row)),
    verification_list: verifications.map((verification) => toVerificationRow(verification, options)),
  }
}

const toAttempt = (row: Row): StepAttempt => ({
  step: readText(row, "step"),
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

const toNote = (row: Row): Run["notes"][number] => ({
  code: readText(row, "code"),
  text: readText(row, "text"),
  event: typeof row.event === "string" ? row.event : null,
})
