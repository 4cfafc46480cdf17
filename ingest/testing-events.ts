import type { NativeEvent } from "@/lib/contracts/events"
import { DAY_MS } from "@/lib/time"
import type { StepFacts } from "@/policy/attempts"
import { deriveProof, type VerificationFacts } from "@/policy/proof"
import type { LedgerEvent } from "./event"
import { foldSpan } from "./fold-span"
import { addFact, deriveRun, NO_FACTS, type RunState } from "./run-facts"
import { validate } from "./validate"

/** Native events as the ledger would hold them, for tests of what is pure. Received a day after the last of them. */
export function toLedger(events: readonly unknown[]): LedgerEvent[] {
  const scope = { projectId: 1, keyId: 1, currency: "USD", receivedAt: Date.UTC(2099, 0, 1) + DAY_MS }
  return events.map((raw, index) => {
    const judged = validate(raw, scope)
    if (!judged.ok) throw new Error(`${JSON.stringify(judged.rejection)} in ${JSON.stringify(raw)}`)
    const { event } = judged
    return { ...event, n: BigInt(index), entry: {} }
  })
}

export type Proven = ReturnType<typeof deriveProof> & { state: RunState }

/** What the pure core makes of one run's events, in whatever order they come. */
export function proofOf(events: readonly LedgerEvent[]): Proven {
  const state = deriveRun(events.reduce(addFact, NO_FACTS))
  const bySpan = new Map<string, LedgerEvent[]>()
  const verifications: VerificationFacts[] = []
  for (const item of events) {
    if (item.spanId !== "") bySpan.set(item.spanId, [...(bySpan.get(item.spanId) ?? []), item])
    if (item.event.type === "verification") verifications.push(toFacts(item, item.event))
  }
  const steps: StepFacts[] = []
  for (const own of bySpan.values()) {
    const span = foldSpan(own)
    if (span.kind === "step") steps.push({ step: span.step ?? span.name, boundaries: span.boundaries ?? [] })
  }
  const proven = deriveProof({
    status: state.status,
    agent: state.start?.agent ?? null,
    plan: state.start?.plan ?? [],
    checks: state.start?.checks ?? [],
    outputHash: state.end?.sha256 ?? null,
    refs: state.end?.refs ?? [],
    error: state.end?.error ?? null,
    steps,
    verifications,
  })
  return { ...proven, state }
}

function toFacts(item: LedgerEvent, event: Extract<NativeEvent, { type: "verification" }>): VerificationFacts {
  return {
    id: item.id,
    check: event.check,
    outcome: event.outcome,
    artifact: event.artifact ?? null,
    verifierName: event.verifier?.name ?? null,
    verifierHash: event.verifier?.hash ?? null,
    seq: item.seq,
    at: item.at,
  }
}
