import { expect } from "vitest"
import { mappingOf, rereadEvent } from "@/ingest/formats/reread"
import { validate } from "@/ingest/validate"
import type { NativeEvent } from "@/lib/contracts/events"
import type { Attributes } from "./model"
import { type Draft, spanToEvents } from "./spans"
import { anOtlpSpan } from "./testing"

const SCOPE = { projectId: 1, keyId: 1, currency: "USD", receivedAt: Date.now(), ids: "foreign" as const }

/** The span's own event, which ingest takes. */
export function mapped(attributes: Attributes, rest: Parameters<typeof anOtlpSpan>[1] = {}): Draft {
  return taken(spanToEvents(anOtlpSpan(attributes, rest)).drafts)[0] as Draft
}

export function taken(drafts: Draft[]): Draft[] {
  for (const draft of drafts) {
    const judged = validate(draft, SCOPE)
    expect(judged.ok ? null : judged.rejection).toBeNull()
    if (judged.ok && draft.type === "span" && !judged.event.sanitized) expectReadAlike(judged.event.body)
  }
  return drafts
}

/** What is stored is enough to read it again: by the same mapping, to the same result. */
function expectReadAlike(body: string): void {
  const stored = JSON.parse(body) as NativeEvent & { source: { dropped_attributes?: number } }
  const again = rereadEvent(stored, SCOPE)
  if (stored.source.dropped_attributes) expect(again).toBeNull()
  else expect(again).toEqual(mappingOf(stored))
}

export const flagsOf = (draft: Draft) => (draft.source as { flags?: string[] }).flags ?? []
