import { BinaryWriter } from "@bufbuild/protobuf/wire"
import type { Attributes, Origin, OtlpSpan, Value } from "./model"

/** A span as the decoders give it; what is given wins. */
export function anOtlpSpan(
  attributes: Attributes = {},
  rest: Partial<OtlpSpan> & { scope?: string; resource?: Attributes } = {},
): OtlpSpan {
  const { scope = "", resource = {}, ...given } = rest
  return {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    parentId: "00f067aa0ba902b7",
    name: "span",
    kind: 1,
    start: 1_795_000_000_000_000_000n,
    end: 1_795_000_001_000_000_000n,
    events: [],
    status: 0,
    statusMessage: "",
    attributes,
    origin: { resource, scope, scopeVersion: "" },
    ...given,
  }
}

type Any = Record<string, unknown>

function anyValue(value: Value): Any {
  if (typeof value === "string") return { stringValue: value }
  if (typeof value === "boolean") return { boolValue: value }
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: keyValues(value ?? {}) } }
}

const keyValues = (attributes: Attributes): Any[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))

/** The JSON of an export request with these spans, all of one resource and scope. */
export function jsonRequest(spans: readonly OtlpSpan[]): { resourceSpans: Any[] } {
  const origin = spans[0]?.origin
  return {
    resourceSpans: [
      {
        resource: { attributes: keyValues(origin?.resource ?? {}) },
        scopeSpans: [
          {
            scope: { name: origin?.scope ?? "" },
            spans: spans.map((span) => ({
              traceId: span.traceId,
              spanId: span.spanId,
              ...(span.parentId === "" ? {} : { parentSpanId: span.parentId }),
              name: span.name,
              kind: span.kind,
              startTimeUnixNano: String(span.start),
              endTimeUnixNano: String(span.end),
              attributes: keyValues(span.attributes),
              events: span.events.map(({ at, name, attributes }) => ({
                timeUnixNano: String(at),
                name,
                attributes: keyValues(attributes),
              })),
              status: { code: span.status, ...(span.statusMessage ? { message: span.statusMessage } : {}) },
            })),
          },
        ],
      },
    ],
  }
}

const VARINT = 0
const BIT64 = 1
const BYTES = 2

function nested(writer: BinaryWriter, no: number, write: () => void): void {
  writer.tag(no, BYTES).fork()
  write()
  writer.join()
}

function writeValue(writer: BinaryWriter, value: Value): void {
  if (typeof value === "string") writer.tag(1, BYTES).string(value)
  else if (typeof value === "boolean") writer.tag(2, VARINT).bool(value)
  else if (typeof value === "number")
    Number.isInteger(value) ? writer.tag(3, VARINT).int64(value) : writer.tag(4, BIT64).double(value)
  else if (Array.isArray(value))
    nested(writer, 5, () => {
      for (const item of value) nested(writer, 1, () => writeValue(writer, item))
    })
  else nested(writer, 6, () => writePairs(writer, 1, value ?? {}))
}

function writePairs(writer: BinaryWriter, no: number, attributes: Attributes): void {
  for (const [key, value] of Object.entries(attributes))
    nested(writer, no, () => {
      writer.tag(1, BYTES).string(key)
      nested(writer, 2, () => writeValue(writer, value))
    })
}

/** The same as protobuf; spans that follow each other and have one origin stand under it together. */
export function protobufRequest(spans: readonly OtlpSpan[]): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter()
  for (let from = 0; from < spans.length; ) {
    const { origin } = spans[from] as OtlpSpan
    const own = JSON.stringify(origin)
    let to = from + 1
    while (to < spans.length && isFrom(spans[to] as OtlpSpan, origin, own)) to++
    writeResource(writer, origin, spans.slice(from, to))
    from = to
  }
  return writer.finish()
}

const isFrom = (span: OtlpSpan, origin: Origin, text: string): boolean =>
  span.origin === origin || JSON.stringify(span.origin) === text

function writeResource(writer: BinaryWriter, origin: Origin, spans: readonly OtlpSpan[]): void {
  nested(writer, 1, () => {
    nested(writer, 1, () => writePairs(writer, 1, origin.resource))
    nested(writer, 2, () => {
      nested(writer, 1, () => writer.tag(1, BYTES).string(origin.scope))
      for (const span of spans) nested(writer, 2, () => writeSpan(writer, span))
    })
  })
}

function writeSpan(writer: BinaryWriter, span: OtlpSpan): void {
  writer.tag(1, BYTES).bytes(Buffer.from(span.traceId, "hex")).tag(2, BYTES).bytes(Buffer.from(span.spanId, "hex"))
  if (span.parentId !== "") writer.tag(4, BYTES).bytes(Buffer.from(span.parentId, "hex"))
  writer.tag(5, BYTES).string(span.name).tag(6, VARINT).int32(span.kind)
  writer.tag(7, BIT64).fixed64(span.start).tag(8, BIT64).fixed64(span.end)
  writePairs(writer, 9, span.attributes)
  for (const event of span.events)
    nested(writer, 11, () => {
      writer.tag(1, BIT64).fixed64(event.at).tag(2, BYTES).string(event.name)
      writePairs(writer, 3, event.attributes)
    })
  nested(writer, 15, () => {
    if (span.statusMessage !== "") writer.tag(2, BYTES).string(span.statusMessage)
    if (span.status > 0) writer.tag(3, VARINT).int32(span.status)
  })
}
