import { MAPPED, type Mapping } from "@/ingest/act-events"
import { validate } from "@/ingest/validate"
import type { NativeEvent } from "@/lib/contracts/events"
import { inCurrency } from "./dollars"
import { rereadLangfuse } from "./langfuse"
import { rereadOtlp } from "./otlp/reread"
import type { Draft } from "./otlp/spans"

type Sender = { projectId: number; keyId: number; currency: string; receivedAt: number }

/** Under which name a mapping is listed: OTLP's conventions by their own, another format by the format's. Null for what no mapping made. */
export function conventionOf(event: NativeEvent): string | null {
  const { source } = event as { source?: { format: string; convention?: string } }
  if ((event.type !== "span" && event.type !== "cost") || !source) return null
  return source.format === "otlp" ? (source.convention ?? "none") : source.format
}

/** What the event's own body concludes. */
export function mappingOf(event: NativeEvent): Mapping {
  const out: Record<string, unknown> = {}
  for (const field of MAPPED) {
    const value = (event as Record<string, unknown>)[field]
    if (value !== undefined) out[field] = value
  }
  return out as Mapping
}

function dollarsOf(event: NativeEvent, currency: string): Draft | null {
  const draft = rereadOtlp(event)
  return draft && inCurrency(draft, currency)
}

/** What a stored event says by the mapping of today. Null when not enough of what was sent is kept to read it again. Pure. */
export function rereadEvent(event: NativeEvent, sender: Sender): Mapping | null {
  const format = "source" in event ? event.source?.format : undefined
  const draft =
    format === "otlp"
      ? dollarsOf(event, sender.currency)
      : format === "langfuse"
        ? rereadLangfuse(event, sender.currency)
        : null
  if (draft === null) return null
  const judged = validate(draft, { ...sender, ids: "foreign" })
  return judged.ok ? mappingOf(judged.event.event) : null
}
