import { type ProjectTx, sql } from "@/db/client"
import type { RunControl, RunFinding } from "@/lib/contracts/acts"
import { offending } from "@/lib/offending"
import { FINDINGS_READ } from "@/lib/run-account"
import { isUsable, legalRunActs, RUN_STATES, runState } from "@/lib/run-states"
import {
  DIRECTIVES,
  EXCEPTION_KINDS,
  EXCEPTION_STATES,
  HOLDS,
  PROOFS,
  RULE_ACTIONS,
  RUN_STATUSES,
} from "@/lib/vocabulary"
import { textArray } from "./conditions"
import { tellsOf } from "./exception-spans"
import { iso } from "./range"
import {
  type Row,
  readArray,
  readBoolean,
  readCount,
  readMoney,
  readText,
  readTextOrNull,
  readWord,
  readWordOrNull,
  selectRows,
} from "./rows"
import { runNotFound } from "./run-spans"

const LOG_SHOWN = 50
/** Done runs that the median is taken of, the latest, and how many it takes at least. */
const MEDIAN_OF = 200
const MEDIAN_NEEDS = 5

/**
 * What holds of a run, why and since when, and what may be done about it.
 * @throws AppError `not_found`. Source: runs, run_acts, run_findings, directives; for a stopped run the spans after its halt, and of its workflow at
 * most 1,000 runs of the 30 days before it.
 */
export async function getRunControl(tx: ProjectTx, id: string): Promise<RunControl> {
  const ofRun = sql`project_id = ${tx.projectId} and run_id = ${id}`
  const [run] = await selectRows(
    tx,
    sql`select r.workflow, r.status, r.proof, r.hold, trim_scale(r.cost)::text as cost, r.calls, r.unpriced_calls, ${iso(sql`r.started_at`)} as started_at,
          ${iso(sql`r.first_span_at`)} as first_span_at, ${iso(sql`r.last_span_at`)} as last_span_at,
          (select coalesce(max(n), 0) from run_acts where ${ofRun}) as version
        from runs r where r.project_id = ${tx.projectId} and r.id = ${id}`,
  )
  if (!run) throw runNotFound()
  const log = await selectRows(
    tx,
    sql`select n, ${iso(sql`at`)} as at, actor, act, from_state, to_state, reason from run_acts where ${ofRun} order by n desc limit ${LOG_SHOWN}`,
  )
  const findings = await selectRows(
    tx,
    sql`select rule, subject, action, observed, limit_value, unit, step, text, evidence, is_incomplete, ${iso(sql`effective_at`)} as effective_at
        from run_findings where ${ofRun}
        order by array_position(${textArray(RULE_ACTIONS)}, action) desc, rule, subject limit ${FINDINGS_READ}`,
  )
  const [directive] = await selectRows(
    tx,
    sql`select id::text as id, kind, rule, observed, limit_value, step, reason, state, ${iso(sql`issued_at`)} as issued_at, issued_by, ${iso(sql`acked_at`)} as acked_at
        from directives where ${ofRun} and kind <> 'continue' order by (kind = 'halt') desc, id desc limit 1`,
  )
  const exceptions = await selectRows(
    tx,
    sql`select e.id::text as id, e.kind, e.state from exception_runs x join exceptions e on e.project_id = x.project_id and e.id = x.exception_id
        where x.project_id = ${tx.projectId} and x.run_id = ${id} and x.cleared_at is null order by e.id`,
  )
  const read = {
    status: readWord(run, "status", RUN_STATUSES),
    proof: readWord(run, "proof", PROOFS),
    hold: readWordOrNull(run, "hold", HOLDS),
  }
  const state = runState(read)
  const isStopped = read.status === "halting" || read.status === "halted"
  return {
    run: id,
    workflow: readTextOrNull(run, "workflow"),
    state,
    ...read,
    usable: isUsable(state),
    version: readCount(run, "version"),
    acts: legalRunActs(state),
    log: log.map(toEntry),
    findings: await withSpans(tx, id, run, findings.map(toFinding)),
    directive: directive ? toDirective(directive) : null,
    cost_after_halt: directive?.kind === "halt" ? await costSince(tx, id, readText(directive, "issued_at")) : null,
    not_spent: isStopped && readCount(run, "unpriced_calls") === 0 ? await notSpent(tx, run) : null,
    exceptions: exceptions.map((row) => ({
      id: readText(row, "id"),
      kind: readWord(row, "kind", EXCEPTION_KINDS),
      state: readWord(row, "state", EXCEPTION_STATES),
    })),
  }
}

const toEntry = (row: Row): RunControl["log"][number] => ({
  n: readCount(row, "n"),
  at: readText(row, "at"),
  actor: readText(row, "actor"),
  act: readText(row, "act"),
  from_state: readWord(row, "from_state", RUN_STATES),
  to_state: readWord(row, "to_state", RUN_STATES),
  reason: readText(row, "reason"),
})

