import { AppError } from "@/lib/errors"
import {
  type Attributes,
  Broken,
  type Decoded,
  MAX_NESTING,
  nestedTooDeep,
  type Origin,
  type OtlpLog,
  type OtlpSpan,
  put,
  type SpanEvent,
  TooDeep,
  type Value,
} from "./model"
import { aloneIn } from "./refused"

/**
 * OTLP's JSON is not proto3's: ids are hex, enums are integers, keys are lowerCamelCase. Wider than the standard where hand-made exporters are:
 * enums by name, integers as numbers or text.
 */
type Json = Record<string, unknown>

/** What makes one item unreadable. */
class Unreadable extends Error {
  constructor(
    readonly field: string,
    what: string,
  ) {
    super(what)
  }
}

export const spansFromJson = (text: string): Decoded<OtlpSpan> =>
  request(text, { list: "resourceSpans", scopes: "scopeSpans", items: "spans", signal: "traces" }, span)
export const logsFromJson = (text: string): Decoded<OtlpLog> =>
  request(text, { list: "resourceLogs", scopes: "scopeLogs", items: "logRecords", signal: "logs" }, log)
export const metricsFromJson = (text: string): Decoded<null> =>
  request(text, { list: "resourceMetrics", scopes: "scopeMetrics", items: "metrics" }, () => null)

type Names = { list: string; scopes: string; items: string; signal?: "traces" | "logs" }

const SIGNALS: Record<string, string> = {
  resourceSpans: "/v1/traces",
  resourceLogs: "/v1/logs",
  resourceMetrics: "/v1/metrics",
}

/** @throws AppError `invalid_json`, `invalid_envelope`: for the request as a whole. */
function request<Item>(text: string, names: Names, read: (item: Json, origin: Origin) => Item): Decoded<Item> {
  let root: unknown
  try {
    root = JSON.parse(text)
  } catch {
    // The parser's own message quotes the body.
    throw new AppError("invalid_json", text === "" ? "The body is empty." : "The body is not JSON.")
  }
  if (!isRecord(root)) throw new AppError("invalid_envelope", `The body must be {"${names.list}": […]}.`)
  const foreign = Object.keys(SIGNALS).find((name) => name !== names.list && root[name] !== undefined)
  if (foreign && root[names.list] === undefined)
    throw new AppError("invalid_envelope", `${foreign} go to ${SIGNALS[foreign]}.`, { field: foreign })
  const items: (Item | Broken)[] = []
  const warnings: string[] = []
  const snake = names.list.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  if (root[snake] !== undefined)
    warnings.push(`${snake} was ignored: OTLP's JSON names are lowerCamelCase, ${names.list}.`)
  for (const group of list(root[names.list], names.list)) {
    if (!isRecord(group)) throw notList(names.list)
    const resource = attempt(() => attributes((group.resource as Json | undefined)?.attributes))
    for (const scoped of list(group[names.scopes], names.scopes)) {
      if (!isRecord(scoped)) throw notList(names.scopes)
      const scope = isRecord(scoped.scope) ? scoped.scope : {}
      const origin = { scope: textOf(scope.name), scopeVersion: textOf(scope.version) }
      for (const item of list(scoped[names.items], names.items)) {
        const raw = () => rawOf(names, group.resource, scope, item)
        if (resource instanceof Error) items.push(broken(resource, raw))
        else items.push(one(item, { resource, ...origin }, read, raw))
      }
    }
  }
  return { items, warnings }
}

function list(value: unknown, field: string): unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw notList(field)
  return value
}

const notList = (field: string) => new AppError("invalid_envelope", `${field} must be a list of objects.`, { field })

function attempt<T>(work: () => T): T | Error {
  try {
    return work()
  } catch (error) {
    return error as Error
  }
}

type Raw = () => string

function one<Item>(item: unknown, origin: Origin, read: (item: Json, origin: Origin) => Item, raw: Raw): Item | Broken {
  if (!isRecord(item)) return new Broken("invalid_type", null, "is no object", raw())
  const value = attempt(() => read(item, origin))
  return value instanceof Error ? broken(value, raw) : value
}

function broken(error: Error, raw: Raw): Broken {
  if (error instanceof TooDeep) return nestedTooDeep(raw())
  if (error instanceof Unreadable) return new Broken("invalid_type", error.field, error.message, raw())
  throw error
}

/** As it came, with who sent it. */
function rawOf({ signal }: Names, resource: unknown, scope: unknown, item: unknown): string {
  try {
    return signal ? aloneIn(signal, resource, scope, item) : JSON.stringify(item)
  } catch {
    return "[too deep to keep]"
  }
}

