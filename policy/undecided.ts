import type { Finding, RunSnapshot } from "./types"

/** What the one finding of a run is about that could not be judged. */
export const UNDECIDED = "undecided"

/** Missing data, or a rule that broke, never means that all is well. */
export function undecided({ claim }: RunSnapshot): Finding {
  return {
    rule: "T11",
    subject: UNDECIDED,
    action: claim === "succeeded" ? "quarantine" : "alarm",
    observed: UNDECIDED,
    limit: "decided",
    unit: "policy",
    step: null,
    evidence: [],
    effectiveAt: null,
    text: "The policy of this run could not be evaluated: nobody knows whether it is within its limits.",
    isEvidenceIncomplete: true,
  }
}
