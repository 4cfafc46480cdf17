import { AppError, ERROR_STATUS, type ErrorCode } from "@/lib/errors"
import { toIso } from "@/lib/time"

/** An answer before it becomes a node or a Next response: both ways in share it. */
export type HttpAnswer<Body = string> = { status: number; headers: Record<string, string>; body: Body | null }
/** Of formats that are not text. */
export type AnyAnswer = HttpAnswer<string | Uint8Array<ArrayBuffer>>

const TITLES: Record<number, string> = {
  400: "Bad request",
  401: "Not authenticated",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  408: "Request too slow",
  409: "Conflict",
  413: "Too large",
  415: "Unsupported media type",
  422: "Not acceptable",
  429: "Too many requests",
  500: "Internal error",
  503: "Temporarily unavailable",
}

export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): HttpAnswer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "private, no-store", ...headers },
    body: JSON.stringify(value),
  }
}

/**
 * RFC 9457 problem details for anything thrown. An `AppError` says what it says; the database's own errors become transient or not by
 * SQLSTATE; everything else is a bug: the reader learns only the request id, the log has the cause.
 */
export function problem(error: unknown, requestId: string): HttpAnswer {
  const known = error instanceof AppError ? error : databaseProblem(error)
  if (!known) logError("unexpected error", error, requestId)
  const code: ErrorCode = known?.code ?? "internal_error"
  const status = ERROR_STATUS[code]
  const retryAfter = known?.retryAfterSeconds ?? (status === 503 ? 2 : undefined)
  return {
    status,
    headers: {
      "content-type": "application/problem+json; charset=utf-8",
      "cache-control": "no-store",
      ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
    },
    body: JSON.stringify({
      type: `/problems/${code}`,
      title: TITLES[status] ?? "Error",
      status,
      code,
      detail: known ? known.message : "Something went wrong on our side; the request id finds it in the log.",
      ...(known?.field === undefined ? {} : { field: known.field }),
      ...(known?.current === undefined ? {} : { current: known.current }),
      request_id: requestId,
      retryable: status === 503 || status === 429 || status === 408,
    }),
  }
}

/** SQLSTATE classes that mean "try again later": lost connection, resources, shutdown, cancelled, read-only, lock not had, spent retries. */
const TRANSIENT_SQLSTATE = /^(08...|53...|57P0[123]|57014|25006|55P03|40001|40P01)$/
const TRANSIENT_DRIVER = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
])

/** The `AppError` for a transient fault of the database or its connection; null for anything else. */
export function databaseProblem(error: unknown): AppError | null {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const code = (cause as Error & { code?: unknown }).code
    if (typeof code !== "string") continue
    if (code === "53100") return new AppError("storage_full", "The data store is full.", { cause: error })
    if (code === "57014") return new AppError("timed_out", "The data store took too long.", { cause: error })
    // No such file is the socket of a server that is away only when it was connected to.
    const isMissingFile = code === "ENOENT" && (cause as NodeJS.ErrnoException).syscall !== "connect"
    if (TRANSIENT_SQLSTATE.test(code) || (TRANSIENT_DRIVER.has(code) && !isMissingFile))
      return new AppError("database_unavailable", "The data store is not reachable right now.", { cause: error })
  }
  return null
}

/** One event, one JSON line; control characters are escaped by JSON itself. */
export function logError(what: string, error: unknown, requestId?: string): void {
  const detail =
    error instanceof Error
      ? { error: error.message, stack: error.stack, cause: String(error.cause ?? "") }
      : { error: String(error) }
  process.stderr.write(
    `${JSON.stringify({ at: toIso(Date.now()), level: "error", what, request_id: requestId, ...detail })}\n`,
  )
}
