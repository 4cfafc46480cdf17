import { expect, test } from "vitest"
import { dataHeaders, dropForeignHeaders, newNonce, pageHeaders, pagePolicy } from "./headers"

test("A13: a page's policy allows its own nonce and nothing inline beside style attributes", () => {
  const policy = pagePolicy("bm9uY2U=", false)
  expect(policy.split("; ").sort()).toEqual([
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "object-src 'none'",
    "script-src 'self' 'nonce-bm9uY2U=' 'strict-dynamic'",
    "style-src 'self' 'nonce-bm9uY2U='",
    "style-src-attr 'unsafe-inline'",
  ])
})

test("only development may evaluate", () => {
  expect(pagePolicy("x", true)).toContain("'unsafe-eval'")
  expect(pagePolicy("x", false)).not.toContain("unsafe-eval")
})

test("a nonce is never given twice, and is one that a policy can hold", () => {
  const nonces = new Set(Array.from({ length: 100 }, newNonce))
  expect(nonces.size).toBe(100)
  for (const nonce of nonces) expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/)
})

test("https is demanded for a year where it is spoken, and not elsewhere", () => {
  const name = "strict-transport-security"
  expect(dataHeaders({ isSecure: true, dev: false })[name]).toMatch(/max-age=31536000/)
  expect(pageHeaders("x", { isSecure: true, dev: false })[name]).toMatch(/max-age=31536000/)
  expect(dataHeaders({ isSecure: false, dev: false })[name]).toBeUndefined()
})

test("B65: what a client may not tell us is dropped, the rest stays", () => {
  const headers: Record<string, string> = {
    "x-middleware-subrequest": "a",
    "x-middleware-rewrite": "a",
    "x-forwarded-for": "a",
    "x-forwarded-host": "a",
    "x-forwarded-proto": "a",
    "x-real-ip": "a",
    "x-nonce": "a",
    "x-andon-remote": "a",
    "x-request-id": "a",
    "x-http-method-override": "a",
    "content-security-policy": "a",
    "content-security-policy-report-only": "a",
    forwarded: "a",
    cookie: "c",
    rsc: "1",
    "next-router-prefetch": "1",
    accept: "x",
  }
  dropForeignHeaders(headers)
  expect(Object.keys(headers).sort()).toEqual(["accept", "cookie", "next-router-prefetch", "rsc"])
})
