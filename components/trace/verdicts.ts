import type { Trace } from "@/components/trace/tree"
import type { VerificationRow } from "@/lib/contracts/read"
import type { Verdict } from "@/lib/vocabulary"

type StepVerdict = { check: string; outcome: Verdict }

/**
 * The latest result of each check of a step, at the step's last attempt: what was checked is what it left behind.
 * @param verifications latest first, as the run has them.
 */
export function verdictsByStep(
  { lastAttempts }: Pick<Trace, "lastAttempts">,
  verifications: readonly Pick<VerificationRow, "step" | "check" | "outcome">[],
): ReadonlyMap<string, readonly StepVerdict[]> {
  const byStep = new Map<string, StepVerdict[]>()
  for (const { step, check, outcome } of verifications) {
    if (step === null) continue
    const known = byStep.get(step)
    if (!known) byStep.set(step, [{ check, outcome }])
    else if (!known.some((one) => one.check === check)) known.push({ check, outcome })
  }
  const bySpan = new Map<string, StepVerdict[]>()
  for (const [step, verdicts] of byStep) {
    const id = lastAttempts.get(step)
    if (id !== undefined) bySpan.set(id, verdicts)
  }
  return bySpan
}
