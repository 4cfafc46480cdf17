import type { TransactionSql } from "postgres"
import { logError } from "@/lib/http"
import type { Rule } from "@/lib/vocabulary"
import { type Judgement, KEPT_RULES, type Known, knownOf } from "@/policy/apply-findings"
import { type Pinned, type PolicyKey, policiesOf, tightLines } from "@/policy/apply-policies"
import { decide } from "@/policy/decide"
import { factsNeeded } from "@/policy/document"
import { nextDue } from "@/policy/due"
import { outcomeOf } from "@/policy/outcome"
import type { Finding, PolicyVerification, RunSnapshot, StateReport } from "@/policy/types"
import { UNDECIDED, undecided } from "@/policy/undecided"
import { addContribution, zeroSums } from "./contribution"
import { readCalls, toolCallsOf } from "./judge-calls"
import { type Bounds, runKey, type StoredStep } from "./load-runs"
import { ENDED } from "./run-facts"
import { contributionOf, hasNewState, type RunWork, startOf } from "./run-work"

/** A run that a policy, or what people did to it, has a say about. */
export type Case = { work: RunWork; pinned: Pinned | null; known: Known; asOf: number; lastAsOf: number; wants: Wants }
/** What must be looked at again; what is not keeps its findings. */
type Wants = { steps: boolean; tools: boolean; isAnotherPolicy: boolean }

const NOTHING: Known = { findings: [], acts: [], told: null }
/** What each group of facts decides. Rules of no group are decided from the run's own row, each time. */
const OF_STEPS: ReadonlySet<Rule> = new Set(["T02", "T04", "T05", "T07", "T08", "T09", "T10", "T11", "T12", "T17"])
const OF_TOOLS: ReadonlySet<Rule> = new Set(["T06"])

/**
 * The runs that policies judge, and what has to be read of them. A run that begins is judged by the policies of this moment for good; a replay pins
 * nothing anew. Without a policy and without an act on a run nothing is asked of the database.
 */
export async function openCases(tx: TransactionSql, runs: readonly RunWork[], isLive: boolean): Promise<Case[]> {
  const judged = runs.flatMap((work) => {
    const { loaded } = work
    if (!loaded) return []
    work.isTight = loaded.isTight
    work.pin = loaded.pin ?? (isLive && loaded.isNew ? loaded.newestPolicy : null)
    return work.pin !== null || loaded.hasActs ? [{ work, loaded, key: keyOf(work) }] : []
  })
  if (judged.length === 0) return []
  const stored = judged.filter(({ loaded }) => loaded.hasFindings || loaded.hasActs)
  const begun = isLive ? judged.filter(({ loaded }) => loaded.isNew && loaded.pin === null) : []
  const [policyOf, known, isTightNow] = await Promise.all([
    policiesOf(
      tx,
      judged.flatMap(({ key }) => (key ? [key] : [])),
    ),
    knownOf(
      tx,
      stored.map(({ work }) => work),
    ),
    tightLines(
      tx,
      begun.map(({ work }) => work.projectId),
    ),
  ])
  for (const { work } of begun) work.isTight = isTightNow(work.projectId, work.state.placement.workflow)
  return judged.map(({ work, loaded, key }): Case => {
    const pinned = key ? policyOf(key) : null
    const { status, placement, start, end } = work.state
    const lastEventAt = loaded.isNew ? work.latest : Math.max(loaded.lastEventAt, work.latest)
    const asOf = Math.max(lastEventAt, work.nextFacts.tick ?? 0)
    const isAnotherPolicy = work.previous !== null && work.previous.placement.workflow !== placement.workflow
    const needed = pinned
      ? factsNeeded(pinned.policy, {
          claim: status,
          plan: start?.plan ?? [],
          checks: start?.checks ?? [],
          refs: end?.refs ?? [],
        })
      : null
    const isStep = work.spans.some(({ before, after }) => before?.kind === "step" || after?.kind === "step")
    const isDue = loaded.dueAt !== null && asOf >= loaded.dueAt
    const found = known.get(runKey(work)) ?? NOTHING
    // A step that runs too long runs longer with every event.
    const isGrowing = found.findings.some(({ rule }) => rule === "T04")
    const hasGap = gapOf(loaded.isNew ? null : loaded.seq) || gapOf(seqOf(work))
    const steps =
      isAnotherPolicy || hasNewState(work) || isStep || isDue || isGrowing || hasGap || status === "succeeded"
    const isTool = work.spans.some(({ before, after }) => before?.kind === "tool" || after?.kind === "tool")
    return {
      work,
      pinned,
      asOf,
      known: found,
      lastAsOf: loaded.isNew ? Number.NEGATIVE_INFINITY : Math.max(loaded.lastEventAt, loaded.facts.tick ?? 0),
      wants: {
        steps: needed !== null && (needed.steps || needed.states) && steps,
        tools: needed?.toolCalls === true && (isAnotherPolicy || isTool),
        isAnotherPolicy,
      },
    }
  })
}

