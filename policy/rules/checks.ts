import { inOrder } from "@/lib/order"
import { DEFAULTS } from "../document"
import { checkReason } from "../proof"
import type { Finding, PolicyVerification, RunSnapshot } from "../types"
import { capped, type Facts, finding, secondsText } from "./facts"

/** A check that must have passed: of the policy, of the run's own declaration, or of both. `on` null = the final output. */
type Required = { name: string; on: string | null; verifier?: string; minScore?: number; maxAgeS?: number }

/**
 * T11 claimed done without proof: a required check has no pass that counts. It is a finding at once and holds the run when `proof_grace_s` is over.
 * T12 verification failed: a required check failed on the final output; a later pass on the same output does not take that back.
 * Without a required check there is nothing to prove, and neither says anything.
 */
export function checkRules(facts: Facts): Finding[] {
  if (facts.run.claim !== "succeeded") return []
  return capped(requiredOf(facts).flatMap((required) => judge(facts, required)))
}

function requiredOf({ policy, run }: Pick<Facts, "policy" | "run">): Required[] {
  const own = (policy.required_verifications ?? []).map(({ name, on, verifier, min_score, max_age_s }) => ({
    name,
    on: on === undefined || on === "final_output" ? null : on,
    ...(verifier === undefined ? {} : { verifier }),
    ...(min_score === undefined ? {} : { minScore: min_score }),
    ...(max_age_s === undefined ? {} : { maxAgeS: max_age_s }),
  }))
  const named = new Set(own.filter(({ on }) => on === null).map(({ name }) => name))
  return [...own, ...[...new Set(run.checks)].filter((name) => !named.has(name)).map((name) => ({ name, on: null }))]
}

function judge({ policy, run }: Facts, required: Required): Finding[] {
  const results = inOrder(
    run.verifications.filter(
      ({ check, step }) => check === required.name && (required.on === null || step === required.on),
    ),
  )
  // Of a step there is no final output: what was looked at last is what it left.
  const artifact = required.on === null ? run.outputHash : (results.at(-1)?.artifact ?? null)
  const told = {
    subject: required.on === null ? required.name : `${required.name} on ${required.on}`,
    step: required.on,
    limit: required.minScore === undefined ? "passed" : `passed with ${required.minScore}`,
    unit: "check",
    evidence: results.slice(-20).map(({ id }) => id),
  }
  const reason = checkReason(required.name, results, artifact, run.agent)
  if (reason?.code === "check_failed")
    return finding(policy, "T12", "quarantine", { ...told, observed: "failed", text: reason.text })
  const lack = reason?.text ?? lackOf(required, results, artifact, run)
  if (lack === null) return []
  return finding(policy, "T11", "quarantine", {
    ...told,
    observed: results.length === 0 ? "no result" : "no pass that counts",
    text: lack,
    effectiveAt: (run.endedAt ?? run.lastEventAt) + (policy.proof_grace_s ?? DEFAULTS.proofGraceS) * 1000,
  })
}

/** Of a check that passed as proof asks for: what the policy asks for beside that, and no pass has. */
function lackOf(
  { name, verifier, minScore, maxAgeS }: Required,
  results: readonly PolicyVerification[],
  artifact: string | null,
  { agent, endedAt, lastEventAt }: RunSnapshot,
): string | null {
  const ageOf = ({ at }: PolicyVerification) => (endedAt ?? lastEventAt) - at
  const passes = results.filter((result) => checkReason(name, [result], artifact, agent) === null)
  const lacks = passes.map((pass) => {
    if (verifier !== undefined && pass.verifierName !== verifier)
      return `Check “${name}” was passed by “${pass.verifierName}”, not by “${verifier}”.`
    if (minScore !== undefined && (pass.score === null || pass.score === undefined || pass.score < minScore))
      return `Check “${name}” passed with ${pass.score ?? "no score"}, below ${minScore}.`
    if (maxAgeS !== undefined && ageOf(pass) > maxAgeS * 1000)
      return `Check “${name}” passed ${secondsText(ageOf(pass))} s before the end, longer than ${maxAgeS} s.`
    return null
  })
  return lacks.includes(null) ? null : (lacks.at(-1) ?? null)
}
