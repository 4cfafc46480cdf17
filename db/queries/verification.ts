import { type ProjectTx, sql } from "@/db/client"
import type { VerificationDetail } from "@/lib/contracts/verifications"
import { AppError } from "@/lib/errors"
import { iso } from "./range"
import { POLICY_CHECKS } from "./required-checks"
import { readBoolean, readText, readTextOrNull, selectRows } from "./rows"
import { getRunBounds, ofRun } from "./run-spans"
import { toVerificationRow, VERIFICATION_COLUMNS } from "./verification-rows"

/** What the row keeps of the evidence; the rest is in the event. */
const EVIDENCE_IN_ROW = 2000

/**
 * One result with the whole of its evidence and the step that it is about.
 * @param options `withPayload` false leaves the evidence out (null).
 * @throws AppError `not_found`. Source: verifications, its run, its event.
 */
export async function getVerification(
  tx: ProjectTx,
  id: string,
  options: { withPayload?: boolean } = {},
): Promise<VerificationDetail> {
  const [row] = await selectRows(
    tx,
    sql`select ${VERIFICATION_COLUMNS}, coalesce(r.checks ? v.check_name, false)
          or coalesce(${POLICY_CHECKS} @> jsonb_build_array(jsonb_build_object('name', v.check_name)), false) as is_required, ${iso(sql`v.received_at`)} as received_at
        from verifications v left join runs r on r.project_id = v.project_id and r.id = v.run_id
        where v.project_id = ${tx.projectId} and v.id = ${id}`,
  )
  if (!row) throw new AppError("not_found", "There is no such verification.")
  const shown = toVerificationRow(row, options)
  const isShort = shown.evidence === null || shown.evidence.length < EVIDENCE_IN_ROW
  const whole = isShort ? null : await readEvidence(tx, id, shown.run, readText(row, "received_at"))
  return {
    ...shown,
    evidence: whole ?? shown.evidence,
    output_sha256: readTextOrNull(row, "output_sha256"),
    is_required: readBoolean(row, "is_required"),
    is_evidence_whole: isShort || whole !== null,
    span: shown.step === null ? null : await findStep(tx, shown.run, shown.step, shown.at),
  }
}

/** Evidence as it was sent; null when its event is past retention. A day on either side is what a partition needs to be ruled out. */
async function readEvidence(tx: ProjectTx, id: string, run: string, receivedAt: string): Promise<string | null> {
  const [event] = await selectRows(
    tx,
    sql`select body ->> 'evidence' as evidence from events
        where project_id = ${tx.projectId} and run_id = ${run} and id = ${id}
          and received_at between ${receivedAt}::timestamptz - interval '1 day' and ${receivedAt}::timestamptz + interval '1 day' limit 1`,
  )
  return event ? readTextOrNull(event, "evidence") : null
}

/** The attempt at the step that had begun by then; where clocks disagree, the last one. */
async function findStep(tx: ProjectTx, run: string, step: string, at: string): Promise<string | null> {
  const bounds = await getRunBounds(tx, run)
  const [row] = await selectRows(
    tx,
    sql`select s.span_id from spans s where ${ofRun(tx, run, bounds)} and s.kind = 'step' and s.step = ${step}
        order by s.started_at <= ${at}::timestamptz desc, s.started_at desc limit 1`,
  )
  return row ? readText(row, "span_id") : null
}
