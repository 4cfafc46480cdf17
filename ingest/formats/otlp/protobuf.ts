import { BinaryReader, type WireType } from "@bufbuild/protobuf/wire"
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

/** Wire types; a field that comes with another one is skipped, as a field that is not known. */
const VARINT = 0
const BIT64 = 1
const BYTES = 2

/** One message from here to `end`; `read` returns whether it took the field. @throws Error for bytes that are no message. */
function message(reader: BinaryReader, end: number, read: (no: number, type: WireType) => boolean): void {
  while (reader.pos < end) {
    const [no, type] = reader.tag()
    if (!read(no, type)) reader.skip(type, no)
  }
  if (reader.pos !== end) throw new RangeError("a field goes beyond its message")
}

function lengthEnd(reader: BinaryReader): number {
  const end = reader.uint32() + reader.pos
  if (end > reader.len) throw new RangeError("a length goes beyond the body")
  return end
}

/** A nested message. */
function inner(reader: BinaryReader, read: (no: number, type: WireType, end: number) => boolean): void {
  const end = lengthEnd(reader)
  message(reader, end, (no, type) => read(no, type, end))
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")

/** 64-bit integers beyond what a double holds stay their digits. */
function int64(reader: BinaryReader): Value {
  const value = reader.int64()
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

function double(reader: BinaryReader): Value {
  const value = reader.double()
  return Number.isFinite(value) ? value : String(value)
}

function anyValue(reader: BinaryReader, depth: number): Value {
  if (depth > MAX_NESTING) throw new TooDeep()
  let value: Value = null
  inner(reader, (no, type) => {
    if (no === 1 && type === BYTES) value = reader.string()
    else if (no === 2 && type === VARINT) value = reader.bool()
    else if (no === 3 && type === VARINT) value = int64(reader)
    else if (no === 4 && type === BIT64) value = double(reader)
    else if (no === 5 && type === BYTES) {
      const values: Value[] = []
      inner(
        reader,
        (item, itemType) => item === 1 && itemType === BYTES && values.push(anyValue(reader, depth + 1)) > 0,
      )
      value = values
    } else if (no === 6 && type === BYTES) {
      const record: Attributes = {}
      inner(reader, (item, itemType) => item === 1 && itemType === BYTES && keyValue(reader, record, depth + 1))
      value = record
    } else if (no === 7 && type === BYTES) value = Buffer.from(reader.bytes()).toString("base64")
    else return false
    return true
  })
  return value
}

/** The last of two with the same key counts. */
function keyValue(reader: BinaryReader, into: Attributes, depth = 0): true {
  let key = ""
  let value: Value = null
  inner(reader, (no, type) => {
    if (no === 1 && type === BYTES) key = reader.string()
    else if (no === 2 && type === BYTES) value = anyValue(reader, depth)
    else return false
    return true
  })
  put(into, key, value)
  return true
}

function spanEvent(reader: BinaryReader): SpanEvent {
  const event: SpanEvent = { at: 0n, name: "", attributes: {} }
  inner(reader, (no, type) => {
    if (no === 1 && type === BIT64) event.at = BigInt(reader.fixed64())
    else if (no === 2 && type === BYTES) event.name = reader.string()
    else if (no === 3 && type === BYTES) keyValue(reader, event.attributes)
    else return false
    return true
  })
  return event
}

function span(reader: BinaryReader, end: number, origin: Origin): OtlpSpan {
  const out: OtlpSpan = {
    ...{ traceId: "", spanId: "", parentId: "", name: "", kind: 0, start: 0n, end: 0n },
    ...{ attributes: {}, events: [], status: 0, statusMessage: "", origin },
  }
  message(reader, end, (no, type) => {
    if (type === BYTES) {
      if (no === 1) out.traceId = hex(reader.bytes())
      else if (no === 2) out.spanId = hex(reader.bytes())
      else if (no === 4) out.parentId = hex(reader.bytes())
      else if (no === 5) out.name = reader.string()
      else if (no === 9) keyValue(reader, out.attributes)
      else if (no === 11) out.events.push(spanEvent(reader))
      else if (no === 15)
        inner(reader, (field, fieldType) => {
          if (field === 2 && fieldType === BYTES) out.statusMessage = reader.string()
          else if (field === 3 && fieldType === VARINT) out.status = reader.int32()
          else return false
          return true
        })
      else return false
      return true
    }
    if (no === 6 && type === VARINT) out.kind = reader.int32()
    else if (no === 7 && type === BIT64) out.start = BigInt(reader.fixed64())
    else if (no === 8 && type === BIT64) out.end = BigInt(reader.fixed64())
    else return false
    return true
  })
  return out
}

function log(reader: BinaryReader, end: number, origin: Origin): OtlpLog {
  const out: OtlpLog = { traceId: "", spanId: "", at: 0n, eventName: "", body: null, attributes: {}, origin }
  let observed = 0n
  message(reader, end, (no, type) => {
    if (no === 1 && type === BIT64) out.at = BigInt(reader.fixed64())
    else if (no === 11 && type === BIT64) observed = BigInt(reader.fixed64())
    else if (type !== BYTES) return false
    else if (no === 5) out.body = anyValue(reader, 0)
    else if (no === 6) keyValue(reader, out.attributes)
    else if (no === 9) out.traceId = hex(reader.bytes())
    else if (no === 10) out.spanId = hex(reader.bytes())
    else if (no === 12) out.eventName = reader.string()
    else return false
    return true
  })
  if (out.at === 0n) out.at = observed
  return out
}

type ReadItem<Item> = (reader: BinaryReader, end: number, origin: Origin) => Item

/** Resource -> scope -> items: the three signals differ in the items alone. */
function request<Item>(bytes: Uint8Array, read: ReadItem<Item>): Decoded<Item> {
  const items: (Item | Broken)[] = []
  const reader = new BinaryReader(bytes)
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

const attributesAt = (field: number, reader: BinaryReader, into: Attributes) => (no: number, type: WireType) =>
  no === field && type === BYTES && keyValue(reader, into)

function scope(reader: BinaryReader, resource: Attributes, take: (origin: Origin) => void): void {
  const origin: Origin = { resource, scope: "", scopeVersion: "" }
  inner(reader, (no, type) => {
    if (type !== BYTES) return false
    if (no === 1)
      inner(reader, (field, fieldType) => {
        if (field === 1 && fieldType === BYTES) origin.scope = reader.string()
        else if (field === 2 && fieldType === BYTES) origin.scopeVersion = reader.string()
        else return false
        return true
      })
    else if (no === 2) take(origin)
    else return false
    return true
  })
}

/** One span or record. Its length is known, so that what is broken inside costs itself alone. */
function item<Item>(bytes: Uint8Array, reader: BinaryReader, origin: Origin, read: ReadItem<Item>): Item | Broken {
  const end = lengthEnd(reader)
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
