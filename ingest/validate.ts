import type { z } from "zod"
import { canonicalJson, digest16 } from "@/lib/canonical"
import { EVENT_TYPES, EventSchema, ForeignEventSchema, type NativeEvent } from "@/lib/contracts/events"
import { parseInstant } from "@/lib/time"
import { type CanonicalEvent, costSpanId, stepSpanId } from "./event"
import { inspect, inspectBounds, isSurelyClean, LIMITS } from "./inspect"
import { isPlainSpan } from "./plain-span"

export type Rejection = { code: string; field: string | null; message: string; id: string | null }
export type Validated = { ok: true; event: CanonicalEvent; ignored: string[] } | { ok: false; rejection: Rejection }

const MESSAGES: Record<string, string> = {
  invalid_event: "an event is a JSON object",
  invalid_id:
    "1 to 128 characters of A-Z a-z 0-9 . _ : - for ids; no control characters in names, at most 256 characters",
  invalid_foreign_id: "1 to 800 characters, none of them a control character, at most 1,280 bytes",
  invalid_type: "has the wrong JSON type",
  missing_field: "is required",
  unknown_type: `is none of ${EVENT_TYPES.join(", ")}`,
  invalid_value: "is none of the values that the contract names",
  number_out_of_range: "is not a number that can be kept exactly",
  negative_amount: "must not be negative",
  invalid_decimal: "must be a decimal string with at most 8 digits before and 12 after the point",
  invalid_hash: "must be sha256: and 64 lower-case hex digits",
  bad_timestamp: "must be an RFC 3339 instant with a zone, from 2000 to 2100",
  unknown_currency: "is not the currency of this project",
  unsupported_schema: "is a newer major version than this server knows",
  too_deep: `is nested deeper than ${LIMITS.depth} levels`,
  too_many: "has too many items",
  too_long: "is too long",
  event_too_large: `is larger than ${LIMITS.eventBytes / 1024} KiB`,
}

/** What the server decides itself; a client that sends it is told, and not believed. */
const SERVER_FIELDS = ["project_id", "project", "received_at", "role", "is_admin", "sanitized", "key_id", "entry"]
const SCHEMA_MAJOR = 1

/** Which ids are good: ours, or the free text of other formats. */
export type IdRule = "native" | "foreign"
export type Scope = { projectId: number; keyId: number; currency: string; receivedAt: number; ids?: IdRule }

/** What is named, counted or looked up by it; free text is everything else. Lists are compared whole: cleaning copies only what it changes. */
const IDENTIFIERS = [
  ...["id", "run", "span", "parent", "step", "workflow", "environment", "release", "agent"],
  ...["provider", "model", "check", "by", "rule", "plan", "checks"],
]

/** Judges one event alone: a bad one costs itself, never its batch. Pure. */
export function validate(raw: unknown, scope: Scope): Validated {
  if (raw === null || typeof raw !== "object" || Array.isArray(raw)) return refuse(null, "invalid_event", null)
  const given = raw as Record<string, unknown>
  const isForeign = scope.ids === "foreign"
  const id = typeof given.id === "string" && given.id.length <= (isForeign ? 832 : 128) ? given.id : null
  const version = given.schema_version
  if (typeof version === "string" && Number.parseInt(version, 10) > SCHEMA_MAJOR)
    return refuse(id, "unsupported_schema", "schema_version")

  return validatePlain(given, scope) ?? validateAny(given, scope, { id, isForeign })
}

/** The common case: a span that is good as it is, all of whose texts are. Null for everything else. */
function validatePlain(given: Record<string, unknown>, scope: Scope): Validated | null {
  if (!isPlainSpan(given, scope.ids === "foreign")) return null
  const bounds = inspectBounds(given)
  if (bounds === null) return null
  const event = given as NativeEvent
  const times = checkTimes(event)
  if (typeof times === "string") return null
  if ("currency" in event && event.currency !== undefined && event.currency !== scope.currency) return null
  const body = bounds.isOrdered ? JSON.stringify(given) : canonicalJson(given)
  if (!isSurelyClean(body) || isTooLarge(body)) return null
  return { ok: true, ignored: NONE, event: canonical(event, body, times.at, false, scope) }
}

