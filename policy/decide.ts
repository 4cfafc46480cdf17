import type { PolicyDocument } from "@/lib/contracts/policies"
import { compareText } from "@/lib/order"
import type { Finding, RunSnapshot } from "./types"

/** A family of rules: what of it the policy finds in the run. */
export type Family = (policy: PolicyDocument, run: RunSnapshot) => Finding[]

const FAMILIES: readonly Family[] = []

/**
 * What the policy finds in a run: every crossed limit, each with what was seen, what was allowed and the events that show it. Pure and total: no clock,
 * no reading, no chance; the same facts in any order give the same findings, sorted by rule and subject.
 * T13 (calibration), T16 (silence of a workflow), T18 (budgets) and T20 (late evidence) are not to be seen in one run and are decided elsewhere.
 */
export function decide(policy: PolicyDocument, run: RunSnapshot): Finding[] {
  return FAMILIES.flatMap((family) => family(policy, run)).sort(
    (a, b) => compareText(a.rule, b.rule) || compareText(a.subject, b.subject),
  )
}
