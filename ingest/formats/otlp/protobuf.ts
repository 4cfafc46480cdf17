import {
  type Attributes,
  Broken,
  type Decoded,
  nestedTooDeep,
  type Origin,
  type OtlpLog,
  type OtlpSpan,
  type SpanEvent,
  TooDeep,
} from "./model"
import { anyValue, BIT64, BYTES, inner, keyValue, message, VARINT } from "./protobuf-values"
import { Reader } from "./reader"

function spanEvent(reader: Reader): SpanEvent {
  const event: SpanEvent = { at: 0n, name: "", attributes: {} }
  inner(reader, (no, type) => {
    if (no === 1 && type === BIT64) event.at = BigInt(reader.fixed64())
    else if (no === 2 && type === BYTES) event.name = reader.text()
    else if (no === 3 && type === BYTES) keyValue(reader, event.attributes)
    else return false
    return true
  })
  return event
}

function span(reader: Reader, end: number, origin: Origin): OtlpSpan {
  const out: OtlpSpan = {
    traceId: "",
    spanId: "",
    parentId: "",
    name: "",
    kind: 0,
    start: 0n,
    end: 0n,
    attributes: {},
    events: [],
    status: 0,
    statusMessage: "",
    origin,
  }
  while (reader.pos < end) {
    const tag = reader.uint32()
    switch (tag) {
      case (1 << 3) | BYTES:
        out.traceId = reader.hex()
        break
      case (2 << 3) | BYTES:
        out.spanId = reader.hex()
        break
      case (4 << 3) | BYTES:
        out.parentId = reader.hex()
        break
      case (5 << 3) | BYTES:
        out.name = reader.text()
        break
      case (6 << 3) | VARINT:
        out.kind = reader.int32()
        break
      case (7 << 3) | BIT64:
        out.start = BigInt(reader.fixed64())
        break
      case (8 << 3) | BIT64:
        out.end = BigInt(reader.fixed64())
        break
      case (9 << 3) | BYTES:
        keyValue(reader, out.attributes)
        break
      case (11 << 3) | BYTES:
        out.events.push(spanEvent(reader))
        break
      case (15 << 3) | BYTES:
        status(reader, out)
        break
      default:
        reader.pass(tag)
    }
  }
  reader.expectAt(end)
  return out
}

function status(reader: Reader, out: OtlpSpan): void {
  inner(reader, (no, type) => {
    if (no === 2 && type === BYTES) out.statusMessage = reader.text()
    else if (no === 3 && type === VARINT) out.status = reader.int32()
    else return false
    return true
  })
}

function log(reader: Reader, end: number, origin: Origin): OtlpLog {
  const out: OtlpLog = { traceId: "", spanId: "", at: 0n, eventName: "", body: null, attributes: {}, origin }
  let observed = 0n
  message(reader, end, (no, type) => {
    if (no === 1 && type === BIT64) out.at = BigInt(reader.fixed64())
    else if (no === 11 && type === BIT64) observed = BigInt(reader.fixed64())
    else if (type !== BYTES) return false
    else if (no === 5) out.body = anyValue(reader, 0)
    else if (no === 6) keyValue(reader, out.attributes)
    else if (no === 9) out.traceId = reader.hex()
    else if (no === 10) out.spanId = reader.hex()
    else if (no === 12) out.eventName = reader.text()
    else return false
    return true
  })
  if (out.at === 0n) out.at = observed
  return out
}

type ReadItem<Item> = (reader: Reader, end: number, origin: Origin) => Item

/** Resource -> scope -> items: the three signals differ in the items alone. */
function request<Item>(bytes: Uint8Array, read: ReadItem<Item>): Decoded<Item> {
  const items: (Item | Broken)[] = []
  const reader = new Reader(bytes)
  message(reader, reader.len, (no, type) => {
    if (no !== 1 || type !== BYTES) return false
    const resource: Attributes = {}
    inner(reader, (part, partType) => {
      if (partType !== BYTES) return false
      // What belongs to a resource may come behind its spans: they hold the object, not a copy.
      if (part === 1) inner(reader, attributesAt(1, reader, resource))
      else if (part === 2) scope(reader, resource, (origin) => items.push(item(bytes, reader, origin, read)))
      else return false
      return true
    })
    return true
  })
  return { items, warnings: [] }
}

const attributesAt = (field: number, reader: Reader, into: Attributes) => (no: number, type: number) =>
  no === field && type === BYTES && keyValue(reader, into)

function scope(reader: Reader, resource: Attributes, take: (origin: Origin) => void): void {
  const origin: Origin = { resource, scope: "", scopeVersion: "" }
  inner(reader, (no, type) => {
    if (type !== BYTES) return false
    if (no === 1)
      inner(reader, (field, fieldType) => {
        if (field === 1 && fieldType === BYTES) origin.scope = reader.text()
        else if (field === 2 && fieldType === BYTES) origin.scopeVersion = reader.text()
        else return false
        return true
      })
    else if (no === 2) take(origin)
    else return false
    return true
  })
}

/** One span or record. Its length is known, so that what is broken inside costs itself alone. */
function item<Item>(bytes: Uint8Array, reader: Reader, origin: Origin, read: ReadItem<Item>): Item | Broken {
  const end = reader.lengthEnd()
  const start = reader.pos
  try {
    return read(reader, end, origin)
  } catch (error) {
    reader.pos = end
    const raw = `protobuf, base64: ${Buffer.from(bytes.subarray(start, end)).toString("base64")}`
    if (error instanceof TooDeep) return nestedTooDeep(raw)
    return new Broken("invalid_protobuf", null, "is no protobuf message of this signal; logs go to /v1/logs", raw)
  }
}

/** @throws Error for bytes that are no such request. */
export const spansFromProtobuf = (bytes: Uint8Array): Decoded<OtlpSpan> => request(bytes, span)
/** @throws Error for bytes that are no such request. */
export const logsFromProtobuf = (bytes: Uint8Array): Decoded<OtlpLog> => request(bytes, log)
/** Counted alone. @throws Error for bytes that are no such request. */
export const metricsFromProtobuf = (bytes: Uint8Array): Decoded<null> =>
  request(bytes, (reader, end) => {
    reader.pos = end
    return null
  })
