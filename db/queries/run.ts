import { type ProjectTx, sql } from "@/db/client"
import type { Run } from "@/lib/contracts/read"
import { endOf } from "@/lib/run-end"
import { EXCEPTION_STATES } from "@/lib/vocabulary"
import { iso } from "./range"
import { POLICY_CHECKS } from "./required-checks"
import { type Row, readArray, readCount, readMoney, readText, readTextOrNull, readWord, selectRows } from "./rows"
import { getPlan } from "./run-plan"
import { RUN_COLUMNS, toRunRow } from "./run-rows"
import { runNotFound } from "./run-spans"
import { toVerificationRow, VERIFICATION_COLUMNS } from "./verification-rows"

/** Verifications shown with a run: more is a loop, and its counts say so. */
const SHOWN = 1000

/**
 * One run with its plan against what ran and its verifications, latest first.
 * @param options `withPayload` false leaves the evidence of verifications out (null).
 * @throws AppError `not_found`.
 */
export async function getRun(tx: ProjectTx, id: string, options: { withPayload?: boolean } = {}): Promise<Run> {
  const [row] = await selectRows(
    tx,
    sql`select ${RUN_COLUMNS}, r.tags, r.plan, r.checks, ${POLICY_CHECKS} as required, r.output_sha256, r.notes, r.differing_calls,
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
  const verifications = await selectRows(
    tx,
    sql`select ${VERIFICATION_COLUMNS} from verifications v join runs r on r.project_id = v.project_id and r.id = v.run_id
        where v.project_id = ${tx.projectId} and v.run_id = ${id} order by v.at desc, v.id desc limit ${SHOWN}`,
  )
  const [exception] = await selectRows(
    tx,
    sql`select e.id::text as id, e.state from exception_runs x join exceptions e on e.project_id = x.project_id and e.id = x.exception_id
        where x.project_id = ${tx.projectId} and x.run_id = ${id} and x.kind = 'halt' and x.cleared_at is null`,
  )
  const strings = (column: string) => (row[column] === null ? [] : readArray(row, column).map(String))
  const required = row.required === null ? [] : readArray(row, "required").map((one) => readText(one as Row, "name"))
  return {
    ...run,
    tags: row.tags === null ? {} : (row.tags as Record<string, string>),
    plan: await getPlan(tx, {
      id,
      plan: strings("plan"),
      reasons: run.proof_reasons,
      hasEnded: endOf(run) !== null,
      bounds,
    }),
    checks: [...new Set([...strings("checks"), ...required])],
    output_sha256: readTextOrNull(row, "output_sha256"),
    reported_cost: readMoney(row, "reported_cost"),
    computed_cost: readMoney(row, "computed_cost"),
    differing_calls: readCount(row, "differing_calls"),
    notes: readArray(row, "notes").map((note) => toNote(note as Row)),
    exception: exception
      ? { id: readText(exception, "id"), state: readWord(exception, "state", EXCEPTION_STATES) }
      : null,
    verification_list: verifications.map((verification) => toVerificationRow(verification, options)),
  }
}

const toNote = (row: Row): Run["notes"][number] => ({
  code: readText(row, "code"),
  text: readText(row, "text"),
  event: typeof row.event === "string" ? row.event : null,
})