function validateAny(
  given: Record<string, unknown>,
  scope: Scope,
  { id, isForeign }: { id: string | null; isForeign: boolean },
): Validated {
  const inspected = inspect(given)
  if (!inspected.ok) return refuse(id, inspected.code, inspected.field || null)
  const value = inspected.value
  // Cleaning must not turn a bad identifier into a good one.
  const mended = inspected.sanitized ? IDENTIFIERS.find((field) => value[field] !== given[field]) : undefined
  if (mended) return refuse(id, "invalid_id", mended)
  let ignored: string[] = []
  for (const field of SERVER_FIELDS) if (Object.hasOwn(value, field)) ignored.push(field)
  if (ignored.length === 0) ignored = NONE
  const kept =
    ignored === NONE ? value : Object.fromEntries(Object.entries(value).filter(([key]) => !ignored.includes(key)))

  const event = isPlainSpan(kept, isForeign) ? (kept as NativeEvent) : parse(kept, isForeign)
  if (Array.isArray(event)) return refuseIssue(id, event[0], kept, isForeign)

  const times = checkTimes(event)
  if (typeof times === "string") return refuse(id, times === "" ? "missing_field" : "bad_timestamp", times || "start")
  if ("currency" in event && event.currency !== undefined && event.currency !== scope.currency)
    return refuse(id, "unknown_currency", "currency")

  const body = inspected.isOrdered && kept === value ? JSON.stringify(kept) : canonicalJson(kept)
  if (isTooLarge(body)) return refuse(id, "event_too_large", null)
  return { ok: true, ignored, event: canonical(event, body, times.at, inspected.sanitized, scope) }
}

/** A code unit takes at most three bytes. */
const isTooLarge = (body: string): boolean =>
  body.length * 3 > LIMITS.eventBytes && Buffer.byteLength(body) > LIMITS.eventBytes

function canonical(event: NativeEvent, body: string, at: number, sanitized: boolean, scope: Scope): CanonicalEvent {
  return {
    projectId: scope.projectId,
    keyId: scope.keyId,
    id: event.id,
    type: event.type,
    runId: "run" in event ? event.run : "",
    spanId: spanIdOf(event),
    seq: event.seq ?? null,
    at,
    receivedAt: scope.receivedAt,
    event,
    body,
    key: digest16(event.id),
    bodyHash: digest16(body),
    sanitized,
  }
}

/** @returns the issues when it is no event. */
function parse(kept: Record<string, unknown>, isForeign: boolean): NativeEvent | z.core.$ZodIssue[] {
  const parsed = (isForeign ? ForeignEventSchema : EventSchema).safeParse(kept)
  return parsed.success ? parsed.data : parsed.error.issues
}

const NONE: string[] = []
const FOREIGN_IDS = new Set(["id", "run", "span", "parent"])

function spanIdOf(event: NativeEvent): string {
  switch (event.type) {
    case "span":
      return event.span
    case "step.started":
    case "step.finished":
      return stepSpanId(event.step, event.attempt)
    case "cost":
      return costSpanId(event.id)
    default:
      return ""
  }
}

/** @returns the instant that orders the event; else the name of the first bad field, or "" when a span has no time at all. */
export function checkTimes(event: NativeEvent): { at: number } | string {
  const at = event.at === undefined ? null : parseInstant(event.at)
  if (event.at !== undefined && at === null) return "at"
  if (event.type === "run.updated" && event.start !== undefined && parseInstant(event.start) === null) return "start"
  if (event.type !== "span") return at === null ? "at" : { at }
  const start = event.start === undefined ? null : parseInstant(event.start)
  if (event.start !== undefined && start === null) return "start"
  const end = event.end === undefined || event.end === null ? null : parseInstant(event.end)
  if (event.end && end === null) return "end"
  const order = at ?? start ?? end
  return order === null ? "" : { at: order }
}

function refuse(id: string | null, code: string, field: string | null, isForeign = false): Validated {
  const words = isForeign && FOREIGN_IDS.has(field ?? "") ? "invalid_foreign_id" : code
  const message = `${field ?? "the event"} ${MESSAGES[words] ?? "is not acceptable"}`
  return { ok: false, rejection: { code, field, message, id } }
}

/** The wire's code for what the schema found first: our own codes are the schema's messages, the rest follows from the kind of issue. */
function refuseIssue(
  id: string | null,
  issue: z.core.$ZodIssue | undefined,
  given: Record<string, unknown>,
  isForeign: boolean,
): Validated {
  if (!issue) return refuse(id, "invalid_type", null)
  const field = issue.path.map(String).join(".") || null
  if (MESSAGES[issue.message]) return refuse(id, issue.message, field, isForeign && issue.message === "invalid_id")
  const value = issue.path.reduce<unknown>(
    (at, key) => (at === null || typeof at !== "object" ? undefined : (at as Record<PropertyKey, unknown>)[key]),
    given,
  )
  if (value === undefined) return refuse(id, "missing_field", field)
  if (issue.code === "invalid_union" && field === "type")
    return refuse(id, typeof value === "string" ? "unknown_type" : "invalid_type", field)
  if (issue.code === "invalid_value") return refuse(id, "invalid_value", field)
  return refuse(id, "invalid_type", field)
}
