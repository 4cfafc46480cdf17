import type { Finding, Outcome, RunAct, RunSnapshot } from "./types"

const DEFAULT_HEARTBEAT_S = 60

/**
 * The status and the hold of a run: a function of what it claims, of what was found, and of what people and Andon did. Never of when we knew.
 *
 * Status. A halt (a finding's or a person's) makes a run that has not ended `halting`; it is `halted` when nothing was heard of it for more than two
 * heartbeats, or when its own events say so. A run without an event for more than a heartbeat is `stalled` (T15). What ended keeps its claim.
 *
 * A halt is never undone. That its runner was told is an act, as a person's is: a late event may take the finding away, but nobody knows whether the runner has
 * stopped by then, and no transition leads from `halting` back. So a run that goes on stays `halting`, to be halted or to end by its own word.
 * How a run ended, and whether it is held back, hangs on its events alone: a success whose halt no event speaks for any more is not held.
 *
 * Hold. A run that claims success in spite of a halt, or with a finding that quarantines, is `quarantined`. A person's release or rejection wins over
 * every finding that was known to him; another finding takes a release back (T20), a rejection stays.
 *
 * @param isTold a rule's halt was told to the runner, and the run has not ended since.
 */
export function outcomeOf(
  run: Pick<RunSnapshot, "claim" | "lastEventAt" | "asOf">,
  findings: readonly Finding[],
  acts: readonly RunAct[] = [],
  heartbeatS: number = DEFAULT_HEARTBEAT_S,
  isTold = false,
): Outcome {
  return { status: statusOf(run, findings, acts, heartbeatS, isTold), hold: holdOf(run, findings, acts) }
}

const OPEN = new Set(["pending", "running", "waiting", "stalled", "halting"])

function statusOf(
  { claim, lastEventAt, asOf }: Pick<RunSnapshot, "claim" | "lastEventAt" | "asOf">,
  findings: readonly Finding[],
  acts: readonly RunAct[],
  heartbeatS: number,
  isTold: boolean,
): Outcome["status"] {
  if (!OPEN.has(claim)) return claim
  const isHalted =
    isTold ||
    effective(findings, asOf).some(({ action }) => action === "halt") ||
    acts.some(({ act }) => act === "halt")
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
