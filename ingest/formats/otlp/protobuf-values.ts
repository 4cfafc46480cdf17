import { type Attributes, MAX_NESTING, put, TooDeep, type Value } from "./model"
import type { Reader } from "./reader"

/** Wire types; a field that comes with another one is skipped, as a field that is not known. */
export const VARINT = 0
export const BIT64 = 1
export const BYTES = 2

/** One message from here to `end`; `read` returns whether it took the field. @throws Error for bytes that are no message. */
export function message(reader: Reader, end: number, read: (no: number, type: number) => boolean): void {
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (!read(tag >>> 3, tag & 7)) reader.pass(tag)
  }
  reader.expectAt(end)
}

/** A nested message. */
export function inner(reader: Reader, read: (no: number, type: number) => boolean): void {
  message(reader, reader.lengthEnd(), read)
}

/** 64-bit integers beyond what a double holds stay their digits. */
function int64(reader: Reader): Value {
  const value = reader.int64()
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

function double(reader: Reader): Value {
  const value = reader.double()
  return Number.isFinite(value) ? value : String(value)
}

export function anyValue(reader: Reader, depth: number): Value {
  if (depth > MAX_NESTING) throw new TooDeep()
  const end = reader.lengthEnd()
  let value: Value = null
  while (reader.pos < end) {
    const tag = reader.uint32()
    // The field's number and its wire type together.
    switch (tag) {
      case (1 << 3) | BYTES:
        value = reader.text()
        break
      case (2 << 3) | VARINT:
        value = reader.bool()
        break
      case (3 << 3) | VARINT:
        value = int64(reader)
        break
      case (4 << 3) | BIT64:
        value = double(reader)
        break
      case (5 << 3) | BYTES:
        value = arrayValue(reader, depth + 1)
        break
      case (6 << 3) | BYTES: {
        const record: Attributes = {}
        inner(reader, (no, type) => no === 1 && type === BYTES && keyValue(reader, record, depth + 1))
        value = record
        break
      }
      case (7 << 3) | BYTES:
        value = Buffer.from(reader.bytes()).toString("base64")
        break
      default:
        reader.pass(tag)
    }
  }
  reader.expectAt(end)
  return value
}

function arrayValue(reader: Reader, depth: number): Value[] {
  const values: Value[] = []
  inner(reader, (no, type) => no === 1 && type === BYTES && values.push(anyValue(reader, depth)) > 0)
  return values
}

/** The last of two with the same key counts. */
export function keyValue(reader: Reader, into: Attributes, depth = 0): true {
  const end = reader.lengthEnd()
  let key = ""
  let value: Value = null
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === ((1 << 3) | BYTES)) key = reader.text()
    else if (tag === ((2 << 3) | BYTES)) value = anyValue(reader, depth)
    else reader.pass(tag)
  }
  reader.expectAt(end)
  put(into, key, value)
  return true
}
