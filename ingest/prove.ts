import type { TransactionSql } from "postgres"
import { offending } from "@/lib/offending"
import { strongest } from "@/policy/apply-directives"
import type { Judgement, Known } from "@/policy/apply-findings"
import { deriveProof, type Reason } from "@/policy/proof"
import type { Finding, PolicyVerification } from "@/policy/types"
import type { LedgerEvent } from "./event"
import { credible } from "./fold-span"
import { type Case, judge, openCases, type StepOfRun } from "./judge"
import { runKey, stepsOfRuns, verificationsOfRuns } from "./load-runs"
import type { EndFact } from "./run-facts"
import { groupBy, type HaltedBy, hasNewState, type RunWork, spanBoundsOf } from "./run-work"
import { verificationOf } from "./save-verifications"

export type Proven = ReturnType<typeof deriveProof>

/**
 * Proof of the runs whose claim, steps or verifications changed, and what policies find in those that they judge: every one that changed, exactly once, in
 * the transaction that changes it. Steps and verifications are read for runs that claim success, and where a rule asks for them.
 */
export async function proveAndJudge(
  tx: TransactionSql,
  runs: readonly RunWork[],
  isLive: boolean,
): Promise<{ proofs: Map<RunWork, Proven>; judgements: Judgement[] }> {
  const cases = new Map((await openCases(tx, runs, isLive)).map((each) => [each.work, each]))
  const isClaiming = (work: RunWork) => work.state.status === "succeeded"
  const touched = new Set(
    runs.filter(
      (work) =>
        hasNewState(work) ||
        work.verifications.length > 0 ||
        work.spans.some((change) => change.after?.kind === "step" || change.before?.kind === "step") ||
        (isClaiming(work) && cases.has(work)),
    ),
  )
  const known = runs.filter((work) => work.loaded && !work.loaded.isNew)
  const claiming = known.filter((work) => touched.has(work) && isClaiming(work))
  const withSteps = known.filter(
    (work) =>
      work.loaded?.firstSpanAt !== null && ((touched.has(work) && isClaiming(work)) || cases.get(work)?.wants.steps),
  )
  const [steps, verifications] = await Promise.all([
    withSteps.length === 0 ? [] : stepsOfRuns(tx, withSteps, spanBoundsOf(withSteps)),
    verificationsOfRuns(tx, claiming),
  ])
  const stepsByRun = groupBy(steps, runKey)
  const verificationsByRun = groupBy(verifications, runKey)
  const stepsOf = (work: RunWork): StepOfRun[] => {
    const changed = new Set(work.spans.flatMap(({ after }) => (after ? [after.spanId] : [])))
    const stored = (stepsByRun.get(runKey(work)) ?? []).filter(({ spanId }) => !changed.has(spanId))
    const fresh = work.spans.flatMap(({ after }) =>
      after?.kind === "step"
        ? [{ step: after.step ?? after.name, boundaries: after.boundaries ?? [], attempt: after.attempt }]
        : [],
    )
    return [...stored, ...fresh]
  }
  const resultsOf = (work: RunWork): PolicyVerification[] => [
    ...(verificationsByRun.get(runKey(work)) ?? []),
    ...work.verifications.map(toVerificationFacts),
  ]
  const judgements: Judgement[] = []
  const proofs = new Map<RunWork, Proven>()
  for (const work of runs) {
    const each = cases.get(work)
    const judgement = each && (await judge(tx, each, stepsOf(work), resultsOf(work)))
    if (judgement) {
      judgements.push(judgement)
      settle(work, judgement)
      if (isOtherwise(work, judgement)) touched.add(work)
    }
    if (touched.has(work)) proofs.set(work, withPolicy(prove(work, stepsOf(work), resultsOf(work), each), judgement))
  }
  return { proofs, judgements }
}

/** Its row must be written anew: another status or hold, or a halt whose figure has grown on. */
function isOtherwise(work: RunWork, { claim, known, lastAsOf }: Judgement): boolean {
  const { judged, loaded, haltedBy, previous } = work
  if (judged === null) return false
  if (loaded?.status !== judged.status || loaded.hold !== judged.hold) return true
  if (claim === "halted") return !isSame(haltedBy, haltedByItself(previous?.end ?? null, known.findings))
  return haltedBy !== null && !isSame(haltedBy, stoppedBy(known.findings, lastAsOf, known))
}