const keyOf = ({ projectId, pin, state }: RunWork): PolicyKey | null =>
  pin === null ? null : { projectId, pin, workflow: state.placement.workflow }

const gapOf = (seq: { first: number; last: number; count: number } | null): boolean =>
  seq !== null && seq.last - seq.first + 1 > seq.count

/** Numbers of all the run's events. */
function seqOf({ loaded, seq }: RunWork): { first: number; last: number; count: number } | null {
  const before = loaded === null || loaded.isNew ? null : loaded.seq
  if (before === null || seq === null) return before ?? seq
  return {
    first: Math.min(before.first, seq.first),
    last: Math.max(before.last, seq.last),
    count: before.count + seq.count,
  }
}

/** Decides one case. Its steps and verifications are those of the whole run where `wants` asked for them. */
export async function judge(
  tx: TransactionSql,
  each: Case,
  steps: readonly StepOfRun[],
  verifications: readonly PolicyVerification[],
): Promise<Judgement> {
  const { work, pinned, known, asOf } = each
  const { loaded, state } = work
  const snapshot: RunSnapshot = {
    run: work.runId,
    workflow: state.placement.workflow,
    agent: state.start?.agent ?? null,
    claim: state.status,
    startedAt: startOf(work),
    endedAt: state.end?.at ?? null,
    lastEventAt: loaded && !loaded.isNew ? Math.max(loaded.lastEventAt, work.latest) : work.latest,
    asOf,
    plan: state.start?.plan ?? [],
    checks: state.start?.checks ?? [],
    outputHash: state.end?.sha256 ?? null,
    refs: state.end?.refs ?? [],
    ...totalsOf(work),
    largestUnpriced: null,
    models: [],
    steps: steps.map(({ step, boundaries, attempt }) => ({ step, boundaries, attempt })),
    toolCalls: [],
    states: steps.flatMap(statesOf),
    verifications,
    hasSeqGap: gapOf(seqOf(work)),
    ...(work.isTight ? { isTight: true } : {}),
  }
  let findings: Finding[] = known.findings.filter(({ rule }) => KEPT_RULES.has(rule))
  if (pinned) {
    try {
      if (pinned.isUnreadable) throw new Error("its policy cannot be read")
      findings = await findingsOf(tx, each, pinned, snapshot)
    } catch (error) {
      // Events are stored whatever a rule makes of them. What could not be judged does not pass for good.
      logError("a run could not be judged by its policy", error)
      findings = [...known.findings.filter(({ subject }) => subject !== UNDECIDED), undecided(snapshot)]
    }
  }
  const outcome = outcomeOf(snapshot, findings, known.acts, pinned?.policy.heartbeat_s, known.told !== null)
  const next = nextDue(pinned?.policy ?? null, snapshot, findings, outcome, asOf)
  return {
    projectId: work.projectId,
    runId: work.runId,
    workflow: snapshot.workflow,
    claim: state.status,
    pinned,
    snapshot,
    known,
    findings,
    outcome,
    lastAsOf: each.lastAsOf,
    before: loaded && !loaded.isNew ? { status: loaded.status, hold: loaded.hold } : null,
    wasEnded: work.previous !== null && ENDED.has(work.previous.status),
    pin: work.pin === null ? null : pinToWrite(work, work.pin, next, asOf),
  }
}

