import type { SQL } from "drizzle-orm"
import { sql } from "@/db/client"
import type { ProofReason, RunRow } from "@/lib/contracts/read"
import { HOLDS, PROOFS, RUN_STATUSES, TOKEN_BUCKETS } from "@/lib/vocabulary"
import { known } from "./known"
import { iso } from "./range"
import {
  type Row,
  readArray,
  readBoolean,
  readCount,
  readMoney,
  readText,
  readTextOrNull,
  readUsage,
  readWord,
  readWordOrNull,
} from "./rows"

/** Columns of `runs r` that a row of a list shows. */
export const RUN_COLUMNS: SQL = sql`
  r.id, r.workflow, r.agent, r.environment, r.release, r.team, r.customer, r.status, r.proof, r.proof_reasons, r.hold, r.is_partial,
  ${iso(sql`r.started_at`)} as started_at, ${iso(sql`r.ended_at`)} as ended_at, ${iso(sql`r.last_event_at`)} as last_event_at,
  r.halt_step, r.halt_reason, r.halt_by, r.halt_rule, r.halt_observed, r.halt_limit, r.halt_unit, r.spans, r.steps, r.errors, r.verifications, r.failed_verifications,
  r.calls, r.unpriced_calls, trim_scale(r.cost)::text as cost, ${sql.raw(TOKEN_BUCKETS.map((bucket) => `r.${bucket}`).join(", "))}`

export function toRunRow(row: Row): RunRow {
  const status = readWord(row, "status", RUN_STATUSES)
  const calls = readCount(row, "calls")
  const unpricedCalls = readCount(row, "unpriced_calls")
  return {
    id: readText(row, "id"),
    workflow: readTextOrNull(row, "workflow"),
    agent: readTextOrNull(row, "agent"),
    environment: readTextOrNull(row, "environment"),
    release: readTextOrNull(row, "release"),
    team: readTextOrNull(row, "team"),
    customer: readTextOrNull(row, "customer"),
    status,
    proof: readWord(row, "proof", PROOFS),
    proof_reasons: readArray(row, "proof_reasons").map(toReason),
    hold: readWordOrNull(row, "hold", HOLDS),
    is_partial: readBoolean(row, "is_partial"),
    started_at: readText(row, "started_at"),
    ended_at: readTextOrNull(row, "ended_at"),
    last_event_at: readText(row, "last_event_at"),
    cost: known(readMoney(row, "cost"), calls, unpricedCalls),
    calls,
    unpriced_calls: unpricedCalls,
    tokens: readUsage(row),
    spans: readCount(row, "spans"),
    steps: readCount(row, "steps"),
    errors: readCount(row, "errors"),
    verifications: readCount(row, "verifications"),
    failed_verifications: readCount(row, "failed_verifications"),
    halt:
      status === "halted" || status === "halting"
        ? {
            step: readTextOrNull(row, "halt_step"),
            reason: readTextOrNull(row, "halt_reason"),
            by: readTextOrNull(row, "halt_by"),
            rule: readTextOrNull(row, "halt_rule"),
            observed: readTextOrNull(row, "halt_observed"),
            limit: readTextOrNull(row, "halt_limit"),
            unit: readTextOrNull(row, "halt_unit"),
          }
        : null,
  }
}

function toReason(value: unknown): ProofReason {
  const reason = value as Row
  const optional = (name: "step" | "check") => (typeof reason[name] === "string" ? { [name]: reason[name] } : {})
  return { code: readText(reason, "code"), ...optional("step"), ...optional("check"), text: readText(reason, "text") }
}
