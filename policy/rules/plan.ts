import { RULE_ACTIONS, type Rule, type RuleAction } from "@/lib/vocabulary"
import type { Attempt } from "../attempts"
import type { Finding, RunSnapshot } from "../types"
import { capped, type Facts, finding, type PlannedStep } from "./facts"

/** How long these rules wait for numbers that are missing in a run that goes on, and in one that has ended. */
const WAIT_MS = { running: 10_000, ended: 60_000 }

/**
 * T08 skipped step: success is claimed, and a required step has none. A failure that T10 tells of is not told again.
 * T09 order: a step began before the end of a required one that it comes after.
 * T10 went on after failure: a step began after one that it comes after, at any distance, had failed without success since; told of the first that did.
 *   It halts a run that goes on, and holds back the output of one that ended.
 * T17 cites what never ran: the output cites a known step without success.
 * With a gap in the run's numbers they wait, then decide with what there is and say so.
 */
export function planRules(facts: Facts): Finding[] {
  const { run, isOpen } = facts
  if (run.hasSeqGap && !hasWaited(run, isOpen)) return []
  const failures = wentOn(facts)
  const found = [
    ...failures.findings,
    ...outOfOrder(facts, failures.pairs),
    ...(run.claim === "succeeded" ? [...skipped(facts, failures), ...cited(facts)] : []),
  ]
  return run.hasSeqGap ? found.map((each) => ({ ...each, isEvidenceIncomplete: true })) : found
}

function hasWaited(run: RunSnapshot, isOpen: boolean): boolean {
  return isOpen
    ? run.asOf - run.lastEventAt >= WAIT_MS.running
    : run.asOf - (run.endedAt ?? run.lastEventAt) >= WAIT_MS.ended
}

const pair = (before: string, step: string) => JSON.stringify([before, step])
const bySuccess = ({ outcome }: Attempt) => outcome === "succeeded"
const firstEnd = (attempts: readonly Attempt[]) =>
  attempts.reduce<Attempt | null>(
    (first, attempt) =>
      attempt.end !== null && (first === null || attempt.end < (first.end as number)) ? attempt : first,
    null,
  )

type WentOn = { findings: Finding[]; pairs: Set<string>; failed: Set<string> }

/** For every failed step, the first that began after it and depends on it. */
function wentOn({ policy, isOpen, plan, attempts }: Facts): WentOn {
  let dependants: Map<string, string[]> | null = null
  const found = new Map<string, { failed: string[]; begun: Attempt; ids: string[] }>()
  const pairs = new Set<string>()
  for (const { id } of plan) {
    const own = attempts().get(id)
    if (!own?.some(({ outcome }) => outcome === "failed")) continue
    // Most runs have no failure, and then nobody asks.
    dependants ??= dependantsOf(plan)
    let first: { step: string; begun: Attempt; failure: Attempt } | null = null
    for (const step of dependants.get(id) ?? []) {
      for (const begun of attempts().get(step) ?? []) {
        const failure = lastFailure(own, begun.start)
        if (!failure) continue
        pairs.add(pair(id, step))
        if (first === null || begun.start < first.begun.start) first = { step, begun, failure }
      }
    }
    if (!first) continue
    const known = found.get(first.step) ?? { failed: [], begun: first.begun, ids: [] }
    if (first.begun.start < known.begun.start) known.begun = first.begun
    known.failed.push(id)
    known.ids.push(first.failure.ids.at(-1) as string)
    found.set(first.step, known)
  }
  const findings = [...found].flatMap(([step, { failed, begun, ids }]) =>
    finding(policy, "T10", isOpen ? "halt" : "quarantine", {
      subject: step,
      step,
      observed: failed.join(", "),
      limit: "success",
      unit: "step before it",
      text: `Step “${step}” started after ${failed.map((id) => `“${id}”`).join(", ")} had failed, without a later success.`,
      evidence: [...new Set([...ids, begun.ids[0] as string])],
    }),
  )
  const told = new Set([...found.values()].flatMap(({ failed }) => failed))
  return { findings: capped(findings), pairs, failed: told }
}

