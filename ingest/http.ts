import { randomBytes } from "node:crypto"
import type { KeyActor } from "@/access/actor"
import type { IngestAnswer } from "@/lib/contracts/events"
import { serverEnv } from "@/lib/env"
import { AppError } from "@/lib/errors"
import { type HttpAnswer, jsonAnswer, problem } from "@/lib/http"
import { acceptEvents } from "./accept"
import { BODY_PACE, BodyLease, type BodyPace, readBody, tooLarge } from "./body"
import { type BodyFormat, decodeBody } from "./decode"

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
export type Accept = (input: {
  key: KeyActor
  events: unknown[]
  receivedAt: number
  requestId: string
}) => Promise<IngestAnswer>

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
 * `POST /api/v1/events`, the same for both ways in. Never rejects: whatever fails becomes problem details (RFC 9457).
 * The key is checked before a byte of the body is read. An answer given before the whole body was read closes the connection, so that
 * what is still on its way is not taken for the next request.
 */
export async function handleEvents(
  request: RawRequest,
  authenticate: Authenticate,
  { limits = serverEnv().limits, pace = BODY_PACE, accept = acceptEvents, workMs = WORK_DEADLINE_MS }: Options = {},
): Promise<HttpAnswer> {
  const requestId = request.requestId ?? newRequestId()
  const lease = new BodyLease(limits.inFlightBytes)
  let isBodyRead = false
  try {
    const { headers } = request
    if (request.method !== "POST") throw new AppError("method_not_allowed", "Events are sent with POST.")
    const key = await authenticate(headers.authorization, request.remote)
    const format = bodyFormat(headers["content-type"])
    const isGzip = isGzipBody(headers["content-encoding"])
    if (Number(headers["content-length"] ?? 0) > limits.bodyBytes) throw tooLarge(limits.bodyBytes)
    const body = await readBody(request.body, isGzip, limits, lease, pace)
    isBodyRead = true
    const receivedAt = Date.now()
    const { events, warnings } = decodeBody(body, format, limits.eventsPerRequest)
    const answer = await within(workMs, accept({ key, events, receivedAt, requestId }))
    if (warnings.length > 0) answer.warnings = [...warnings, ...answer.warnings]
    return jsonAnswer(200, answer, { "x-request-id": requestId })
  } catch (error) {
    const answer = problem(error, requestId)
    answer.headers["x-request-id"] = requestId
    if (answer.status === 405) answer.headers.allow = "POST"
    if (answer.status === 401) answer.headers["www-authenticate"] = "Bearer"
    if (!isBodyRead) answer.headers.connection = "close"
    return answer
  } finally {
    lease.release()
  }
}

/** Real servers leave these alone. */
export type Options = {
  limits?: { bodyBytes: number; eventsPerRequest: number; inFlightBytes: number }
  pace?: BodyPace
  accept?: Accept
  workMs?: number
}

/** Judged by the media type alone; its parameters change nothing. */
function bodyFormat(contentType: string | undefined): BodyFormat {
  if (contentType === "application/json") return "json"
  const media = (contentType ?? "").split(";", 1)[0]!.trim().toLowerCase()
  if (media === "application/json") return "json"
  if (media === "application/x-ndjson") return "ndjson"
  throw new AppError("unsupported_media_type", "Send application/json or application/x-ndjson.", {
    field: "content-type",
  })
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
