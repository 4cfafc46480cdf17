import type { PolicyDocument } from "@/lib/contracts/policies"
import type { Rule, RuleAction } from "@/lib/vocabulary"
import { type Attempt, attemptsByStep } from "../attempts"
import type { Finding, RunSnapshot } from "../types"

/** A step as the policy declares it, or as the run's own plan does: each after the one before. */
export type PlannedStep = { id: string; isRequired: boolean; after: readonly string[]; maxAttempts: number | null }

/** What the families of rules share, worked out once a run and only when asked for. */
export type Facts = {
  policy: PolicyDocument
  run: RunSnapshot
  isOpen: boolean
  attempts: () => Map<string, Attempt[]>
  plan: readonly PlannedStep[]
}

const ENDED = new Set(["halted", "succeeded", "failed", "cancelled"])
/** No more findings of one rule in one run, nor more evidence of one finding: the first say it all. */
export const MOST = 20

export function factsOf(policy: PolicyDocument, run: RunSnapshot): Facts {
  let attempts: Map<string, Attempt[]> | null = null
  return {
    policy,
    run,
    isOpen: !ENDED.has(run.claim),
    attempts: () => {
      attempts ??= attemptsByStep(run.steps)
      return attempts
    },
    plan: planOf(policy, run),
  }
}

function planOf({ steps }: PolicyDocument, run: RunSnapshot): PlannedStep[] {
  if (steps)
    return steps.map(({ id, required, after, max_attempts }) => ({
      id,
      isRequired: required ?? true,
      after: after ?? [],
      maxAttempts: max_attempts ?? null,
    }))
  return [...new Set(run.plan)].map((id, index, all) => ({
    id,
    isRequired: true,
    after: index === 0 ? [] : [all[index - 1] as string],
    maxAttempts: null,
  }))
}

type Told = Pick<Finding, "observed" | "limit" | "unit" | "text"> & Partial<Finding>

/** A finding with the action that the policy chose for its rule; none when it chose to look away. */
export function finding(policy: PolicyDocument, rule: Rule, byDefault: RuleAction, told: Told): Finding[] {
  const chosen = (policy.on_breach as Partial<Record<Rule, RuleAction | "off">> | undefined)?.[rule] ?? byDefault
  if (chosen === "off") return []
  return [
    {
      subject: "",
      step: null,
      isEvidenceIncomplete: false,
      effectiveAt: null,
      ...told,
      rule,
      action: told.action ?? chosen,
      evidence: (told.evidence ?? []).slice(0, MOST),
    },
  ]
}

/** The first of them by subject, so that which are kept depends on the set alone. */
export function capped(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => (a.subject < b.subject ? -1 : 1)).slice(0, MOST)
}

/** Milliseconds as seconds, exact. */
export const secondsText = (ms: number): string => String(ms / 1000)

/** A number with its noun. */
export const times = (n: number, one: string, more = `${one}s`): string => `${n} ${n === 1 ? one : more}`
