import { randomBytes } from "node:crypto"
import type { KeyActor } from "@/access/actor"
import { type IngestLimits, serverEnv } from "@/lib/env"
import { AppError } from "@/lib/errors"
import type { AnyAnswer } from "@/lib/http"
import { BODY_PACE, BodyLease, type BodyPace, readBody, tooLarge } from "./body"

/** A request as node:http and a Next route both can give it; header names in lower case. */
export type RawRequest = {
  method: string
  headers: Record<string, string | undefined>
  body: AsyncIterable<Uint8Array>
  /** Address of the sender, after trusted proxies. */
  remote: string | null
  requestId?: string
}

export type Authenticate = (authorization: string | undefined, remote: string | null) => Promise<KeyActor>

/** A request whose key is known and whose body is whole. */
export type Received<Format> = {
  key: KeyActor
  format: Format
  body: Buffer
  receivedAt: number
  requestId: string
  limits: IngestLimits
}

/** What differs from format to format. */
export type Protocol<Format, Answer extends AnyAnswer> = {
  /** @throws AppError `unsupported_media_type`. */
  format: (contentType: string | undefined) => Format
  work: (received: Received<Format>) => Promise<Answer>
  /** Turns anything thrown into an answer in the words of the format. */
  fail: (error: unknown, requestId: string) => Answer
}

/** Real servers leave these alone. */
export type ReceiveOptions = { limits?: IngestLimits; pace?: BodyPace; workMs?: number }

/** From the last byte of the body to the answer. */
const WORK_DEADLINE_MS = 15_000

const PROCESS = randomBytes(6).toString("hex")
let count = 0

/** Unique over processes and starts; made without asking the system for randomness each time. */
export function newRequestId(): string {
  count += 1
  return `${PROCESS}-${count.toString(36)}`
}

/**
 * Takes one posted request of any format, the same for both ways in. Never rejects: whatever fails becomes an answer. The key is checked before
 * a byte of the body is read. An answer given before the whole body was read closes the connection, so that what is still on its way is not
 * taken for the next request.
 */
export async function receive<Format, Answer extends AnyAnswer>(
  request: RawRequest,
  authenticate: Authenticate,
  protocol: Protocol<Format, Answer>,
  { limits = serverEnv().limits, pace = BODY_PACE, workMs = WORK_DEADLINE_MS }: ReceiveOptions = {},
): Promise<Answer> {
  const requestId = request.requestId ?? newRequestId()
  const lease = new BodyLease(limits.inFlightBytes)
  let isBodyRead = false
  try {
    const { headers } = request
    if (request.method !== "POST") throw new AppError("method_not_allowed", "Events are sent with POST.")
    const key = await authenticate(headers.authorization, request.remote)
    const format = protocol.format(headers["content-type"])
    const isGzip = isGzipBody(headers["content-encoding"])
    if (Number(headers["content-length"] ?? 0) > limits.bodyBytes) throw tooLarge(limits.bodyBytes)
    const body = await readBody(request.body, isGzip, limits, lease, pace)
    isBodyRead = true
    const received = { key, format, body, receivedAt: Date.now(), requestId, limits }
    const answer = await within(workMs, protocol.work(received))
    answer.headers["x-request-id"] = requestId
    return answer
  } catch (error) {
    const answer = protocol.fail(error, requestId)
    answer.headers["x-request-id"] = requestId
    if (answer.status === 405) answer.headers.allow = "POST"
    if (answer.status === 401) answer.headers["www-authenticate"] = "Bearer"
    if (!isBodyRead) answer.headers.connection = "close"
    return answer
  } finally {
    lease.release()
  }
}

/** A media type without its parameters, which change nothing. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? "").split(";", 1)[0]!.trim().toLowerCase()
}

function isGzipBody(contentEncoding: string | undefined): boolean {
  if (contentEncoding === undefined) return false
  const coding = contentEncoding.trim().toLowerCase()
  if (coding === "" || coding === "identity") return false
  if (coding === "gzip" || coding === "x-gzip") return true
  throw new AppError("unsupported_encoding", "Send identity or one layer of gzip.", { field: "content-encoding" })
}

/** The work itself goes on: a sender that sends again is told "duplicate" of whatever was stored after all. */
function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new AppError("timed_out", "Storing took too long.")), ms)
    work.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}
