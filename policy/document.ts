import type { PolicyDocument } from "@/lib/contracts/policies"

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
  maxAttempts: Number.POSITIVE_INFINITY,
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