/** Every step that comes after a step, directly or not. */
function dependantsOf(plan: readonly PlannedStep[]): Map<string, string[]> {
  const direct = new Map<string, string[]>()
  for (const { id, after } of plan) for (const before of after) direct.set(before, [...(direct.get(before) ?? []), id])
  const all = new Map<string, string[]>()
  for (const { id } of plan) {
    const seen = new Set<string>()
    const queue = [...(direct.get(id) ?? [])]
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next)) continue
      seen.add(next)
      queue.push(...(direct.get(next) ?? []))
    }
    all.set(id, [...seen])
  }
  return all
}

/** The attempt that failed last before the position, unless a success lies in between. */
function lastFailure(attempts: readonly Attempt[], before: number): Attempt | null {
  let failure: Attempt | null = null
  let success = -1
  for (const attempt of attempts) {
    if (attempt.end === null || attempt.end >= before) continue
    if (attempt.outcome === "failed" && attempt.end > (failure?.end ?? -1)) failure = attempt
    if (attempt.outcome === "succeeded") success = Math.max(success, attempt.end)
  }
  return failure !== null && (failure.end as number) > success ? failure : null
}

function outOfOrder({ policy, plan, attempts }: Facts, told: ReadonlySet<string>): Finding[] {
  const required = new Set(plan.filter(({ isRequired }) => isRequired).map(({ id }) => id))
  const found = plan.flatMap(({ id, after }) => {
    const own = attempts().get(id)
    if (!own) return []
    const begun = own.reduce((first, attempt) => (attempt.start < first.start ? attempt : first), own[0] as Attempt)
    const early = after.flatMap((before) => {
      if (!required.has(before) || told.has(pair(before, id))) return []
      const all = attempts().get(before) ?? []
      const end = firstEnd(all.filter(bySuccess)) ?? firstEnd(all)
      return end !== null && begun.start < (end.end as number) ? [{ before, end }] : []
    })
    if (early.length === 0) return []
    return finding(policy, "T09", "quarantine", {
      subject: id,
      step: id,
      observed: id,
      limit: early.map(({ before }) => before).join(", "),
      unit: "order",
      text: `Step “${id}” started before ${early.map(({ before }) => `“${before}”`).join(", ")} had ended.`,
      evidence: [begun.ids[0] as string, ...early.map(({ end }) => end.ids.at(-1) as string)],
    })
  })
  return capped(found)
}

function skipped({ policy, plan, attempts }: Facts, failures: WentOn): Finding[] {
  const found = plan.flatMap(({ id, isRequired }) => {
    const own = attempts().get(id) ?? []
    if (!isRequired || own.some(bySuccess)) return []
    if (failures.failed.has(id) && weight(policy.on_breach?.T10) >= weight(policy.on_breach?.T08)) return []
    const last = own.at(-1)
    return finding(policy, "T08", "quarantine", {
      subject: id,
      step: id,
      observed: last?.outcome ?? (last ? "unfinished" : "never ran"),
      limit: "succeeded",
      unit: "outcome",
      text: `Success is claimed, but the required step “${id}” ${last ? WORDS[last.outcome ?? "open"] : "never ran"}.`,
      evidence: last?.ids ?? [],
    })
  })
  return capped(found)
}

/** Both quarantine unless the policy says something else. */
const weight = (action: string | undefined) => RULE_ACTIONS.indexOf((action ?? "quarantine") as RuleAction)

const WORDS: Record<NonNullable<Attempt["outcome"]> | "open", string> = {
  succeeded: "succeeded",
  failed: "failed",
  skipped: "was skipped",
  cancelled: "was cancelled",
  open: "never ended",
}

function cited({ policy, run, plan, attempts }: Facts): Finding[] {
  const known = new Set([...run.plan, ...plan.map(({ id }) => id), ...attempts().keys()])
  const rule: Rule = "T17"
  const found = [...new Set(run.refs)]
    .filter((ref) => known.has(ref) && !attempts().get(ref)?.some(bySuccess))
    .flatMap((ref) =>
      finding(policy, rule, "quarantine", {
        subject: ref,
        step: ref,
        observed: attempts().has(ref) ? "cited without success" : "cited, never ran",
        limit: "succeeded",
        unit: "outcome",
        text: `The output cites step “${ref}”, which ${attempts().has(ref) ? "did not succeed" : "never ran"}.`,
        evidence: attempts().get(ref)?.at(-1)?.ids ?? [],
      }),
    )
  return capped(found)
}
