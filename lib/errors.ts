/**
 * Every failure that a caller may see has a code from this closed list; `lib/http.ts` alone maps codes to statuses.
 * Anything else that is thrown is a bug: logged with its cause, answered as `internal_error`.
 */
export const ERROR_STATUS = {
  // requests
  invalid_json: 400,
  invalid_envelope: 400,
  invalid_gzip: 400,
  invalid_input: 400,
  invalid_filter: 400,
  webhook_target_forbidden: 400,
  range_too_large: 400,
  too_deep: 400,
  unauthenticated: 401,
  key_invalid: 401,
  key_expired: 401,
  key_revoked: 401,
  forbidden: 403,
  missing_scope: 403,
  foreign_project: 403,
  bad_origin: 403,
  not_found: 404,
  method_not_allowed: 405,
  body_timeout: 408,
  conflict: 409,
  illegal_transition: 409,
  body_too_large: 413,
  too_many_events: 413,
  unsupported_media_type: 415,
  unsupported_encoding: 415,
  weak_password: 422,
  too_many_attempts: 429,
  rate_limited: 429,
  internal_error: 500,
  // transient: always with Retry-After
  database_unavailable: 503,
  storage_full: 503,
  busy: 503,
  timed_out: 503,
  shutting_down: 503,
  setup_required: 503,
} as const

export type ErrorCode = keyof typeof ERROR_STATUS

/** @param message for the reader; never holds SQL, a stack, payload text or a key. `field` names the offending input. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly field: string | undefined
  readonly retryAfterSeconds: number | undefined
  /** Of a conflict: what the thing is now, as the reader may see it. */
  readonly current: object | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; field?: string; retryAfterSeconds?: number; current?: object } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = "AppError"
    this.code = code
    this.field = options.field
    this.retryAfterSeconds = options.retryAfterSeconds
    this.current = options.current
  }
}
