import { setTimeout as sleep } from "node:timers/promises"
import { IngestAnswer, type NativeEvent } from "@/lib/contracts/events"

export type Target = { url: string; key: string }

/** One attempt to send a batch, as it ended: a status, or null when no answer came. */
export type Attempt = { number: number; status: number | null; answer: IngestAnswer | null; reason: string }

/** The batch can never be taken as it is: another attempt would end the same. */
export class RefusedError extends Error {
  constructor(
    readonly status: number,
    reason: string,
  ) {
    super(reason)
    this.name = "RefusedError"
  }
}

export type SendOptions = {
  /** Attempts in all; a batch that was never acknowledged then is an error. */
  attempts?: number
  /** No answer after this is a failed attempt; the same events go out again. */
  timeoutMs?: number
  onAttempt?: (attempt: Attempt) => void
  signal?: AbortSignal
  /** For tests. */
  wait?: (ms: number) => Promise<unknown>
  random?: () => number
}

const BASE_MS = 500
const CAP_MS = 30_000

/**
 * Sends one batch until it is acknowledged: exponential backoff with full jitter from 0.5 s to 30 s, never sooner than `Retry-After` says, the
 * same event ids every time. Only what may pass is tried again: no answer, 408, 429, 5xx.
 * @param to asked anew before each attempt when it is a function
 * @throws RefusedError on any other status; Error with the last reason when all attempts failed.
 */
export async function sendEvents(
  to: Target | (() => Target),
  events: readonly NativeEvent[],
  options: SendOptions = {},
): Promise<IngestAnswer> {
  const { attempts = 12, wait = sleep, random = Math.random } = options
  const body = JSON.stringify({ events })
  const targetNow = typeof to === "function" ? to : () => to
  let reason = ""
  let number = 0
  while (number < attempts) {
    number++
    const { attempt, retryAfterMs } = await tryOnce(targetNow(), body, number, options)
    options.onAttempt?.(attempt)
    if (attempt.answer) return attempt.answer
    reason = attempt.reason
    if (attempt.status !== null && !isTransient(attempt.status)) throw new RefusedError(attempt.status, reason)
    if (options.signal?.aborted) break
    if (number < attempts) await wait(Math.max(retryAfterMs, random() * Math.min(CAP_MS, BASE_MS * 2 ** (number - 1))))
  }
  throw new Error(`${targetNow().url} did not take the events after ${number} attempts: ${reason}`)
}

const isTransient = (status: number): boolean => status === 408 || status === 429 || status >= 500

async function tryOnce(
  target: Target,
  body: string,
  number: number,
  { timeoutMs = 20_000, signal }: SendOptions,
): Promise<{ attempt: Attempt; retryAfterMs: number }> {
  const limit = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(new URL("/api/v1/events", target.url), {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${target.key}` },
      body,
      redirect: "manual",
      signal: signal ? AbortSignal.any([limit, signal]) : limit,
    })
    const text = await response.text()
    const retryAfterMs = Number(response.headers.get("retry-after") ?? 0) * 1000 || 0
    const answer = response.status === 200 ? IngestAnswer.parse(JSON.parse(text)) : null
    return {
      attempt: { number, status: response.status, answer, reason: reasonOf(response.status, text) },
      retryAfterMs,
    }
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error
    return {
      attempt: { number, status: null, answer: null, reason: cause instanceof Error ? cause.message : String(cause) },
      retryAfterMs: 0,
    }
  }
}

/** The problem document's own words, where the answer is one. */
function reasonOf(status: number, text: string): string {
  try {
    const { code, detail } = JSON.parse(text) as { code?: unknown; detail?: unknown }
    if (typeof code === "string") return `${status} ${code}: ${String(detail ?? "")}`
  } catch {
    // Not JSON: a proxy's page, or an answer that was cut.
  }
  return `${status} ${text.slice(0, 200)}`
}
