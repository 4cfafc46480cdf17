import type { NativeEvent } from "@/lib/contracts/events"
import { parseInstant } from "@/lib/time"
import { CLAUDE_CODE_SCOPE } from "../conventions/claude-code"
import { requestToEvents } from "./logs"
import { type Attributes, Broken, type OtlpSpan, type SpanEvent } from "./model"
import { type Draft, spanToEvents } from "./spans"

type StoredSpan = Extract<NativeEvent, { type: "span" }>
type Told = Record<string, unknown>

/**
 * A stored span as it came, as far as the event keeps it: its attributes, who sent it, its status and its short events. What was cut from a content is
 * gone, and so is the name that another one took the place of before `source.name` was kept. Null when attributes found no room.
 */
function otlpSpanOf(event: StoredSpan): OtlpSpan | null {
  const source = (event.source ?? {}) as Told
  if (source.dropped_attributes !== undefined) return null
  const { name: scope, version } = scopeOf(source.scope)
  const attributes = { ...(event.attributes as Attributes | undefined) }
  // A flattened list is content alone: no mapping reads it apart.
  for (const [from, content] of [
    [source.input_from, event.input],
    [source.output_from, event.output],
  ])
    if (typeof from === "string" && !from.endsWith("*")) attributes[from] = content as Attributes[string]
  const start = nanosOf(event.start)
  return {
    traceId: textOf(source.trace) ?? event.run,
    spanId: textOf(source.span) ?? event.span,
    parentId: event.parent ?? "",
    name: textOf(source.name) ?? event.name ?? "",
    kind: numberOf(source.span_kind),
    start,
    end: event.id.startsWith("otlp-open:") ? 0n : nanosOf(event.end ?? undefined),
    attributes,
    events: Array.isArray(source.events) ? source.events.map(spanEventOf) : [],
    status: numberOf(source.status),
    statusMessage: textOf(source.status_message) ?? (numberOf(source.status) === ERROR ? (event.error ?? "") : ""),
    origin: { resource: (source.resource as Attributes | undefined) ?? {}, scope, scopeVersion: version },
  }
}

/** What the mapping of today makes of a stored event; null when not enough of what was sent is kept. */
export function rereadOtlp(event: NativeEvent): Draft | null {
  const source = ((event as Told).source ?? {}) as Told
  if (source.event === "api_request") return rereadRequest(event)
  if (event.type !== "span") return null
  const span = otlpSpanOf(event)
  if (span === null) return null
  const [draft] = spanToEvents(span).drafts
  // Another identity would be another span: that is no reading of this one.
  return draft && draft.id === event.id && draft.run === event.run && draft.span === event.span ? draft : null
}

/** Who sent a log record is not kept with it, so that only what its own attributes say is read again. */
function rereadRequest(event: NativeEvent): Draft | null {
  const { attributes } = event as { attributes?: Attributes }
  if ((event.type !== "span" && event.type !== "cost") || !attributes) return null
  const mapped = requestToEvents({
    traceId: "",
    spanId: "",
    at: nanosOf(event.at),
    eventName: "claude_code.api_request",
    body: null,
    attributes,
    origin: {
      resource: event.type === "span" ? { "session.id": event.run } : {},
      scope: CLAUDE_CODE_SCOPE,
      scopeVersion: "",
    },
  })
  const draft = mapped instanceof Broken ? undefined : mapped.drafts[0]
  if (!draft || draft.type !== event.type) return null
  const { provider, model, usage, cost } = draft
  return { ...event, provider, model, usage, cost } as Draft
}

function spanEventOf(kept: unknown): SpanEvent {
  const { at, name, attributes } = kept as Told
  return { at: nanosOf(textOf(at)), name: textOf(name) ?? "", attributes: (attributes ?? {}) as Attributes }
}

function scopeOf(kept: unknown): { name: string; version: string } {
  const text = textOf(kept) ?? ""
  const space = text.lastIndexOf(" ")
  return space < 0 ? { name: text, version: "" } : { name: text.slice(0, space), version: text.slice(space + 1) }
}

const ERROR = 2
const PER_MS = 1_000_000n

/** The other way round of `toInstant`, to the last nanosecond. */
function nanosOf(instant: string | undefined): bigint {
  if (instant === undefined) return 0n
  const ms = parseInstant(instant)
  if (ms === null) return 0n
  const fraction = /\.(\d{1,9})/.exec(instant)?.[1] ?? ""
  return BigInt(ms) * PER_MS + BigInt(fraction.padEnd(9, "0").slice(3))
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)
const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0)
