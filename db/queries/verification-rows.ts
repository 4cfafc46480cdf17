import type { SQL } from "drizzle-orm"
import { sql } from "@/db/client"
import type { VerificationRow } from "@/lib/contracts/read"
import { VERDICTS } from "@/lib/vocabulary"
import { iso } from "./range"
import { type Row, readMoneyOrNull, readText, readTextOrNull, readWord } from "./rows"

/** Columns of `verifications v` joined to their run `r`. */
export const VERIFICATION_COLUMNS: SQL = sql`
  v.id, v.run_id, r.workflow, r.release, ${iso(sql`v.at`)} as at, v.check_name, v.step, v.outcome,
  trim_scale(v.score)::text as score, trim_scale(v.threshold)::text as threshold, v.evidence, v.artifact,
  r.output_sha256, v.verifier_name, v.verifier_hash`

export function toVerificationRow(row: Row, options: { withPayload?: boolean } = {}): VerificationRow {
  const artifact = readTextOrNull(row, "artifact")
  const output = readTextOrNull(row, "output_sha256")
  const verifier = readTextOrNull(row, "verifier_name")
  return {
    id: readText(row, "id"),
    run: readText(row, "run_id"),
    workflow: readTextOrNull(row, "workflow"),
    release: readTextOrNull(row, "release"),
    at: readText(row, "at"),
    check: readText(row, "check_name"),
    step: readTextOrNull(row, "step"),
    outcome: readWord(row, "outcome", VERDICTS),
    score: readMoneyOrNull(row, "score"),
    threshold: readMoneyOrNull(row, "threshold"),
    evidence: options.withPayload === false ? null : readTextOrNull(row, "evidence"),
    artifact,
    is_on_final_output: output === null ? null : artifact === output,
    verifier: verifier === null ? null : { name: verifier, hash: readTextOrNull(row, "verifier_hash") },
  }
}