/** The pin of a new run; of a known one only an instant that comes earlier, or one that is over. */
function pinToWrite({ loaded, isTight }: RunWork, id: string, next: number | null, asOf: number): Judgement["pin"] {
  const dueAt = loaded?.dueAt ?? null
  if (loaded?.pin !== null && loaded?.pin !== undefined) {
    if (next === dueAt) return null
    if (dueAt !== null && dueAt > asOf && (next === null || next > dueAt)) return null
  }
  return { id, dueAt: next, isTight }
}

async function findingsOf(
  tx: TransactionSql,
  each: Case,
  { policy }: Pinned,
  snapshot: RunSnapshot,
): Promise<Finding[]> {
  const { work, known, wants } = each
  const { loaded } = work
  const bounds = boundsOf(work)
  const kept = new Set<string>(KEPT_RULES)
  if (!wants.steps && snapshot.claim !== "succeeded") for (const rule of OF_STEPS) kept.add(rule)
  await readCalls(tx, each, policy.allowed_models, snapshot, bounds)
  const hadLoop = known.findings.some(({ rule }) => OF_TOOLS.has(rule))
  let isWhole = true
  if (wants.tools) {
    const read = await toolCallsOf(tx, work, bounds, policy.loop, wants.isAnotherPolicy || hadLoop)
    snapshot.toolCalls = read.calls
    isWhole = read.isWhole
  } else for (const rule of OF_TOOLS) kept.add(rule)
  let found = decide(policy, snapshot)
  if (!isWhole && found.some(({ rule }) => OF_TOOLS.has(rule))) {
    snapshot.toolCalls = (await toolCallsOf(tx, work, bounds, policy.loop, true)).calls
    found = decide(policy, snapshot)
  }
  const isStored = (finding: Finding) =>
    kept.has(finding.rule) && !(wants.isAnotherPolicy && !KEPT_RULES.has(finding.rule)) && loaded !== null
  return [...found.filter(({ rule }) => !kept.has(rule)), ...known.findings.filter(isStored)].sort(
    (a, b) => order(a.rule, b.rule) || order(a.subject, b.subject),
  )
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Of the stored spans; null = there are none. */
function boundsOf({ loaded }: RunWork): Bounds | null {
  if (!loaded || loaded.isNew || loaded.firstSpanAt === null || loaded.lastSpanAt === null) return null
  return { from: loaded.firstSpanAt, to: loaded.lastSpanAt }
}

function totalsOf({ loaded, spans }: RunWork): Pick<RunSnapshot, "cost" | "calls" | "unpricedCalls"> {
  const sums = zeroSums()
  for (const { before, after, isCall } of spans) {
    if (before) addContribution(sums, before, -1)
    if (after) addContribution(sums, contributionOf(after, isCall, 0), 1)
    else if (before) addContribution(sums, { ...before, isCall }, 1)
  }
  const known = loaded && !loaded.isNew ? loaded : { cost: 0n, calls: 0, unpricedCalls: 0 }
  return {
    cost: known.cost + sums.cost,
    calls: known.calls + sums.calls,
    unpricedCalls: known.unpricedCalls + sums.unpriced_calls,
  }
}

export type StepOfRun = Pick<StoredStep, "step" | "boundaries" | "attempt">

function statesOf({ step, boundaries }: StepOfRun): StateReport[] {
  return boundaries.flatMap(({ state, seq, at, id }) =>
    state === undefined ? [] : [{ step, hash: state, seq, at, id }],
  )
}
