import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http"
import type { Duplex } from "node:stream"
import { newRequestId } from "@/ingest/http"
import { AppError, type ErrorCode } from "@/lib/errors"
import { type AnyAnswer, problem } from "@/lib/http"

/** What a sender that was cut off may still push at us until it has read why. */
const LINGER_MS = 2_000
const LINGER_BYTES = 64 * 1024 * 1024

/** Sends answers that the front gives itself; `common` are headers that all of them carry. */
export class Answerer {
  private readonly common: string[]

  constructor(common: Record<string, string>) {
    this.common = Object.entries(common).flat()
  }

  /** The head alone, for an answer that goes on. */
  begin(res: ServerResponse, status: number, headers: Record<string, string>): void {
    res.writeHead(status, [...this.common, ...Object.entries(headers).flat()])
  }

  /** @param isLast closes the connection after this answer. */
  send(req: IncomingMessage, res: ServerResponse, answer: AnyAnswer, isLast = false): void {
    if (res.destroyed || res.headersSent) return
    const body = answer.body ?? ""
    const headers = this.common.slice()
    for (const name in answer.headers) headers.push(name, answer.headers[name] as string)
    headers.push("content-length", String(Buffer.byteLength(body)))
    if (isLast && answer.headers.connection === undefined) headers.push("connection", "close")
    res.writeHead(answer.status, headers)
    if (req.method === "HEAD") res.end()
    else if (answer.headers.connection === "close" && !req.complete) lingerAfter(req, res, body)
    else res.end(body)
  }

  /** An answer below HTTP: the parser refused the request, so there is no response object. */
  sendRaw(socket: Duplex, code: ErrorCode, status: number, detail: string): void {
    const { headers, body } = problem(new AppError(code, detail), newRequestId())
    const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, "connection: close"]
    for (let i = 0; i < this.common.length; i += 2) lines.push(`${this.common[i]}: ${this.common[i + 1]}`)
    for (const name in headers) lines.push(`${name}: ${headers[name]}`)
    lines.push(`content-length: ${Buffer.byteLength(body ?? "")}`)
    socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`)
  }
}

/** Next ends its answers itself: one that comes before the whole body was read waits, like ours, until its sender can have read it. */
export function lingerOnEnd(req: IncomingMessage, res: ServerResponse): void {
  const end = res.end.bind(res) as (chunk?: unknown) => ServerResponse
  res.end = ((chunk?: unknown) => {
    res.end = end as typeof res.end
    if (req.complete || String(res.getHeader("connection")) !== "close") return end(chunk)
    // Nobody reads the body any more, so nobody may slow it down.
    req.unpipe().removeAllListeners("data")
    lingerAfter(req, res, typeof chunk === "string" || chunk instanceof Uint8Array ? chunk : "")
    return res
  }) as typeof res.end
}

/**
 * The whole answer goes out at once; the connection is closed only when the sender has stopped, or after a bound. Closing at once
 * would reset the connection under a sender that is still writing, and it would never read the answer.
 */
function lingerAfter(req: IncomingMessage, res: ServerResponse, body: string | Uint8Array): void {
  if (body.length > 0) res.write(body)
  let dropped = 0
  const close = () => {
    clearTimeout(timer)
    res.end()
    // An endless sender does not notice a half-closed connection.
    if (!req.complete) req.socket.destroySoon()
  }
  const timer = setTimeout(close, LINGER_MS)
  req.on("data", (chunk: Buffer) => {
    dropped += chunk.length
    // Not read on, an endless sender stalls, and has time to read; closing would take the answer from under it.
    if (dropped > LINGER_BYTES) req.pause()
  })
  req.once("end", close)
  req.once("close", () => clearTimeout(timer))
  req.on("error", () => {})
  req.resume()
}
