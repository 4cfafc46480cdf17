import { BinaryWriter } from "@bufbuild/protobuf/wire"
import type { AnyAnswer } from "@/lib/http"

export type Encoding = "protobuf" | "json"
export type Signal = "traces" | "logs" | "metrics"

const REJECTED: Record<Signal, string> = {
  traces: "rejectedSpans",
  logs: "rejectedLogRecords",
  metrics: "rejectedDataPoints",
}
const LONGEST_MESSAGE = 2_000
const LENGTH_DELIMITED = 2
const VARINT = 0

/** A success: empty when all was taken; what was rejected, or only worth a word, stands in the partial success. */
export function partialSuccess(encoding: Encoding, signal: Signal, rejected: number, message: string): AnyAnswer {
  const text = message.slice(0, LONGEST_MESSAGE)
  const isWhole = rejected === 0 && text === ""
  if (encoding === "json") {
    const partial = { ...(rejected > 0 ? { [REJECTED[signal]]: String(rejected) } : {}), errorMessage: text }
    return answer(200, encoding, JSON.stringify(isWhole ? {} : { partialSuccess: partial }))
  }
  const writer = new BinaryWriter()
  if (!isWhole) {
    writer.tag(1, LENGTH_DELIMITED).fork()
    if (rejected > 0) writer.tag(1, VARINT).int64(rejected)
    if (text !== "") writer.tag(2, LENGTH_DELIMITED).string(text)
    writer.join()
  }
  return answer(200, encoding, writer.finish())
}

/** A failure of the whole request: google.rpc.Status in the request's encoding. */
export function rpcStatus(encoding: Encoding, status: number, message: string): AnyAnswer {
  const code = RPC_CODES[status] ?? (status < 500 ? INVALID_ARGUMENT : INTERNAL)
  const text = message.slice(0, LONGEST_MESSAGE)
  if (encoding === "json") return answer(status, encoding, JSON.stringify({ code, message: text }))
  const writer = new BinaryWriter().tag(1, VARINT).int32(code).tag(2, LENGTH_DELIMITED).string(text)
  return answer(status, encoding, writer.finish())
}

const INVALID_ARGUMENT = 3
const INTERNAL = 13
const RPC_CODES: Record<number, number> = { 401: 16, 403: 7, 404: 5, 405: 12, 413: 8, 429: 8, 500: 13, 503: 14 }

function answer(status: number, encoding: Encoding, body: string | Uint8Array<ArrayBuffer>): AnyAnswer {
  const type = encoding === "json" ? "application/json" : "application/x-protobuf"
  return { status, headers: { "content-type": type, "cache-control": "no-store" }, body }
}
