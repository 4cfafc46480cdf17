import type { IncomingMessage, RequestListener, ServerResponse } from "node:http"
import { methodsOf } from "@/access/matrix"
import { type Authenticate, newRequestId } from "@/ingest/http"
import { AppError } from "@/lib/errors"
import { logError, problem } from "@/lib/http"
import { Answerer, lingerOnEnd } from "./answer"
import { dataHeaders, dropForeignHeaders, newNonce, pageHeaders, pagePolicy } from "./headers"
import type { Health } from "./health"
import { INGEST, type IngestHandler } from "./ingest-paths"
import type { LiveHub } from "./live"
import type { RemoteAddress } from "./remote"

const LIVE_PATH = "/api/v1/live"
/** Pages' own requests are small; only ingest takes more. */
const PAGE_BODY_BYTES = 1024 * 1024

export type FrontOptions = {
  health: Health
  authenticate: Authenticate
  remoteOf: RemoteAddress
  live: () => LiveHub | null
  /** Next's handler, once it is prepared. */
  next: () => RequestListener | null
  hasIngestFront: boolean
  isSecure: boolean
  dev: boolean
}

/** The one handler of the server: probes, ingest and the live stream are answered here, the rest is Next's. */
export class Front {
  readonly answerer: Answerer

  constructor(private readonly options: FrontOptions) {
    this.answerer = new Answerer(dataHeaders(options))
  }

  /** @param expects the sender waits for "100 Continue" before it sends its body. */
  handle(req: IncomingMessage, res: ServerResponse, expects = false): void {
    const url = req.url ?? "/"
    const query = url.indexOf("?")
    const path = query < 0 ? url : url.slice(0, query)
    this.route(path, req, res, expects).catch((error) => this.fail(req, res, error))
  }

  private async route(path: string, req: IncomingMessage, res: ServerResponse, expects: boolean): Promise<void> {
    const { health, hasIngestFront, live } = this.options
    const take = hasIngestFront ? INGEST.get(path) : undefined
    if (take) return await this.ingest(take, req, res, expects)
    if (path === "/healthz/live" || path === "/healthz/ready") return await this.probe(path, req, res)
    if (health.phase !== "serving") throw unavailable(health)
    const hub = path === LIVE_PATH ? live() : null
    if (hub) return await hub.open(req, res, this.remote(req), this.answerer)
    if (expects) res.writeContinue()
    return await this.page(path, req, res)
  }

  private async ingest(
    take: IngestHandler,
    req: IncomingMessage,
    res: ServerResponse,
    expects: boolean,
  ): Promise<void> {
    const { health, authenticate } = this.options
    if (health.phase !== "serving") {
      this.fail(req, res, unavailable(health))
      return
    }
    const request = {
      method: req.method ?? "",
      headers: singleHeaders(req),
      body: req,
      remote: this.remote(req),
      requestId: newRequestId(),
    }
    // Asking for the body is what makes us say "continue": not before the key is known.
    if (expects) Object.defineProperty(request, "body", { get: () => continued(req, res) })
    const answer = await take(request, authenticate)
    this.answerer.send(req, res, answer, health.isDraining())
  }

  private async probe(path: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { health } = this.options
    if (req.method !== "GET" && req.method !== "HEAD") {
      const answer = problem(new AppError("method_not_allowed", "Probes are read with GET."), newRequestId())
      answer.headers.allow = "GET, HEAD"
      this.answerer.send(req, res, answer, true)
      return
    }
    const answer = path === "/healthz/live" ? health.live() : await health.ready()
    this.answerer.send(req, res, answer, health.isDraining())
  }

  /** Next answers; the headers are set before, because it begins to send inside its handler. */
  private async page(path: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { dev, next } = this.options
    const handle = next()
    if (!handle) throw unavailable(this.options.health)
    if (!isReadable(path))
      throw new AppError("invalid_input", "This address holds an escape that stands for no character.", {
        field: "path",
      })
    const methods = path.startsWith("/api/") && !INGEST.has(path) ? methodsOf(path) : null
    if (methods && !methods.includes(req.method ?? "")) {
      // Next would answer 405 without saying what is allowed.
      const id = newRequestId()
      const answer = problem(new AppError("method_not_allowed", `Use ${methods.join(", ")}.`), id)
      Object.assign(answer.headers, { allow: methods.join(", "), "x-request-id": id })
      this.answerer.send(req, res, answer, true)
      return
    }
    if (!INGEST.has(path) && Number(req.headers["content-length"] ?? 0) > PAGE_BODY_BYTES)
      throw new AppError("body_too_large", `A request body may have at most ${PAGE_BODY_BYTES} bytes here.`)
    const remote = this.remote(req)
    const requestId = newRequestId()
    const nonce = newNonce()
    const policy = pagePolicy(nonce, dev)
    dropForeignHeaders(req.headers)
    req.headers["content-security-policy"] = policy
    req.headers["x-nonce"] = nonce
    req.headers["x-request-id"] = requestId
    if (remote !== null) req.headers["x-andon-remote"] = remote
    const headers = pageHeaders(policy, this.options)
    for (const name in headers) res.setHeader(name, headers[name] as string)
    res.setHeader("x-request-id", requestId)
    // Static files have their hash in the name and Next's own caching headers; the icon has it behind the name, and a page asks for it at every change of its address.
    if (!path.startsWith("/_next/static/"))
      res.setHeader(
        "cache-control",
        isHashedIcon(req.url) ? "public, max-age=31536000, immutable" : "private, no-store",
      )
    if (req.method === "POST") lingerOnEnd(req, res)
    await handle(req, res)
  }

  private remote(req: IncomingMessage): string | null {
    const forwarded = req.headers["x-forwarded-for"]
    return this.options.remoteOf(req.socket.remoteAddress, typeof forwarded === "string" ? forwarded : undefined)
  }

  private fail(req: IncomingMessage, res: ServerResponse, error: unknown): void {
    const requestId = newRequestId()
    if (res.headersSent) {
      logError("an answer broke off", error, requestId)
      res.destroy()
      return
    }
    const answer = problem(error, requestId)
    answer.headers["x-request-id"] = requestId
    answer.headers.connection = "close"
    for (const name of res.getHeaderNames()) res.removeHeader(name)
    this.answerer.send(req, res, answer)
  }
}

function continued(req: IncomingMessage, res: ServerResponse): IncomingMessage {
  res.writeContinue()
  return req
}

const isHashedIcon = (url: string | undefined): boolean => url?.startsWith("/icon.svg?") ?? false

/** Next answers 500 to a path whose escapes are no UTF-8. */
function isReadable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

function unavailable(health: Health): AppError {
  return health.phase === "draining"
    ? new AppError("shutting_down", "Andon is shutting down.", { retryAfterSeconds: 5 })
    : new AppError("busy", "Andon is starting.", { retryAfterSeconds: 2 })
}

/** node:http joins repeated headers or keeps the first; only `set-cookie`, which no request has, becomes a list. */
function singleHeaders(req: IncomingMessage): Record<string, string | undefined> {
  return req.headers as Record<string, string | undefined>
}
