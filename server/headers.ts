import { randomBytes } from "node:crypto"
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http"

/** What every answer carries, whoever makes it: pages, API, static files, errors. */
const COMMON: Record<string, string> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy":
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()",
}
const HSTS = { "strict-transport-security": "max-age=31536000; includeSubDomains" }

/** Nothing may be loaded or run by an answer that is data. */
const DATA_POLICY = "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export type HeaderOptions = { isSecure: boolean; dev: boolean }

/** Headers of answers that the front gives itself. Made once: the hot path only concatenates them. */
export function dataHeaders({ isSecure }: HeaderOptions): Record<string, string> {
  return { ...COMMON, ...(isSecure ? HSTS : {}), "content-security-policy": DATA_POLICY }
}

/** Headers of everything that Next answers. */
export function pageHeaders(policy: string, { isSecure }: HeaderOptions): OutgoingHttpHeaders {
  return { ...COMMON, ...(isSecure ? HSTS : {}), "content-security-policy": policy }
}

export function newNonce(): string {
  return randomBytes(16).toString("base64")
}

/**
 * The policy of a page. Next reads the nonce from `script-src` of the *request's* policy header and puts it on its own scripts.
 * Style attributes in server HTML need `style-src-attr`; React's development build needs eval and inline styles, and only it.
 */
export function pagePolicy(nonce: string, dev: boolean): string {
  const script = `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ""}`
  const style = dev ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`
  const connect = dev ? "connect-src 'self' ws:" : "connect-src 'self'"
  return `default-src 'self'; ${script}; ${style}; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; ${connect}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`
}

/** Names that only this server may set: what Next or our own routes believe. */
const OURS = new Set([
  "x-nonce",
  "content-security-policy",
  "content-security-policy-report-only",
  "x-request-id",
  "x-real-ip",
  "forwarded",
  "x-http-method-override",
  "x-method-override",
  "x-matched-path",
  "x-original-url",
  "x-rewrite-url",
])
const OUR_PREFIXES = ["x-forwarded-", "x-andon-", "x-middleware-", "x-invoke-", "x-now-", "x-vercel-", "x-next-"]

/** Removes from a request what a client may not tell us. */
export function dropForeignHeaders(headers: IncomingHttpHeaders): void {
  for (const name in headers) {
    if (OURS.has(name) || (name.startsWith("x-") && OUR_PREFIXES.some((prefix) => name.startsWith(prefix))))
      delete headers[name]
  }
}
