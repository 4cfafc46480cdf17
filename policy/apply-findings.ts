import type { TransactionSql } from "postgres"
import { canonicalJson, sha256 } from "@/lib/canonical"
import { toIso } from "@/lib/time"
import type { RunStatus } from "@/lib/vocabulary"
import type { Pinned } from "./apply-policies"
import { effective } from "./outcome"
import { snapshotToJson } from "./snapshot-json"
import { type Finding, findingId, type Outcome, type RunAct, type RunSnapshot } from "./types"

export type KnownAct = RunAct & { actor: string; reason: string; at: number }
/** The halt that a rule's finding made Andon tell the runner, as it was told. It stands until the run has ended, whatever is found later. */
export type ToldHalt = {
  rule: string
  observed: string | null
  limit: string | null
  unit: string | null
  step: string | null
  reason: string | null
}
/** What is stored of a run beside its events: what was found last, and what people and Andon did. */
export type Known = { findings: Finding[]; acts: KnownAct[]; told: ToldHalt | null }

/** What one transaction made of one run. `before` null = the run is new. */
export type Judgement = {
  projectId: number
  runId: string
  workflow: string | null
  claim: RunStatus
  pinned: Pinned | null
  snapshot: RunSnapshot
  known: Known
  findings: Finding[]
  before: Outcome | null
  /** `asOf` as it was then. */
  lastAsOf: number
  /** Its own events had ended it before. */
  wasEnded: boolean
  outcome: Outcome
  /** The row of `run_policies` to write; null = it stays as it is. */
  pin: { id: string; dueAt: number | null; isTight: boolean } | null
}

const KNOWN = `select k.project_id, k.run_id,
    (select jsonb_agg(jsonb_build_object('rule', rule, 'subject', subject, 'action', action, 'observed', observed, 'limit', limit_value, 'unit', unit,
      'step', step, 'text', text, 'evidence', evidence, 'isEvidenceIncomplete', is_incomplete, 'effectiveAt', (extract(epoch from effective_at) * 1000)::float8)
      order by rule collate "C", subject collate "C") from run_findings where project_id = k.project_id and run_id = k.run_id) as findings,
    (select jsonb_agg(jsonb_build_object('n', n, 'act', act, 'actor', actor, 'reason', reason, 'at', (extract(epoch from at) * 1000)::float8, 'findings', findings)
      order by n) from run_acts where project_id = k.project_id and run_id = k.run_id) as acts,
    (select jsonb_build_object('rule', rule, 'observed', observed, 'limit', limit_value, 'unit', unit, 'step', step, 'reason', reason) from directives
      where project_id = k.project_id and run_id = k.run_id and kind = 'halt' and state <> 'ended' and issued_by = 'andon') as told
  from jsonb_to_recordset(($1::text)::jsonb) as k(project_id int, run_id text)`

/** By `project run`. */
export async function knownOf(
  tx: TransactionSql,
  keys: readonly { projectId: number; runId: string }[],
): Promise<Map<string, Known>> {
  if (keys.length === 0) return new Map()
  const asked = keys.map(({ projectId, runId }) => ({ project_id: projectId, run_id: runId }))
  const rows = await tx.unsafe<
    {
      project_id: number
      run_id: string
      findings: Finding[] | null
      acts: KnownAct[] | null
      told: ToldHalt | null
    }[]
  >(KNOWN, [JSON.stringify(asked)], { prepare: true })
  return new Map(
    rows.map(({ project_id, run_id, findings, acts, told }) => [
      `${project_id} ${run_id}`,
      { findings: findings ?? [], acts: acts ?? [], told },
    ]),
  )
}

/** Rules that are decided beside the run's own events: their findings are not taken back by what a snapshot shows. */
export const KEPT_RULES: ReadonlySet<string> = new Set(["T16", "T18"])

/** What makes a decision another one than before: not a figure that grows on past its limit. */
function signatureOf(finding: Finding, asOf: number): string {
  const isEffective = effective([finding], asOf).length > 0
  return JSON.stringify([finding.rule, finding.subject, finding.action, finding.isEvidenceIncomplete, isEffective])
}

/** Whether the run is judged otherwise than before: another finding, status or hold. */
export function isJudgedAnew(judgement: Judgement): boolean {
  const { known, findings, before, outcome } = judgement
  if (before === null || before.status !== outcome.status || before.hold !== outcome.hold) return true
  return known.findings.length !== findings.length || newFindings(judgement).length > 0
}

/** Findings that were not there before, or are there otherwise. */
function newFindings({ known, findings, snapshot, lastAsOf }: Judgement): Finding[] {
  const before = new Set(known.findings.map((each) => signatureOf(each, lastAsOf)))
  return findings.filter((each) => !before.has(signatureOf(each, snapshot.asOf)))
}

/** T20: what had halted the run is not found any more. A note in the log; the halt stands. */
function lateEvidence({ known, findings, snapshot, outcome, lastAsOf }: Judgement): Finding | null {
  const halts = (list: readonly Finding[], asOf: number) =>
    effective(list, asOf).some(({ action }) => action === "halt")
  const isOpen = outcome.status === "halting" || (outcome.status === "halted" && snapshot.claim !== "halted")
  if (!known.told || !isOpen || halts(findings, snapshot.asOf) || !halts(known.findings, lastAsOf)) return null
  const { rule, step } = known.told
  return {
    rule: "T20",
    subject: rule,
    action: "alarm",
    step,
    evidence: [],
    effectiveAt: null,
    observed: "late evidence",
    limit: "a halt stands",
    unit: "",
    isEvidenceIncomplete: false,
    text: `Events that came late speak against what ${rule} had found. A halt is never undone by itself.`,
  }
}

