import { Broken, type Origin, type OtlpLog, type OtlpSpan, type Value, wrongIds } from "./model"
import { type Mapped, spanToEvents } from "./spans"

/** What a span that cannot be one is refused for. */
export function spanOrBroken(span: OtlpSpan): Mapped | Broken {
  const wrong = wrongIds(span.traceId, span.spanId)
  if (wrong) return new Broken("invalid_id", wrong.field, wrong.message, rawSpan(span))
  if (span.start === 0n && span.end === 0n)
    return new Broken("missing_field", "startTimeUnixNano", "has neither a start nor an end", rawSpan(span))
  return spanToEvents(span)
}

/**
 * A refused item is kept as a request of OTLP's JSON that holds it alone, with who sent it: people know that form, and it goes in again by the
 * same door.
 */
function rawSpan(span: OtlpSpan): string {
  return aloneIn("traces", toResource(span.origin), toScope(span.origin), {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentId,
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: String(span.start),
    endTimeUnixNano: String(span.end),
    attributes: toPairs(span.attributes),
    events: span.events.map(({ at, name, attributes }) => ({
      timeUnixNano: String(at),
      name,
      attributes: toPairs(attributes),
    })),
    status: { code: span.status, message: span.statusMessage },
  })
}

export function rawLog(log: OtlpLog): string {
  return aloneIn("logs", toResource(log.origin), toScope(log.origin), {
    traceId: log.traceId,
    spanId: log.spanId,
    timeUnixNano: String(log.at),
    eventName: log.eventName,
    body: toAny(log.body),
    attributes: toPairs(log.attributes),
  })
}

const LISTS = {
  traces: ["resourceSpans", "scopeSpans", "spans"],
  logs: ["resourceLogs", "scopeLogs", "logRecords"],
} as const

/** @throws RangeError for what is nested deeper than JSON can be written. */
export function aloneIn(signal: keyof typeof LISTS, resource: unknown, scope: unknown, item: unknown): string {
  const [list, scopes, items] = LISTS[signal]
  return JSON.stringify({ [list]: [{ resource, [scopes]: [{ scope, [items]: [item] }] }] })
}

const toResource = ({ resource }: Origin) => ({ attributes: toPairs(resource) })
const toScope = ({ scope, scopeVersion }: Origin) => ({ name: scope, version: scopeVersion })

function toPairs(attributes: Record<string, Value>): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: toAny(value) }))
}

function toAny(value: Value): unknown {
  if (value === null) return {}
  if (typeof value === "string") return { stringValue: value }
  if (typeof value === "boolean") return { boolValue: value }
  if (typeof value === "number")
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(toAny) } }
  return { kvlistValue: { values: toPairs(value) } }
}
