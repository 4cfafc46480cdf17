import type { TransactionSql } from "postgres"
import { arrayLiteral } from "@/db/array-literal"
import { RULE_ACTIONS, type RuleAction } from "@/lib/vocabulary"
import type { Judgement } from "./apply-findings"
import { effective } from "./outcome"
import type { Finding } from "./types"

/** What the sender of a run's events is told of it. */
export type Told = {
  run: string
  action: string
  rule: string
  observed: string
  limit: string
  step: string | null
}
const ENDED: ReadonlySet<string> = new Set(["halted", "succeeded", "failed", "cancelled"])

/** The strongest finding that holds, the first by rule among equals; null when there is none. */
export function strongest(findings: readonly Finding[], asOf: number): Finding | null {
  const weight = (action: RuleAction) => RULE_ACTIONS.indexOf(action)
  return effective(findings, asOf).reduce<Finding | null>(
    (best, each) => (best === null || weight(each.action) > weight(best.action) ? each : best),
    null,
  )
}

/** What the run has to be told now: stop, or that its output must not be used. Null = go on. */
export function directiveOf({ claim, findings, outcome, snapshot, known }: Judgement): (Told & { by: string }) | null {
  const isStopped = !ENDED.has(claim) && (outcome.status === "halting" || outcome.status === "halted")
  if (!isStopped && outcome.hold !== "quarantined") return null
  const action = isStopped ? "halt" : "quarantine"
  const finding = strongest(findings, snapshot.asOf)
  const { told } = known
  const act = known.acts.findLast((each) => each.act === action)
  const base = { run: snapshot.run, action }
  if (finding && (finding.action === "halt" || finding.action === "quarantine"))
    return {
      ...base,
      by: "andon",
      rule: finding.rule,
      observed: finding.observed,
      limit: finding.limit,
      step: finding.step,
    }
  if (isStopped && told)
    return {
      ...base,
      by: "andon",
      rule: told.rule,
      observed: told.observed ?? "",
      limit: told.limit ?? "",
      step: told.step,
    }
  return { ...base, by: act?.actor ?? "andon", rule: "person", observed: act?.reason ?? "", limit: "", step: null }
}

const COLUMNS =
  "project_id int, run_id text, workflow text, kind text, rule text, observed text, limit_value text, unit text, step text, reason text, issued_by text"
const NAMES = COLUMNS.split(", ")
  .map((column) => column.split(" ")[0])
  .join(", ")
/** One of a kind is open for a run; the first that was told stays. */
const ISSUE = `insert into directives (${NAMES}) select ${NAMES} from jsonb_to_recordset(($1::text)::jsonb) as d(${COLUMNS}) on conflict do nothing`
const END = `update directives d set state = 'ended', ended_at = now() from jsonb_to_recordset(($1::text)::jsonb) as k(project_id int, run_id text, kind text)
  where d.project_id = k.project_id and d.run_id = k.run_id and d.kind = k.kind and d.state <> 'ended'`

/** The run has ended by its own word: there is nothing left to halt. */
export const isOver = ({ claim }: Judgement): boolean => ENDED.has(claim)

/** Queues what is told anew and what no longer holds. A halt ends with the run alone, never because a finding went away. */
export function saveDirectives(tx: TransactionSql, judgements: readonly Judgement[]): Promise<unknown>[] {
  const issued: object[] = []
  const ended: object[] = []
  for (const judgement of judgements) {
    const { projectId, runId, workflow, claim, before, outcome, findings } = judgement
    const told = directiveOf(judgement)
    const key = { project_id: projectId, run_id: runId }
    const wasStopped = before?.status === "halting" || before?.status === "halted"
    const isAnew = before?.status !== outcome.status || before?.hold !== outcome.hold
    if (told && isAnew)
      issued.push({
        ...key,
        workflow,
        kind: told.action,
        rule: told.rule,
        observed: told.observed,
        limit_value: told.limit,
        unit: findings.find(({ rule }) => rule === told.rule)?.unit ?? null,
        step: told.step,
        reason: findings.find(({ rule }) => rule === told.rule)?.text ?? told.observed,
        issued_by: told.by,
      })
    if (wasStopped && ENDED.has(claim)) ended.push({ ...key, kind: "halt" })
    if (before?.hold === "quarantined" && outcome.hold !== "quarantined") ended.push({ ...key, kind: "quarantine" })
  }
  const run = (text: string, rows: object[]) =>
    rows.length === 0 ? [] : [tx.unsafe(text, [JSON.stringify(rows)], { prepare: true })]
  return [...run(END, ended), ...run(ISSUE, issued)]
}

const OPEN = `select d.* from unnest(($1::text)::int[], ($2::text)::text[]) as k(project_id, run_id)
  cross join lateral (select project_id, run_id, kind, rule, observed, limit_value, step from directives
    where project_id = k.project_id and run_id = k.run_id and state <> 'ended' offset 0) as d`
type OpenRow = {
  project_id: number
  run_id: string
  kind: string
  rule: string | null
  observed: string | null
  limit_value: string | null
  step: string | null
}

/** What these runs have been told and still holds. */
export async function openDirectives(
  tx: TransactionSql,
  keys: readonly { projectId: number; runId: string }[],
): Promise<{ projectId: number; told: Told }[]> {
  if (keys.length === 0) return []
  const rows = await tx.unsafe<OpenRow[]>(
    OPEN,
    [arrayLiteral(keys.map(({ projectId }) => projectId)), arrayLiteral(keys.map(({ runId }) => runId))],
    { prepare: true },
  )
  return rows.map(({ project_id, run_id, kind, rule, observed, limit_value, step }) => ({
    projectId: project_id,
    told: { run: run_id, action: kind, rule: rule ?? "", observed: observed ?? "", limit: limit_value ?? "", step },
  }))
}