const toFinding = (row: Row): Omit<RunFinding, "span"> => ({
  rule: readText(row, "rule"),
  subject: readText(row, "subject"),
  action: readWord(row, "action", RULE_ACTIONS),
  observed: readText(row, "observed"),
  limit: readText(row, "limit_value"),
  unit: readText(row, "unit"),
  step: readTextOrNull(row, "step"),
  text: readText(row, "text"),
  evidence: readArray(row, "evidence").map(String),
  is_incomplete: readBoolean(row, "is_incomplete"),
  effective_at: readTextOrNull(row, "effective_at"),
})

/** Looked for within the days of the run's spans. */
async function withSpans(
  tx: ProjectTx,
  id: string,
  run: Row,
  findings: readonly Omit<RunFinding, "span">[],
): Promise<RunFinding[]> {
  const [from, to] = [readTextOrNull(run, "first_span_at"), readTextOrNull(run, "last_span_at")]
  if (findings.length === 0 || from === null || to === null) return findings.map((each) => ({ ...each, span: null }))
  const asked = JSON.stringify(findings.map((each, i) => ({ i, named: offending(each), step: each.step })))
  const own = sql`s.project_id = ${tx.projectId} and s.run_id = ${id} and s.started_at >= ${from}::timestamptz and s.started_at <= ${to}::timestamptz`
  const rows = await selectRows(
    tx,
    sql`select k.i, coalesce(
          (select s.span_id from spans s where k.named is not null and ${own} and ${tellsOf(sql`k.named`)} limit 1),
          (select s.span_id from spans s where k.step is not null and ${own} and s.kind = 'step' and coalesce(s.step, s.name) = k.step
             order by s.started_at desc, s.span_id desc limit 1)) as span
        from jsonb_to_recordset(${asked}::jsonb) as k(i int, named text, step text)`,
  )
  const spans = new Map(rows.map((row) => [readCount(row, "i"), readTextOrNull(row, "span")]))
  return findings.map((each, i) => ({ ...each, span: spans.get(i) ?? null }))
}

const toDirective = (row: Row): RunControl["directive"] => ({
  id: readText(row, "id"),
  action: readWord(row, "kind", DIRECTIVES),
  rule: readTextOrNull(row, "rule"),
  observed: readTextOrNull(row, "observed"),
  limit: readTextOrNull(row, "limit_value"),
  step: readTextOrNull(row, "step"),
  reason: readTextOrNull(row, "reason"),
  state: readText(row, "state"),
  issued_at: readText(row, "issued_at"),
  issued_by: readText(row, "issued_by"),
  acked_at: readTextOrNull(row, "acked_at"),
})

/** Calls of the run that began after an instant. */
async function costSince(tx: ProjectTx, id: string, at: string): Promise<RunControl["cost_after_halt"]> {
  const [row] = await selectRows(
    tx,
    sql`select trim_scale(coalesce(sum(s.cost), 0))::text as cost, count(*) as calls, count(*) filter (where s.cost is null) as unpriced
        from spans s where s.project_id = ${tx.projectId} and s.run_id = ${id} and s.is_call and coalesce(s.began_at, s.started_at) > ${at}::timestamptz`,
  )
  return row
    ? { cost: readMoney(row, "cost"), calls: readCount(row, "calls"), unpriced_calls: readCount(row, "unpriced") }
    : null
}

/** Against what the workflow's done runs cost in the middle; exact, because a percentile of numerics would be a double. */
async function notSpent(tx: ProjectTx, run: Row): Promise<RunControl["not_spent"]> {
  const workflow = readTextOrNull(run, "workflow")
  if (workflow === null) return null
  const started = readText(run, "started_at")
  const [row] = await selectRows(
    tx,
    sql`with looked as (select r.cost, r.unpriced_calls, r.calls, r.started_at,
            r.status = 'succeeded' and (r.hold = 'released' or r.hold is null and r.proof = 'verified') as is_done
          from runs r where r.project_id = ${tx.projectId} and r.workflow = ${workflow} and r.started_at < ${started}::timestamptz
            and r.started_at >= ${started}::timestamptz - interval '30 days'
          order by r.started_at desc, r.id desc limit 1000),
        done as (select cost from looked where is_done and unpriced_calls = 0 and calls > 0 order by started_at desc limit ${MEDIAN_OF}),
        ranked as (select cost, row_number() over (order by cost) as place, count(*) over () as runs from done),
        middle as (select avg(cost) as median, max(runs) as runs from ranked where place in ((runs + 1) / 2, (runs + 2) / 2))
        select trim_scale(median)::text as median, runs, trim_scale(greatest(median - ${readMoney(run, "cost")}::numeric, 0))::text as amount
        from middle where runs >= ${MEDIAN_NEEDS}`,
  )
  return row
    ? { amount: readMoney(row, "amount"), median: readMoney(row, "median"), runs: readCount(row, "runs") }
    : null
}