const isSame = (one: HaltedBy | null, other: HaltedBy | null) => JSON.stringify(one) === JSON.stringify(other)

/** What the judgement makes of the run's row. */
function settle(work: RunWork, { outcome, findings, known, claim, snapshot }: Judgement): void {
  work.judged = outcome
  if (claim === "halted") work.haltedBy = haltedByItself(work.state.end, findings)
  else if (outcome.status === "halting" || outcome.status === "halted")
    work.haltedBy = stoppedBy(findings, snapshot.asOf, known)
}

function stoppedBy(findings: readonly Finding[], asOf: number, { acts, told }: Known): HaltedBy {
  const finding = strongest(findings, asOf)
  if (finding?.action === "halt")
    return {
      step: finding.step,
      reason: finding.text,
      by: "andon",
      rule: finding.rule,
      at: null,
      ...figuresOf(finding),
    }
  if (told) return { ...told, by: "andon", at: null }
  const act = acts.find((each) => each.act === "halt")
  return { step: null, reason: act?.reason ?? null, by: act?.actor ?? "andon", rule: null, at: act?.at ?? null }
}

/** The run's own word of its halt, with the figures of the rule that it names; null = there are none. */
function haltedByItself(end: EndFact | null, findings: readonly Finding[]): HaltedBy | null {
  const found = findings.find(({ rule }) => rule === end?.rule)
  if (!end || !found) return null
  const { step, reason, by, rule, at } = end
  return { step, reason, by, rule, at, ...figuresOf(found) }
}

const figuresOf = (finding: Finding) => {
  const { observed, limit, unit } = finding
  return { observed, limit, unit, evidence: offending(finding) }
}

function prove(
  work: RunWork,
  steps: readonly StepOfRun[],
  verifications: readonly PolicyVerification[],
  each: Case | undefined,
): Proven {
  const { start, end, status } = work.state
  const required = each?.pinned?.policy.required_verifications ?? []
  const asked = required.flatMap(({ name, on }) => (on === undefined || on === "final_output" ? [name] : []))
  return deriveProof({
    status,
    agent: start?.agent ?? null,
    plan: start?.plan ?? [],
    checks: [...new Set([...(start?.checks ?? []), ...asked])],
    outputHash: end?.sha256 ?? null,
    refs: end?.refs ?? [],
    error: end?.error ?? null,
    steps,
    verifications,
  })
}

const OF_PROOF: ReadonlySet<string> = new Set(["T08", "T09", "T10", "T11", "T12", "T17"])

/** Done needs what the policy asks for as well: what it finds missing is told beside what the run itself declared. */
function withPolicy(proven: Proven, judgement: Judgement | undefined): Proven {
  if (judgement?.claim !== "succeeded" || proven.proof === "failed") return proven
  const lacks = judgement.findings.filter(({ rule }) => OF_PROOF.has(rule))
  if (lacks.length === 0) return proven
  const told = new Set(proven.reasons.map(({ step, check }) => `${step} ${check}`))
  const reasons = lacks.flatMap(({ rule, step, subject, text }): Reason[] => {
    const about = rule === "T11" || rule === "T12" ? { check: subject } : { step: step ?? subject }
    return told.has(`${(about as Reason).step} ${(about as Reason).check}`) ? [] : [{ code: "policy", ...about, text }]
  })
  const isFailed = lacks.some(({ rule }) => rule === "T12")
  return { proof: isFailed ? "failed" : "unproven", reasons: [...proven.reasons, ...reasons] }
}

function toVerificationFacts(item: LedgerEvent): PolicyVerification {
  const { check, outcome, artifact, verifier, score, step } = verificationOf(item)
  return {
    id: item.id,
    check,
    outcome,
    artifact: artifact ?? null,
    verifierName: verifier?.name ?? null,
    verifierHash: verifier?.hash ?? null,
    score: score ?? null,
    step: step ?? null,
    seq: item.seq,
    at: credible(item.at, item.receivedAt),
  }
}
