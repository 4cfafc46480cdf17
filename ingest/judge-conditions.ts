import type { TransactionSql } from "postgres"
import { offending } from "@/lib/offending"
import { toIso } from "@/lib/time"
import type { ExceptionKind, Severity } from "@/lib/vocabulary"
import { strongest } from "@/policy/apply-directives"
import { isJudgedAnew, type Judgement } from "@/policy/apply-findings"
import { type LineStopped, type Signal, stopLine } from "@/policy/apply-line-stop"
import { effective } from "@/policy/outcome"
import { type Finding, findingId } from "@/policy/types"
import type { ConditionChange } from "./exceptions"

/** Alarms after which somebody should look soon: nobody is told anything by a run that is silent. */
const URGENT: ReadonlySet<string> = new Set(["T15", "T16"])

/**
 * What a judgement says of the exceptions of its run. One trouble is one exception: what went past a limit in a run that has ended stands in one, named by
 * its strongest finding, and the others are told beside it, from the run. An alarm is one each. A halt is one of the run itself (`haltChangeOf`). Nothing
 * where the run is judged as before.
 */
export function conditionsOf(judgement: Judgement): ConditionChange[] {
  if (!isJudgedAnew(judgement)) return []
  const { projectId, runId, workflow, snapshot, findings, known } = judgement
  const change = (kind: ExceptionKind, subject: string, finding: Finding, isActive: boolean): ConditionChange => ({
    projectId,
    runId,
    kind,
    isActive,
    subject,
    severity: severityOf(kind, finding),
    at: toIso(snapshot.asOf),
    about: { kind, workflow, rule: finding.rule, step: finding.step, reason: finding.text },
    observed: finding.observed,
    limit: finding.limit,
    unit: finding.unit,
    evidence: offending(finding),
  })
  const isLetGo = letGo(known.acts)
  const held = effective(findings, snapshot.asOf).filter(
    (finding) => !isAlarm(finding) && !isLetGo.has(findingId(finding)),
  )
  const kind = held.length > 0 ? kindOfHeld(judgement) : null
  const active = effective(findings, snapshot.asOf)
    .filter(isAlarm)
    .map((finding) => change("alarm", findingId(finding), finding, true))
  const leader = strongest(held, snapshot.asOf)
  if (kind !== null && leader) active.push(change(kind, RUN_SUBJECT, leader, true))
  const isThere = new Set(active.map((each) => `${each.kind} ${each.subject}`))
  const all = new Map([...known.findings, ...findings].map((finding) => [findingId(finding), finding]))
  const gone: ConditionChange[] = []
  // Under its own name an alarm stands, and what held an output back before one trouble was one exception.
  for (const finding of all.values())
    for (const each of [
      change("alarm", findingId(finding), finding, false),
      change("quarantine", findingId(finding), finding, false),
    ])
      if (!isThere.has(`${each.kind} ${each.subject}`)) gone.push(each)
  const [any] = [...all.values()].filter((finding) => !isAlarm(finding))
  if (any)
    for (const each of [change("alarm", RUN_SUBJECT, any, false), change("quarantine", RUN_SUBJECT, any, false)])
      if (!isThere.has(`${each.kind} ${each.subject}`)) gone.push(each)
  return [...active, ...gone]
}

/** What the findings of a run that has ended stand under together. Not empty: that is what a person has held back. */
const RUN_SUBJECT = "run"
const isAlarm = ({ action }: Finding): boolean => action === "alarm" || action === "retry"

/** What a person knew of who released the run: it is no trouble any more when another finding takes the release back. */
function letGo(acts: Judgement["known"]["acts"]): ReadonlySet<string> {
  const last = acts.findLast(({ act }) => act !== "halt")
  return new Set(last?.act === "release" ? last.findings : [])
}

/** Null: the run goes on, or its halt tells of it, or somebody let the output go. */
function kindOfHeld({ claim, outcome }: Judgement): ExceptionKind | null {
  if (claim === "succeeded") return outcome.hold === "quarantined" ? "quarantine" : null
  // What failed or was cancelled has no output to hold back; that it went past a limit is still told.
  return claim === "failed" || claim === "cancelled" ? "alarm" : null
}

const severityOf = (kind: ExceptionKind, { rule }: Finding): Severity =>
  kind === "quarantine" || URGENT.has(rule) ? "high" : "low"

const HOUR_MS = 3_600_000

/** Workflows in which these judgements halted a run or held one back that was neither before, and that was heard of within the hour. */
export function signalsOf(judgements: readonly Judgement[], now: number): Signal[] {
  const signals = new Map<string, Signal>()
  for (const { projectId, workflow, before, outcome, pinned, snapshot } of judgements) {
    if (workflow === null || !pinned || snapshot.lastEventAt < now - HOUR_MS) continue
    const isHalt = outcome.status === "halting" || outcome.status === "halted"
    const wasHalt = before?.status === "halting" || before?.status === "halted"
    const isHeld = outcome.hold === "quarantined" && before?.hold !== "quarantined"
    if (!isHeld && !(isHalt && !wasHalt)) continue
    const wants = pinned.policy.on_signal ?? "tighten"
    signals.set(JSON.stringify([projectId, workflow]), { projectId, workflow, wants })
  }
  return [...signals.values()].sort((a, b) => a.projectId - b.projectId || (a.workflow < b.workflow ? -1 : 1))
}

/** The lines that these signals stop, each as a condition of its own. */
export async function stopLines(tx: TransactionSql, signals: readonly Signal[]): Promise<ConditionChange[]> {
  const stopped: ConditionChange[] = []
  for (const signal of signals) {
    const line = await stopLine(tx, signal)
    if (line) stopped.push(lineStop(line, true))
  }
  return stopped
}

export function lineStop({ projectId, workflow, to, runs }: LineStopped, isActive: boolean): ConditionChange {
  return {
    projectId,
    runId: "",
    kind: "line_stop",
    severity: "high",
    subject: workflow,
    isActive,
    at: toIso(Date.now()),
    about: { kind: "line_stop", workflow, rule: null, step: null, reason: `The line was ${to}.` },
    observed: String(runs.length),
    limit: "2",
    unit: "runs within an hour",
    evidence: runs[0] ?? null,
  }
}