function span(item: Json, origin: Origin): OtlpSpan {
  const status = isRecord(item.status) ? item.status : {}
  return {
    traceId: idOf(item.traceId),
    spanId: idOf(item.spanId),
    parentId: idOf(item.parentSpanId),
    name: textOf(item.name),
    kind: enumOf(item.kind, SPAN_KIND_NAMES),
    start: nanos(item.startTimeUnixNano, "startTimeUnixNano"),
    end: nanos(item.endTimeUnixNano, "endTimeUnixNano"),
    attributes: attributes(item.attributes),
    events: Array.isArray(item.events) ? item.events.filter(isRecord).map(spanEvent) : [],
    status: enumOf(status.code, STATUS_NAMES),
    statusMessage: textOf(status.message),
    origin,
  }
}

function spanEvent(item: Json): SpanEvent {
  return {
    at: nanos(item.timeUnixNano, "events.timeUnixNano"),
    name: textOf(item.name),
    attributes: attributes(item.attributes, "events.attributes"),
  }
}

function log(item: Json, origin: Origin): OtlpLog {
  const at = nanos(item.timeUnixNano, "timeUnixNano")
  return {
    traceId: idOf(item.traceId),
    spanId: idOf(item.spanId),
    at: at === 0n ? nanos(item.observedTimeUnixNano, "observedTimeUnixNano") : at,
    eventName: textOf(item.eventName),
    body: anyValue(item.body, 0),
    attributes: attributes(item.attributes),
    origin,
  }
}

/** The last of two with the same key counts. */
export function attributes(given: unknown, field = "attributes", depth = 0): Attributes {
  const out: Attributes = {}
  if (given === undefined || given === null) return out
  if (!Array.isArray(given))
    throw new Unreadable(field, `${field} must be a list of {"key", "value"}, not an object of names`)
  for (const pair of given) {
    if (!isRecord(pair) || typeof pair.key !== "string")
      throw new Unreadable(field, `${field} has an entry without a key`)
    put(out, pair.key, anyValue(pair.value, depth))
  }
  return out
}

function anyValue(given: unknown, depth: number): Value {
  if (depth > MAX_NESTING) throw new TooDeep()
  if (given === undefined || given === null) return null
  if (!isRecord(given)) {
    // Not OTLP, but there is only one thing that it can mean.
    if (Array.isArray(given)) throw new Unreadable("attributes", 'a value must be an object such as {"stringValue": …}')
    return given as string | number | boolean
  }
  if (given.stringValue !== undefined) return textOf(given.stringValue)
  if (given.boolValue !== undefined) return given.boolValue === true || given.boolValue === "true"
  if (given.intValue !== undefined) return integer(given.intValue)
  if (given.doubleValue !== undefined) return double(given.doubleValue)
  if (isRecord(given.arrayValue)) {
    const { values } = given.arrayValue
    return Array.isArray(values) ? values.map((value) => anyValue(value, depth + 1)) : []
  }
  if (isRecord(given.kvlistValue)) return attributes(given.kvlistValue.values, "kvlistValue.values", depth + 1)
  if (given.bytesValue !== undefined) return textOf(given.bytesValue)
  return null
}

/** Digits beyond what a double holds stay text. */
function integer(given: unknown): Value {
  if (typeof given === "number") return given
  const text = textOf(given)
  const value = Number(text)
  return /^-?\d+$/.test(text) && Number.isSafeInteger(value) ? value : text
}

/** "NaN" and its like are no JSON numbers; they stay text. */
function double(given: unknown): Value {
  if (typeof given === "number") return given
  const value = Number(given)
  return Number.isFinite(value) && given !== "" ? value : textOf(given)
}

const MAX_NANOS = (1n << 64n) - 1n

/** 0n = not given. A number has lost its last digits before it came here. */
function nanos(given: unknown, field: string): bigint {
  if (given === undefined || given === null || given === "") return 0n
  const isWhole = typeof given === "number" ? Number.isInteger(given) && given >= 0 : /^\d{1,20}$/.test(String(given))
  const value = isWhole ? BigInt(given as string | number) : -1n
  if (value < 0n || value > MAX_NANOS) throw new Unreadable(field, `${field} is no time in nanoseconds`)
  return value
}

const SPAN_KIND_NAMES = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"]
const STATUS_NAMES = ["UNSET", "OK", "ERROR"]

function enumOf(given: unknown, names: readonly string[]): number {
  if (typeof given === "number") return Number.isInteger(given) && given >= 0 && given < names.length ? given : 0
  if (typeof given !== "string") return 0
  const at = names.findIndex((name) => given === name || given.endsWith(`_${name}`))
  return at >= 0 ? at : enumOf(/^\d$/.test(given) ? Number(given) : 0, names)
}

const textOf = (given: unknown): string =>
  typeof given === "string" ? given : typeof given === "number" || typeof given === "boolean" ? String(given) : ""
const idOf = (given: unknown): string => textOf(given).toLowerCase()

function isRecord(value: unknown): value is Json {
  return value !== null && typeof value === "object" && !Array.isArray(value)
}
