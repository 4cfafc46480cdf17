import type { LedgerEvent } from "@/ingest/event"
import { foldSpan } from "@/ingest/fold-span"
import { addFact, deriveRun, NO_FACTS } from "@/ingest/run-facts"
import { toLedger } from "@/ingest/testing-events"
import type { Money } from "@/lib/money"
import type { RunSnapshot } from "./types"

/** A run of which nothing is known but that it began, for tests of single rules. */
export const BARE: RunSnapshot = {
  run: "r1",
  workflow: "invoices",
  agent: "extractor",
  claim: "running",
  startedAt: 0,
  endedAt: null,
  lastEventAt: 0,
  asOf: 0,
  plan: [],
  checks: [],
  outputHash: null,
  refs: [],
  cost: 0n as Money,
  calls: 0,
  unpricedCalls: 0,
  largestUnpriced: null,
  models: [],
  steps: [],
  toolCalls: [],
  states: [],
  verifications: [],
  hasSeqGap: false,
}

/** What is known of a run once these events are there, in whatever order they came. */
export function snapshotOf(native: readonly unknown[], asOf?: number): RunSnapshot {
  const events = toLedger(native)
  const { start, end, status } = deriveRun(events.reduce(addFact, NO_FACTS))
  const bySpan = new Map<string, LedgerEvent[]>()
  for (const item of events) if (item.spanId !== "") bySpan.set(item.spanId, [...(bySpan.get(item.spanId) ?? []), item])
  const steps = [...bySpan.values()]
    .map((own) => foldSpan(own))
    .filter(({ kind }) => kind === "step")
    .map(({ step, name, boundaries, attempt }) => ({ step: step ?? name, boundaries: boundaries ?? [], attempt }))
  const lastEventAt = Math.max(...events.map(({ at }) => at))
  const seqs = events.flatMap(({ seq }) => (seq === null ? [] : [seq]))
  return {
    ...BARE,
    workflow: start?.workflow ?? null,
    agent: start?.agent ?? null,
    claim: status,
    startedAt: start?.at ?? Math.min(...events.map(({ at }) => at)),
    endedAt: end?.at ?? null,
    lastEventAt,
    asOf: Math.max(lastEventAt, asOf ?? 0),
    plan: start?.plan ?? [],
    checks: start?.checks ?? [],
    outputHash: end?.sha256 ?? null,
    refs: end?.refs ?? [],
    steps,
    verifications: events.flatMap(({ id, seq, at, event }) =>
      event.type === "verification"
        ? [
            {
              id,
              seq,
              at,
              check: event.check,
              outcome: event.outcome,
              artifact: event.artifact ?? null,
              verifierName: event.verifier?.name ?? null,
              verifierHash: event.verifier?.hash ?? null,
              score: event.score ?? null,
              step: event.step ?? null,
            },
          ]
        : [],
    ),
    hasSeqGap: new Set(seqs).size < Math.max(0, ...seqs),
  }
}