const FINDING_COLUMNS =
  "project_id int, run_id text, rule text, subject text, action text, observed text, limit_value text, unit text, step text, text text, evidence jsonb, is_incomplete boolean, effective_at timestamptz"
const NAMES = FINDING_COLUMNS.split(", ").map((column) => column.split(" ")[0] as string)
const DROP = `delete from run_findings f using jsonb_to_recordset(($1::text)::jsonb) as k(project_id int, run_id text, rule text, subject text)
  where f.project_id = k.project_id and f.run_id = k.run_id and f.rule = k.rule and f.subject = k.subject`
const PUT = `insert into run_findings (${NAMES.join(", ")}) select ${NAMES.join(", ")} from jsonb_to_recordset(($1::text)::jsonb) as f(${FINDING_COLUMNS})
  on conflict (project_id, run_id, rule, subject) do update set ${NAMES.slice(4)
    .map((name) => `${name} = excluded.${name}`)
    .join(", ")}`
const PIN = `insert into run_policies (project_id, run_id, pin, due_at, is_tight)
  select * from jsonb_to_recordset(($1::text)::jsonb) as p(project_id int, run_id text, pin bigint, due_at timestamptz, is_tight boolean)
  on conflict (project_id, run_id) do update set due_at = excluded.due_at`

const isoOrNull = (at: number | null): string | null => (at === null ? null : toIso(at))

/** Queues the writing of pins alone: the runs are judged as before, and are to be looked at again. */
export function savePins(tx: TransactionSql, judgements: readonly Judgement[]): Promise<unknown>[] {
  const pins = judgements.flatMap(({ projectId, runId, pin }) =>
    pin
      ? [{ project_id: projectId, run_id: runId, pin: pin.id, due_at: isoOrNull(pin.dueAt), is_tight: pin.isTight }]
      : [],
  )
  return pins.length === 0 ? [] : [tx.unsafe(PIN, [JSON.stringify(pins)], { prepare: true })]
}

/** Queues the statements that bring findings and pins of these runs up to date; none for what stays as it is. */
export function saveFindings(tx: TransactionSql, judgements: readonly Judgement[]): Promise<unknown>[] {
  const gone: object[] = []
  const put: object[] = []
  for (const { projectId, runId, known, findings } of judgements) {
    const key = { project_id: projectId, run_id: runId }
    const now = new Set(findings.map(findingId))
    for (const { rule, subject } of known.findings)
      if (!now.has(`${rule} ${subject}`)) gone.push({ ...key, rule, subject })
    const before = new Map(known.findings.map((each) => [findingId(each), canonicalJson(each)]))
    for (const each of findings) {
      if (before.get(findingId(each)) === canonicalJson(each)) continue
      const { limit, isEvidenceIncomplete, effectiveAt, ...rest } = each
      put.push({
        ...key,
        ...rest,
        limit_value: limit,
        is_incomplete: isEvidenceIncomplete,
        effective_at: isoOrNull(effectiveAt),
      })
    }
  }
  const run = (text: string, rows: object[]) =>
    rows.length === 0 ? [] : [tx.unsafe(text, [JSON.stringify(rows)], { prepare: true })]
  return [...savePins(tx, judgements), ...run(DROP, gone), ...run(PUT, put)]
}

const LOG = `insert into decisions (project_id, run_id, workflow, rule, subject, action, policy_workflow, policy_version, default_version, input, input_hash,
    finding, is_late)
  select * from jsonb_to_recordset(($1::text)::jsonb) as d(project_id int, run_id text, workflow text, rule text, subject text, action text,
    policy_workflow text, policy_version int, default_version int, input jsonb, input_hash text, finding jsonb, is_late boolean)`

/** Queues the log of what was decided anew, each with what it was decided from. */
export function logDecisions(tx: TransactionSql, judgements: readonly Judgement[]): Promise<unknown>[] {
  const rows = judgements.flatMap((judgement) => {
    const late = lateEvidence(judgement)
    const found = [...newFindings(judgement), ...(late ? [late] : [])]
    if (found.length === 0) return []
    const { projectId, runId, workflow, pinned, snapshot, wasEnded } = judgement
    const input = snapshotToJson(snapshot)
    const inputHash = sha256(canonicalJson(input))
    return found.map((finding) => ({
      project_id: projectId,
      run_id: runId,
      workflow,
      rule: finding.rule,
      subject: finding.subject,
      action: finding.action,
      policy_workflow: pinned?.workflow ?? null,
      policy_version: pinned?.version ?? null,
      default_version: pinned?.defaultVersion ?? null,
      input,
      input_hash: inputHash,
      finding,
      is_late: wasEnded || finding === late,
    }))
  })
  return rows.length === 0 ? [] : [tx.unsafe(LOG, [JSON.stringify(rows)], { prepare: true })]
}
