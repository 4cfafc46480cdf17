import type { Finding, Outcome, RunAct, RunSnapshot } from "./types"

export const DEFAULT_HEARTBEAT_S = 60

/**
 * The status and the hold of a run: a function of what it claims, of what was found, and of what people did. Never of when we knew.
 *
 * Status. A halt (a finding's or a person's) makes a run that has not ended `halting`; it is `halted` when nothing was heard of it for more than two
 * heartbeats, or when its own events say so. A run without an event for more than a heartbeat is `stalled` (T15). What ended keeps its claim.
 *
 * Hold. A run that claims success in spite of a halt, or with a finding that quarantines, is `quarantined`. A person's release or rejection wins over
 * every finding that was known to him; another finding takes a release back (T20), a rejection stays. A halt is never undone.
 */
export function outcomeOf(
  run: Pick<RunSnapshot, "claim" | "lastEventAt" | "asOf">,
  findings: readonly Finding[],
  acts: readonly RunAct[] = [],
  heartbeatS: number = DEFAULT_HEARTBEAT_S,
): Outcome {
  return { status: statusOf(run, findings, acts, heartbeatS), hold: holdOf(run, findings, acts) }
}

const OPEN = new Set(["pending", "running", "waiting", "stalled", "halting"])

function statusOf(
  { claim, lastEventAt, asOf }: Pick<RunSnapshot, "claim" | "lastEventAt" | "asOf">,
  findings: readonly Finding[],
  acts: readonly RunAct[],
  heartbeatS: number,
): Outcome["status"] {
  if (!OPEN.has(claim)) return claim
  const isHalted =
    effective(findings, asOf).some(({ action }) => action === "halt") || acts.some(({ act }) => act === "halt")
  if (isHalted) return asOf - lastEventAt > 2 * heartbeatS * 1000 ? "halted" : "halting"
  return findings.some(({ rule }) => rule === "T15") ? "stalled" : claim
}

function holdOf(
  { claim, asOf }: Pick<RunSnapshot, "claim" | "asOf">,
  findings: readonly Finding[],
  acts: readonly RunAct[],
): Outcome["hold"] {
  const last = acts.findLast(({ act }) => act !== "halt")
  if (last?.act === "supersede") return "superseded"
  if (last?.act === "reject") return "rejected"
  // Only what claims success has an output to hold back on its own account; a person may hold back any.
  const isHeld =
    claim === "succeeded" &&
    (acts.some(({ act }) => act === "halt") ||
      effective(findings, asOf).some(({ action }) => action === "quarantine" || action === "halt"))
  if (last?.act !== "release") return isHeld || last?.act === "quarantine" ? "quarantined" : null
  const known = new Set(last.findings)
  const isNew = effective(findings, asOf).some(
    (finding) =>
      (finding.action === "quarantine" || finding.action === "halt") &&
      !known.has(`${finding.rule} ${finding.subject}`),
  )
  return claim === "succeeded" && isNew ? "quarantined" : "released"
}

/** Findings that no longer wait. */
export function effective(findings: readonly Finding[], asOf: number): Finding[] {
  return findings.filter(({ effectiveAt }) => effectiveAt === null || asOf > effectiveAt)
}
