import { request as overHttp } from "node:http"
import { request as overHttps } from "node:https"
import { type Allowed, checkTarget, isOpened, judgedLookup, type Resolver } from "@/lib/alert-target"
import { plain } from "@/policy/alerts/message"

/** Of one try, from the name to the last byte that is read. */
const LIMIT_MS = 10_000
const READ_BYTES = 64 * 1024
const KEPT_BYTES = 1_024

export type Posted = {
  /** Null when no answer came. */
  status: number | null
  retryAfterMs: number | null
  excerpt: string | null
  /** In words, where no answer came or the address is not one to go to. */
  error: string | null
  isForbidden: boolean
}
export type PostOptions = {
  allowed: Allowed
  ask?: Resolver
  limitMs?: number
  now?: () => number
  /** Aborted when this process ends. */
  stopping?: AbortSignal
}

/**
 * Posts a body to an address that it judges first, and whose name it looks up itself: the connection goes to what was judged. Redirects are answers like any other. Never throws.
 */
export async function post(
  target: string,
  body: string,
  headers: Record<string, string>,
  { allowed, ask, limitMs = LIMIT_MS, now = Date.now, stopping }: PostOptions,
): Promise<Posted> {
  const none = { status: null, retryAfterMs: null, excerpt: null }
  let url: URL
  try {
    url = checkTarget(target, allowed)
  } catch (error) {
    return { ...none, error: wordsOf(error, limitMs), isForbidden: true }
  }
  const request = url.protocol === "https:" ? overHttps : overHttp
  const timeout = AbortSignal.timeout(limitMs)
  const limit = stopping ? AbortSignal.any([timeout, stopping]) : timeout
  return await new Promise<Posted>((done) => {
    const fail = (error: unknown) =>
      done({ ...none, error: wordsOf(limit.aborted ? limit.reason : error, limitMs), isForbidden: isForbidden(error) })
    const sent = request(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "Andon",
        accept: "*/*",
        ...headers,
        "content-length": String(Buffer.byteLength(body)),
      },
      agent: false,
      lookup: judgedLookup(isOpened(url, allowed), ask),
      maxHeaderSize: 16_384,
      signal: limit,
    })
    let onError = fail
    sent.on("error", (error) => onError(error))
    sent.on("response", (answer) => {
      const status = answer.statusCode ?? 0
      const retryAfterMs = retryAfter(answer.headers["retry-after"], now())
      const parts: Buffer[] = []
      let size = 0
      const end = () => {
        const text = Buffer.concat(parts).subarray(0, KEPT_BYTES).toString("utf8")
        done({ status, retryAfterMs, excerpt: plain(text, KEPT_BYTES / 2) || null, error: null, isForbidden: false })
        sent.destroy()
      }
      // The status has been said; a body that breaks off or never ends changes nothing about it.
      onError = end
      answer.on("data", (part: Buffer) => {
        if (size < KEPT_BYTES) parts.push(part)
        size += part.length
        if (size > READ_BYTES) end()
      })
      answer.on("end", end)
      answer.on("error", end)
    })
    sent.end(body)
  })
}

const isForbidden = (error: unknown) => (error as { code?: unknown } | null)?.code === "webhook_target_forbidden"

/** Seconds or a date, RFC 9110. */
function retryAfter(text: string | undefined, now: number): number | null {
  if (text === undefined) return null
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

const WORDS: Record<string, string> = {
  ENOTFOUND: "The name of the host is not known.",
  EAI_AGAIN: "The name of the host could not be looked up.",
  ECONNREFUSED: "The connection was refused.",
  ECONNRESET: "The connection was cut.",
  EPIPE: "The connection was cut.",
  EHOSTUNREACH: "The host cannot be reached.",
  ENETUNREACH: "The host cannot be reached.",
  ETIMEDOUT: "The host did not answer.",
}

/** What went wrong, for the log of deliveries: no stack, no address. */
export function wordsOf(error: unknown, limitMs: number): string {
  const { name, code, message } = error as { name?: string; code?: string; message?: string }
  if (name === "TimeoutError" || name === "AbortError") return `There was no answer within ${limitMs / 1000} s.`
  if (isForbidden(error)) return String(message)
  if (code?.startsWith("HPE_")) return "The answer was no HTTP."
  if (code && (/^(CERT|ERR_TLS|UNABLE|DEPTH|SELF_SIGNED)/.test(code) || code === "EPROTO"))
    return `The certificate or the TLS of the host was not accepted (${code}).`
  return WORDS[code ?? ""] ?? `The connection failed${code ? ` (${code})` : ""}.`
}
