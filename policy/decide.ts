import type { PolicyDocument } from "@/lib/contracts/policies"
import { compareText } from "@/lib/order"
import { tightened } from "./document"
import { callRules } from "./rules/calls"
import { checkRules } from "./rules/checks"
import { type Facts, factsOf } from "./rules/facts"
import { limitRules } from "./rules/limits"
import { loopRules } from "./rules/loops"
import { planRules } from "./rules/plan"
import { stepRules } from "./rules/steps"
import type { Finding, RunSnapshot } from "./types"

const FAMILIES: readonly ((facts: Facts) => Finding[])[] = [
  limitRules,
  stepRules,
  loopRules,
  planRules,
  checkRules,
  callRules,
]

/**
 * What the policy finds in a run: every crossed limit, each with what was seen, what was allowed and the events that show it. Pure and total: no clock,
 * no reading, no chance; the same facts in any order give the same findings, sorted by rule and subject.
 * T13 (calibration), T16 (silence of a workflow), T18 (budgets) and T20 (late evidence) are not to be seen in one run and are decided elsewhere.
 */
export function decide(policy: PolicyDocument, run: RunSnapshot): Finding[] {
  const facts = factsOf(run.isTight ? tightened(policy) : policy, run)
  return FAMILIES.flatMap((family) => family(facts)).sort(
    (a, b) => compareText(a.rule, b.rule) || compareText(a.subject, b.subject),
  )
}
