import type { PolicyDocument } from "@/lib/contracts/policies"
import type { RunStatus } from "@/lib/vocabulary"

/** What holds where a document is silent. */
export const DEFAULTS = {
  warnRatio: 0.8,
  proofGraceS: 900,
  heartbeatS: 60,
  sameCallK: 3,
  window: 20,
  sameCallInWindowM: 5,
  noProgressN: 8,
  scheduleGraceS: 60,
} as const

/**
 * The policy that holds for a workflow: its own document over the project's, key by key; in `on_breach` rule by rule. Null where neither has one:
 * then nothing is decided.
 */
export function mergePolicies(project: PolicyDocument | null, workflow: PolicyDocument | null): PolicyDocument | null {
  if (project === null || workflow === null) return workflow ?? project
  const merged = { ...project, ...workflow }
  if (project.on_breach && workflow.on_breach) merged.on_breach = { ...project.on_breach, ...workflow.on_breach }
  return merged
}

/** The same policy as it holds on a tightened line: its alarm on cost comes at half of the limit. */
export function tightened(policy: PolicyDocument): PolicyDocument {
  return { ...policy, warn_ratio: Math.min(policy.warn_ratio ?? DEFAULTS.warnRatio, 0.5) }
}

/** What the rules of this policy read of this run beyond its own row: the rest of a snapshot may be left empty. */
export function factsNeeded(
  policy: PolicyDocument,
  run: { claim: RunStatus; plan: readonly string[]; checks: readonly string[]; refs: readonly string[] },
): { steps: boolean; toolCalls: boolean; states: boolean; verifications: boolean; models: boolean } {
  const isClaimed = run.claim === "succeeded"
  const off = (rule: "T06" | "T07") => policy.on_breach?.[rule] === "off"
  return {
    steps:
      policy.steps !== undefined ||
      run.plan.length > 0 ||
      (isClaimed && run.refs.length > 0) ||
      policy.max_steps !== undefined ||
      policy.max_step_duration_s !== undefined ||
      policy.max_retries_per_step !== undefined,
    toolCalls: policy.loop !== undefined && !off("T06"),
    states: policy.loop !== undefined && !off("T07"),
    verifications: isClaimed && (run.checks.length > 0 || (policy.required_verifications ?? []).length > 0),
    models: policy.allowed_models !== undefined,
  }
}
