import type { BacktestResult, BacktestStop, PolicyDocument } from "@/lib/contracts/policies"
import { formatMoney, type Money } from "@/lib/money"
import { toIso } from "@/lib/time"
import type { Hold, Proof, Rule, RunStatus } from "@/lib/vocabulary"
import { decide } from "./decide"
import { outcomeOf } from "./outcome"
import type { Finding, RunSnapshot } from "./types"

/** One model call of a run; `cost` null = unpriced. Until it ends its cost is not known. */
export type PastCall = { startedAt: number; endedAt: number; cost: Money | null; model: string | null }
/** A stored run with what became of it. */
export type PastRun = { snapshot: RunSnapshot; status: RunStatus; proof: Proof; hold: Hold | null }

/** Stops kept, those that save most. */
const KEPT_STOPS = 200

/** What a draft would have done to the runs that were looked at so far. */
export class BacktestTally {
  private readonly counts = { runs: 0, halts: 0, unchecked: 0, unpriced_calls: 0, quarantines: 0, alarms: 0 }
  private readonly ends = { failed_anyway: 0, false_stop: 0, open: 0 }
  private readonly byRule = new Map<Rule, number>()
  private notSpent: Money = 0n
  private stops: (BacktestStop & { saved: Money })[] = []

  /** Whether its end already tells that it may have been stopped on the way: then its calls are needed. */
  static mayHaltOnTheWay(findings: readonly Finding[]): boolean {
    return findings.some(({ rule, action }) => action === "halt" || rule === "T10")
  }

  add(policy: PolicyDocument, run: PastRun, findings: readonly Finding[], calls: readonly PastCall[]): void {
    this.counts.runs++
    for (const rule of new Set(findings.map((each) => each.rule)))
      this.byRule.set(rule, (this.byRule.get(rule) ?? 0) + 1)
    const stop = BacktestTally.mayHaltOnTheWay(findings) ? findStop(policy, run.snapshot, calls) : null
    if (stop) this.addStop(run, stop, calls)
    else if (outcomeOf(run.snapshot, findings).hold === "quarantined") this.counts.quarantines++
    else if (findings.length > 0) this.counts.alarms++
  }

  private addStop(run: PastRun, { at, finding }: Stop, calls: readonly PastCall[]): void {
    const after = calls.filter(({ startedAt }) => startedAt > at)
    const saved = sum(after)
    const unpriced = after.filter(({ cost }) => cost === null).length
    const ended = endOf(run)
    this.counts.halts++
    this.counts.unpriced_calls += unpriced
    this.ends[ended]++
    if (ended === "false_stop" && run.proof === "unchecked") this.counts.unchecked++
    this.notSpent += saved
    this.stops.push({
      saved,
      run: run.snapshot.run,
      workflow: run.snapshot.workflow,
      ended,
      unpriced_calls: unpriced,
      rule: finding.rule,
      step: finding.step,
      text: finding.text,
      started_at: toIso(run.snapshot.startedAt),
      at: toIso(at),
      cost: formatMoney(run.snapshot.cost),
      not_spent: formatMoney(saved),
    })
    if (this.stops.length > 10 * KEPT_STOPS) this.stops = this.best()
  }

  private best() {
    const order = (a: BacktestStop & { saved: Money }, b: BacktestStop & { saved: Money }) =>
      a.saved === b.saved ? (a.run < b.run ? -1 : 1) : a.saved > b.saved ? -1 : 1
    return this.stops.sort(order).slice(0, KEPT_STOPS)
  }

  result(): BacktestResult {
    const { failed_anyway, false_stop: false_stops, open } = this.ends
    const by_rule = [...this.byRule].sort(([a], [b]) => (a < b ? -1 : 1)).map(([rule, runs]) => ({ rule, runs }))
    const stops = this.best().map(({ saved: _, ...stop }) => stop)
    return { ...this.counts, failed_anyway, false_stops, open, not_spent: formatMoney(this.notSpent), by_rule, stops }
  }
}

const sum = (calls: readonly PastCall[]): Money => calls.reduce((total, { cost }) => total + (cost ?? 0n), 0n)

/** Stopped anyway, or without proof of what it claimed: nothing was lost with it. */
function endOf({ snapshot, status, proof, hold }: PastRun): BacktestStop["ended"] {
  if (hold === "released") return "false_stop"
  if (status === "halted" || status === "halting" || hold !== null) return "failed_anyway"
  if (snapshot.claim === "failed" || snapshot.claim === "cancelled") return "failed_anyway"
  if (snapshot.claim !== "succeeded") return "open"
  return proof === "unproven" || proof === "failed" ? "failed_anyway" : "false_stop"
}

type Stop = { at: number; finding: Finding }

/**
 * The first instant before its end at which the policy would have halted the run; null when that is never. What halts stays so with every later event,
 * so the instant is found by halving.
 */
export function findStop(policy: PolicyDocument, run: RunSnapshot, calls: readonly PastCall[]): Stop | null {
  const live = liveRules(policy)
  const instants = instantsOf(policy, run, calls)
  const haltAt = (index: number) => {
    const found = decide(live, until(run, calls, instants[index] as number))
    return found.find(({ action }) => action === "halt") ?? null
  }
  let [from, to] = [0, instants.length - 1]
  let finding = to < 0 ? null : haltAt(to)
  if (!finding) return null
  while (from < to) {
    const middle = (from + to) >> 1
    const found = haltAt(middle)
    if (found) {
      finding = found
      to = middle
    } else from = middle + 1
  }
  return { at: instants[to] as number, finding }
}

/** Silence is not to be seen between two events of the past, and there is no gap in what is all there. */
function liveRules(policy: PolicyDocument): PolicyDocument {
  const { heartbeat_s: _, ...rest } = policy
  return rest
}

/** When something happened or a limit of time was over, before the end. */
function instantsOf(policy: PolicyDocument, run: RunSnapshot, calls: readonly PastCall[]): number[] {
  const steps = run.steps.flatMap(({ boundaries }) => boundaries)
  const seconds = policy.max_step_duration_s
  const all = [
    run.startedAt,
    ...steps.map(({ at }) => at),
    ...calls.map(({ endedAt }) => endedAt),
    ...run.toolCalls.map(({ at }) => at),
    ...(policy.max_duration_s === undefined ? [] : [run.startedAt + policy.max_duration_s * 1000 + 1]),
    ...(seconds === undefined
      ? []
      : steps.filter(({ kind }) => kind === "start").map(({ at }) => at + seconds * 1000 + 1)),
  ]
  const end = run.endedAt ?? run.asOf + 1
  return [...new Set(all.filter((at) => at < end))].sort((a, b) => a - b)
}

/** The run as it was known at an instant. */
function until(run: RunSnapshot, calls: readonly PastCall[], at: number): RunSnapshot {
  const known = calls.filter(({ endedAt }) => endedAt <= at)
  return {
    ...run,
    claim: "running",
    endedAt: null,
    lastEventAt: at,
    asOf: at,
    refs: [],
    verifications: [],
    hasSeqGap: false,
    cost: sum(known),
    calls: known.length,
    unpricedCalls: known.filter(({ cost }) => cost === null).length,
    largestUnpriced: null,
    models: [...new Set(known.flatMap(({ model }) => (model === null ? [] : [model])))],
    steps: run.steps.flatMap((step) => {
      const boundaries = step.boundaries.filter((boundary) => boundary.at <= at)
      return boundaries.length === 0 ? [] : [{ ...step, boundaries }]
    }),
    toolCalls: run.toolCalls.filter((call) => call.at <= at),
    states: run.states.filter((state) => state.at <= at),
  }
}
