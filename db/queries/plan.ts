import type { PlanStep, ProofReason } from "@/lib/contracts/read"

/** One attempt at a step, as its span has it; null = not known (yet). */
export type StepAttempt = {
  step: string
  span: string
  started_at: string
  ended_at: string | null
  outcome: string | null
}

/**
 * The plan against what ran: declared steps in their order, then those that ran undeclared, in order of their start.
 * What the proof says of a step wins; a run that claims nothing (running, halted, failed) is read from its steps.
 * @param costs per step name, `null` = calls without a price.
 */
export function planStrip(
  plan: readonly string[],
  attempts: readonly StepAttempt[],
  reasons: readonly ProofReason[],
  costs: ReadonlyMap<string, string | null>,
  hasEnded: boolean,
): PlanStep[] {
  const byStep = new Map<string, StepAttempt[]>()
  for (const attempt of attempts) byStep.set(attempt.step, [...(byStep.get(attempt.step) ?? []), attempt])
  const names = [...new Set([...plan, ...byStep.keys(), ...costs.keys()])]
  const declared = new Set(plan)
  let failedAt: string | null = null
  return names.map((step) => {
    const own = byStep.get(step) ?? []
    const isDeclared = declared.has(step)
    let state = stateOf(own, hasEnded)
    const codes = new Set(reasons.filter((reason) => reason.step === step).map((reason) => reason.code))
    const began = own[0]?.started_at
    if (codes.has("step_out_of_order")) state = "out_of_order"
    const wentOn = isDeclared && failedAt !== null && began !== undefined && began >= failedAt
    if (codes.has("ran_after_failure") || wentOn) state = "ran_after_failure"
    if (isDeclared && state === "failed") failedAt ??= own.at(-1)?.ended_at ?? null
    return {
      step,
      is_declared: isDeclared,
      state,
      attempts: own.length,
      cost: costs.has(step) ? (costs.get(step) ?? null) : "0",
      span: own.at(-1)?.span ?? null,
      took_ms: tookOf(own),
    }
  })
}

/** A clock that ran backwards took no time. */
function tookOf(attempts: readonly StepAttempt[]): number | null {
  if (attempts.length === 0) return null
  let sum = 0
  for (const { started_at, ended_at } of attempts) {
    if (ended_at === null) return null
    sum += Math.max(0, Date.parse(ended_at) - Date.parse(started_at))
  }
  return sum
}

function stateOf(attempts: readonly StepAttempt[], hasEnded: boolean): PlanStep["state"] {
  const last = attempts.at(-1)
  if (!last) return hasEnded ? "never_ran" : "not_started"
  if (attempts.some((attempt) => attempt.outcome === "succeeded")) return "succeeded"
  switch (last.outcome) {
    case "failed":
      return "failed"
    case "skipped":
      return "skipped"
    case "cancelled":
      return "cancelled"
    default:
      return hasEnded ? "unfinished" : "running"
  }
}
