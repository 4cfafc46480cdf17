/** What OTLP carries, as both of its encodings are read: ids in lower-case hex, times in nanoseconds (0n = not given), attributes as plain values. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value }
export type Attributes = Record<string, Value>

/** Who sent it; shared by the items of one scope. */
export type Origin = { resource: Attributes; scope: string; scopeVersion: string }

export type OtlpSpan = {
  traceId: string
  spanId: string
  /** Empty for a root. */
  parentId: string
  name: string
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  start: bigint
  end: bigint
  attributes: Attributes
  events: SpanEvent[]
  /** 0 unset, 1 ok, 2 error. */
  status: number
  statusMessage: string
  origin: Origin
}
export type SpanEvent = { at: bigint; name: string; attributes: Attributes }

export type OtlpLog = {
  traceId: string
  spanId: string
  at: bigint
  eventName: string
  body: Value
  attributes: Attributes
  origin: Origin
}

/** An item that cannot be read; it is rejected alone. `raw`: what there is of it. */
export class Broken {
  constructor(
    readonly code: string,
    readonly field: string | null,
    readonly message: string,
    readonly raw: string,
  ) {}
}

/** A request, decoded. `warnings`: what its sender should know though nothing was rejected. */
export type Decoded<Item> = { items: (Item | Broken)[]; warnings: string[] }

/** Values inside values; deeper is an attack, not an attribute. */
export const MAX_NESTING = 32

export class TooDeep extends Error {}

export function nestedTooDeep(raw: string): Broken {
  return new Broken("too_deep", "attributes", `its attributes are nested deeper than ${MAX_NESTING} levels`, raw)
}

/** Plain assignment to `__proto__` would set a prototype. */
export function put(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}

const NOTHING = /^0*$/
const TRACE_ID = /^[0-9a-f]{32}$/
const SPAN_ID = /^[0-9a-f]{16}$/

/** The reason to refuse these ids; null when they are good. */
export function wrongIds(traceId: string, spanId: string): { field: string; message: string } | null {
  if (traceId === "" && spanId === "")
    return {
      field: "traceId",
      message: "has neither a trace id nor a span id; logs go to /v1/logs and metrics to /v1/metrics",
    }
  for (const [field, id, form, digits] of [
    ["traceId", traceId, TRACE_ID, 32],
    ["spanId", spanId, SPAN_ID, 16],
  ] as const) {
    if (id === "") return { field, message: `has no ${field}` }
    if (!form.test(id)) return { field, message: `${field} must be ${digits} hex digits (not base64)` }
    if (NOTHING.test(id)) return { field, message: `${field} is all zeros` }
  }
  return null
}
