import { inOrder } from "@/lib/order"
import type { Proof, RunStatus, Verdict } from "@/lib/vocabulary"
import { type Attempt, attemptsByStep, type StepFacts } from "./attempts"

/** What is missing, in words a person can act on; `code` is for filters and rules. */
export type Reason = { code: string; step?: string; check?: string; text: string }

export type VerificationFacts = {
  check: string
  outcome: Verdict
  artifact: string | null
  verifierName: string | null
  verifierHash: string | null
  seq: number | null
  at: number
  id: string
}
export type ProofFacts = {
  status: RunStatus
  agent: string | null
  plan: readonly string[]
  checks: readonly string[]
  outputHash: string | null
  refs: readonly string[]
  error: string | null
  /** One entry a span of kind `step`; a step may have several (its attempts). */
  steps: readonly StepFacts[]
  verifications: readonly VerificationFacts[]
}

/**
 * Whether "done" was proven: only from what was recorded, never from what the run says of itself. Pure; the same set of facts gives the same
 * answer in any order. Halted and cancelled runs claim nothing, so there is nothing to prove: `pending`.
 */
export function deriveProof(facts: ProofFacts): { proof: Proof; reasons: Reason[] } {
  switch (facts.status) {
    case "failed":
      return {
        proof: "failed",
        reasons: [
          {
            code: "run_failed",
            text: facts.error ? `The run failed: ${facts.error}` : "The run reported that it failed.",
          },
        ],
      }
    case "succeeded":
      break
    default:
      return { proof: "pending", reasons: [] }
  }
  const reasons = [...planReasons(facts), ...refReasons(facts)]
  const checks = checkReasons(facts)
  reasons.push(...checks)
  if (checks.some((reason) => reason.code === "check_failed")) return { proof: "failed", reasons }
  if (reasons.length > 0) return { proof: "unproven", reasons }
  return { proof: facts.checks.length === 0 ? "unchecked" : "verified", reasons }
}

function planReasons({ plan, steps }: ProofFacts): Reason[] {
  const attempts = attemptsByStep(steps)
  const of = (step: string) => attempts.get(step) ?? []
  const reasons: Reason[] = []
  let previousEnd = -1
  let previousStep = ""
  plan.forEach((step, index) => {
    const own = of(step)
    const successes = own.filter((attempt) => attempt.outcome === "succeeded")
    const inPlace = successes.filter((attempt) => attempt.start > previousEnd)
    const clean = inPlace.filter(
      (attempt) => previousStep === step || lastOutcome(of(previousStep), attempt.start) !== "failed",
    )
    if (clean.length > 0) {
      previousEnd = Math.min(...clean.map((attempt) => attempt.end as number))
      previousStep = step
      return
    }
    if (successes.length > 0) {
      const started = (inPlace[0] ?? (successes[0] as Attempt)).start
      // The step before it had failed when it began, whether or not it succeeded at another time.
      const hadFailed = of(previousStep).some(
        (attempt) => attempt.outcome === "failed" && (attempt.end as number) < started,
      )
      reasons.push(
        hadFailed
          ? { code: "ran_after_failure", step, text: `Step “${step}” went on after “${previousStep}” had failed.` }
          : { code: "step_out_of_order", step, text: `Step “${step}” ran before “${previousStep}” had succeeded.` },
      )
      return
    }
    reasons.push(withoutSuccess(step, own))
    const failure = own.findLast((attempt) => attempt.outcome === "failed")
    if (!failure) return
    const wentOn = plan
      .slice(index + 1)
      .find((later) => of(later).some((attempt) => attempt.start > (failure.end as number)))
    if (wentOn)
      reasons.push({
        code: "ran_after_failure",
        step: wentOn,
        text: `Step “${wentOn}” started after “${step}” had failed.`,
      })
  })
  return reasons
}

/** How the attempt that ended last before the position went. */
function lastOutcome(attempts: readonly Attempt[], before: number): Attempt["outcome"] {
  let last: Attempt | null = null
  for (const attempt of attempts)
    if (attempt.end !== null && attempt.end < before && attempt.end > (last?.end ?? -1)) last = attempt
  return last?.outcome ?? null
}

