import { type ProjectTx, sql } from "@/db/client"
import type { HardCap } from "@/db/queries/budget-cap"
import { iso } from "@/db/queries/range"
import { readCount, readText, readTextOrNull, selectRows } from "@/db/queries/rows"
import { canonicalJson, sha256 } from "@/lib/canonical"
import { displayMoney, formatMoney } from "@/lib/money"
import { toIso } from "@/lib/time"
import { moveToHalting, watchHalting } from "@/policy/apply-halting"
import { tellPages } from "@/policy/apply-notice"

/** A run that a hard cap has told to halt. */
export type Capped = {
  run: string
  workflow: string | null
  observed: string
  limit: string
  unit: string
  text: string
  at: string
}

/** Remembers since when caps are passed; the first who sees it decides the instant. @returns it by budget. */
export async function markPassed(tx: ProjectTx, caps: readonly HardCap[]): Promise<Map<number, string>> {
  const rows = JSON.stringify(
    caps.map(({ terms, period, used, amount }) => ({
      id: terms.id,
      from: period.from,
      used: formatMoney(used),
      amount: formatMoney(amount),
    })),
  )
  const stored = await selectRows(
    tx,
    sql`with asked as (select * from jsonb_to_recordset(${rows}::jsonb) as c(id int, "from" timestamptz, used numeric, amount numeric)),
      put as (
        insert into budget_caps as b (project_id, budget_id, period_from, passed_at, used, amount)
        select ${tx.projectId}, id, "from", clock_timestamp(), used, amount from asked order by id
        on conflict (project_id, budget_id, period_from) do update
          set passed_at = case when b.amount = excluded.amount then b.passed_at else excluded.passed_at end,
            used = case when b.amount = excluded.amount then b.used else excluded.used end, amount = excluded.amount
        returning b.budget_id, b.passed_at
      )
      select budget_id, ${iso(sql`passed_at`)} as passed_at from put`,
  )
  return new Map(stored.map((row) => [readCount(row, "budget_id"), readText(row, "passed_at")]))
}

/**
 * T18: tells the runs named to halt that a passed cap concerns, once each: those that began after it was passed, running ones where the budget says
 * so. Status, finding, directive and decision in the caller's transaction; what comes later is folded with the finding, which no event takes back.
 * @param keyId of who sent the events: a key's budget stops the runs that it reports.
 */
export async function applyCaps(
  tx: ProjectTx,
  caps: readonly HardCap[],
  runs: readonly string[],
  keyId: number,
): Promise<Capped[]> {
  const asked = JSON.stringify(runs)
  const find = () =>
    selectRows(
      tx,
      sql`with caps as (
        select c.*, (select k.id from ingest_keys k where k.project_id = ${tx.projectId} and c.scope = 'key' and k.public_id = c.value) as key_id
        from jsonb_to_recordset(${JSON.stringify(caps.map(toRow))}::jsonb) as c(id int, scope text, value text, cap text, passed_at timestamptz)
      )
      select distinct on (r.id) r.id, r.workflow, c.id as budget from runs r join caps c on (c.cap = 'all_runs' or r.first_received_at > c.passed_at)
        and case c.scope when 'project' then true when 'workflow' then r.workflow = c.value when 'team' then r.team = c.value
          when 'key' then c.key_id = ${keyId} else exists (select from spans s where s.project_id = r.project_id and s.run_id = r.id
            and s.started_at >= r.first_span_at and s.started_at <= r.last_span_at and s.model = c.value) end
      where r.project_id = ${tx.projectId} and r.id in (select jsonb_array_elements_text(${asked}::jsonb))
        and r.status in ('pending', 'running', 'waiting', 'stalled')
      order by r.id, c.id`,
    )
  // Nearly always there is none left to halt, and then nobody is kept waiting.
  if ((await find()).length === 0) return []
  await tx.execute(
    sql`select id from runs where project_id = ${tx.projectId} and id in (select jsonb_array_elements_text(${asked}::jsonb)) order by id for update`,
  )
  const hits = await find()
  if (hits.length === 0) return []
  const at = toIso(Date.now())
  const told = hits.map((row) => {
    const cap = caps.find(({ terms }) => terms.id === readCount(row, "budget"))
    if (!cap) throw new Error("a run was halted by a budget that nobody named")
    return { ...cappedBy(cap, readText(row, "id"), readTextOrNull(row, "workflow"), at), budget: cap.terms.id }
  })
  await write(tx, told)
  return told
}

const toRow = ({ terms, passedAt }: HardCap) => ({
  id: terms.id,
  scope: terms.scope,
  value: terms.scope_value,
  cap: terms.cap,
  passed_at: passedAt,
})

function cappedBy(
  { terms, currency, used, amount }: HardCap,
  run: string,
  workflow: string | null,
  at: string,
): Capped {
  const [observed, limit] = [formatMoney(used), formatMoney(amount)]
  const text = `The budget “${terms.name}” is used up: ${displayMoney(observed, currency)} of ${displayMoney(limit, currency)} a ${terms.period}.`
  return { run, workflow, observed, limit, unit: currency, text, at }
}

async function write(tx: ProjectTx, told: readonly (Capped & { budget: number })[]): Promise<void> {
  const rows = JSON.stringify(
    told.map((one) => {
      const input = { run: one.run, budget: one.budget, used: one.observed, amount: one.limit, at: one.at }
      return { ...one, input, input_hash: sha256(canonicalJson(input)) }
    }),
  )
  const asked = sql`jsonb_to_recordset(${rows}::jsonb) as t(run text, workflow text, observed text, "limit" text, unit text, text text, at timestamptz, budget text,
    input jsonb, input_hash text)`
  await moveToHalting(
    tx,
    sql`update runs r set status = 'halting', halt_by = 'andon', halt_rule = 'T18', halt_reason = t.text,
        halt_observed = t.observed, halt_limit = t."limit", halt_unit = t.unit
      from (select r.id, r.status, t.text, t.observed, t."limit", t.unit from ${asked} join runs r on r.project_id = ${tx.projectId} and r.id = t.run) t
      where r.project_id = ${tx.projectId} and r.id = t.id
      returning r.project_id, r.id, r.dimension_set_id, r.proof, r.started_at, t.status as was`,
  )
  await tx.execute(sql`
    insert into run_findings (project_id, run_id, rule, subject, action, observed, limit_value, unit, text, evidence, is_incomplete)
    select ${tx.projectId}, run, 'T18', budget, 'halt', observed, "limit", unit, text, '[]', false from ${asked} on conflict do nothing`)
  await tx.execute(sql`
    insert into decisions (project_id, run_id, workflow, rule, subject, action, input, input_hash, finding)
    select ${tx.projectId}, run, workflow, 'T18', budget, 'halt', input, input_hash, jsonb_build_object('rule', 'T18', 'subject', budget, 'action', 'halt',
      'observed', observed, 'limit', "limit", 'unit', unit, 'step', null, 'text', text, 'evidence', '[]'::jsonb, 'isEvidenceIncomplete', false,
      'effectiveAt', null) from ${asked} order by run`)
  await tx.execute(sql`
    insert into directives (project_id, run_id, workflow, kind, rule, observed, limit_value, unit, reason, issued_by)
    select ${tx.projectId}, run, workflow, 'halt', 'T18', observed, "limit", unit, text, 'andon' from ${asked} order by run on conflict do nothing`)
  // So that the finding is folded with what comes, and silence with the halt.
  await watchHalting(tx, sql`select run from ${asked}`)
  await tellPages(
    tx,
    ["runs", "halts", "verifications"],
    told.map(({ run }) => run),
  )
}
