import { randomUUID } from "node:crypto"
import type { NextRequest } from "next/server"
import { accessConfig } from "@/access/config"
import { assertSetUp } from "@/access/setup"
import { AppError } from "@/lib/errors"
import { type HttpAnswer, jsonAnswer, problem } from "@/lib/http"

/** Fits `authorize` (who asks) and the `Origin` of an audit row (where from). */
export type RouteContext = {
  request: NextRequest
  headers: Headers
  url: URL
  params: Record<string, string>
  requestId: string
  remoteIp: string | null
}
type Handler = (context: RouteContext) => Promise<Response | HttpAnswer | object>
type NextHandler = (request: NextRequest, next: { params: Promise<unknown> }) => Promise<Response>

const SAFE = new Set(["GET", "HEAD", "OPTIONS"])
const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/

/**
 * Wraps every route handler: request id, refusal before set-up, origin of mutations, errors as problem+json, no caching. It decides
 * nothing about permissions: the functions that a handler calls do, with the actor that `authorize` returns.
 * A handler answers with a `Response`, an `HttpAnswer`, or a value that becomes JSON with status 200.
 */
export function route(handler: Handler, options: { isOpenBeforeSetUp?: boolean } = {}): NextHandler {
  return async (request, next) => {
    const requestId = requestIdOf(request.headers)
    try {
      if (!options.isOpenBeforeSetUp) await assertSetUp()
      assertOwnOrigin(request)
      const answer = await handler({
        request,
        headers: request.headers,
        url: new URL(request.url),
        params: ((await next?.params) ?? {}) as Record<string, string>,
        requestId,
        remoteIp: remoteIpOf(request.headers),
      })
      return withDefaults(toResponse(answer), requestId)
    } catch (error) {
      return withDefaults(toResponse(problem(error, requestId)), requestId)
    }
  }
}

/** Adds the session cookie's lines to an answer. */
export function withCookies(response: Response, lines: readonly string[]): Response {
  for (const line of lines) response.headers.append("set-cookie", line)
  return response
}

/** A number in a path, such as a key's id. @throws AppError `not_found`, as for a number that nobody has. */
export function idOf(text: string | undefined): number {
  if (text !== undefined && /^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new AppError("not_found", "There is nothing here.")
}

/** Set by the server in front, which drops what clients send under this name. */
function remoteIpOf(headers: Headers): string | null {
  return headers.get("x-andon-remote")
}

export function requestIdOf(headers: Headers): string {
  const given = headers.get("x-request-id")
  return given !== null && REQUEST_ID.test(given) ? given : randomUUID()
}

/**
 * A mutation by cookie must come from our own pages. A request with an `Authorization` header carries no ambient right: another site
 * cannot send that header, and a key is then the only thing that authenticates it.
 * @throws AppError `bad_origin`.
 */
export function assertOwnOrigin(request: { method: string; headers: Headers }): void {
  if (SAFE.has(request.method) || request.headers.has("authorization")) return
  const origin = request.headers.get("origin")
  const site = request.headers.get("sec-fetch-site")
  if (origin === null || !accessConfig().origins.has(origin) || (site !== null && site !== "same-origin"))
    throw new AppError("bad_origin", `Changes are accepted from ${accessConfig().publicUrl.origin} only.`)
}

function toResponse(answer: Response | HttpAnswer | object): Response {
  if (answer instanceof Response) return answer
  const { status, headers, body } = isHttpAnswer(answer) ? answer : jsonAnswer(200, answer)
  return new Response(body, { status, headers })
}

function isHttpAnswer(answer: object): answer is HttpAnswer {
  return "status" in answer && "headers" in answer && "body" in answer
}

function withDefaults(response: Response, requestId: string): Response {
  response.headers.set("x-request-id", requestId)
  if (!response.headers.has("cache-control")) response.headers.set("cache-control", "private, no-store")
  return response
}