function withoutSuccess(step: string, attempts: readonly Attempt[]): Reason {
  const last = attempts.at(-1)
  if (!last) return { code: "step_missing", step, text: `Step “${step}” never ran.` }
  if (last.end === null) return { code: "step_unfinished", step, text: `Step “${step}” started and never ended.` }
  switch (last.outcome) {
    case "failed":
      return { code: "step_failed", step, text: `Step “${step}” failed and was not repeated with success.` }
    case "cancelled":
      return { code: "step_cancelled", step, text: `Step “${step}” was cancelled.` }
    default:
      return { code: "step_skipped", step, text: `Step “${step}” was skipped.` }
  }
}

/** The output cites a declared step that never succeeded: the summary of work that did not happen. */
function refReasons({ plan, refs, steps }: ProofFacts): Reason[] {
  const attempts = attemptsByStep(steps)
  const known = new Set([...plan, ...attempts.keys()])
  const cited = [...new Set(refs)].filter(
    (ref) => known.has(ref) && !attempts.get(ref)?.some((attempt) => attempt.outcome === "succeeded"),
  )
  return cited.map((step) => ({
    code: "cites_unrun_step",
    step,
    text: `The output cites step “${step}”, which did not succeed.`,
  }))
}

function checkReasons({ checks, verifications, outputHash, agent }: ProofFacts): Reason[] {
  if (checks.length === 0) return []
  const reasons: Reason[] = []
  if (outputHash === null) {
    reasons.push({
      code: "no_output_hash",
      text: "The run named no hash of its final output, so no check can be tied to it.",
    })
  }
  for (const check of new Set(checks)) {
    const reason = checkReason(
      check,
      inOrder(verifications.filter((verification) => verification.check === check)),
      outputHash,
      agent,
    )
    if (reason) reasons.push(reason)
  }
  return reasons
}

/** Why a check is no proof; null = it is. `check_failed` alone is a failure, the rest is missing. @param results in order. */
export function checkReason(
  check: string,
  results: readonly VerificationFacts[],
  outputHash: string | null,
  agent: string | null,
): Reason | null {
  const onFinal = outputHash === null ? [] : results.filter((result) => result.artifact === outputHash)
  // A later pass on the same output does not take a failure back; a pass on a new output does.
  if (onFinal.some((result) => result.outcome === "failed")) {
    return { code: "check_failed", check, text: `Check “${check}” failed on the final output ${short(outputHash)}.` }
  }
  const passes = onFinal.filter((result) => result.outcome === "passed")
  if (passes.some((pass) => pass.verifierName !== null && pass.verifierHash !== null && pass.verifierName !== agent))
    return null
  if (passes.some((pass) => pass.verifierName !== null && pass.verifierName === agent)) {
    return { code: "check_by_agent", check, text: `Check “${check}” was passed by the run's own agent “${agent}”.` }
  }
  if (passes.length > 0) {
    return {
      code: "check_unattributed",
      check,
      text: `Check “${check}” passed, but without the verifier's name and hash.`,
    }
  }
  if (onFinal.some((result) => result.outcome === "error")) {
    return { code: "check_broke", check, text: `Check “${check}” itself broke on the final output.` }
  }
  if (onFinal.some((result) => result.outcome === "skipped")) {
    return { code: "check_skipped", check, text: `Check “${check}” was skipped on the final output.` }
  }
  const last = results.at(-1)
  if (!last) return { code: "check_missing", check, text: `Check “${check}” is required and has no result.` }
  if (outputHash === null)
    return {
      code: "check_untied",
      check,
      text: `Check “${check}” ${WORDS[last.outcome]}, but it cannot be tied to the final output.`,
    }
  return {
    code: "check_stale",
    check,
    text: `Check “${check}” ${WORDS[last.outcome]} on ${last.artifact === null ? "an unnamed output" : `another output ${short(last.artifact)}`}, not on the final output ${short(outputHash)}.`,
  }
}

const WORDS: Record<Verdict, string> = { passed: "passed", failed: "failed", error: "broke", skipped: "was skipped" }

const short = (hash: string | null): string => (hash === null ? "" : `${hash.slice(0, 15)}…`)
