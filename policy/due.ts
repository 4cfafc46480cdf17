import type { PolicyDocument } from "@/lib/contracts/policies"
import { DEFAULTS } from "./document"
import type { Finding, Outcome, RunSnapshot } from "./types"

/** As `rules/plan.ts` waits for missing numbers. */
const WAIT_MS = { running: 10_000, ended: 60_000 }

/**
 * The next instant after `after` at which time alone may change what is found in the run, or its status or hold; null = never. May be too early, never too
 * late: whoever looks then decides anew. Limits are inclusive, so a millisecond more than a limit is the first to breach it.
 */
export function nextDue(
  policy: PolicyDocument | null,
  run: RunSnapshot,
  findings: readonly Finding[],
  { status }: Outcome,
  after: number,
): number | null {
  const isOpen = ["pending", "running", "waiting"].includes(run.claim)
  const heartbeatMs = (policy?.heartbeat_s ?? DEFAULTS.heartbeatS) * 1000
  const candidates: number[] = []
  const over = (from: number, seconds: number | undefined) => {
    if (seconds !== undefined) candidates.push(from + seconds * 1000 + 1)
  }
  if (run.hasSeqGap)
    candidates.push(isOpen ? run.lastEventAt + WAIT_MS.running : (run.endedAt ?? run.lastEventAt) + WAIT_MS.ended)
  for (const { effectiveAt } of findings) if (effectiveAt !== null) candidates.push(effectiveAt + 1)
  if (isOpen) {
    over(run.startedAt, policy?.max_duration_s)
    over(run.lastEventAt, policy?.heartbeat_s)
    if (policy?.max_step_duration_s !== undefined)
      for (const { boundaries } of run.steps)
        for (const { kind, at } of boundaries) if (kind === "start") over(at, policy.max_step_duration_s)
    if (status === "halting") candidates.push(run.lastEventAt + 2 * heartbeatMs + 1)
  }
  const later = candidates.filter((at) => at > after)
  return later.length === 0 ? null : Math.min(...later)
}
