import { type ClientRequest, type IncomingHttpHeaders, request } from "node:http"
import { connect } from "node:net"
import type { Booted } from "./testing"

export type Answer = { status: number; headers: IncomingHttpHeaders; text: string; json: Record<string, unknown> }
export type Sending = {
  method?: string
  headers?: Record<string, string | undefined>
  body?: string | Buffer | Iterable<Buffer> | AsyncIterable<Buffer>
}

/** Batches of events as an agent sends them; what is given wins over the usual headers, `undefined` takes one away. */
export async function sendEvents(
  server: Booted,
  body: Sending["body"] | object[],
  headers: Sending["headers"] = {},
): Promise<Answer> {
  return await call(server, "/api/v1/events", {
    method: "POST",
    headers: { authorization: `Bearer ${server.key}`, "content-type": "application/json", ...headers },
    body: Array.isArray(body) && !Buffer.isBuffer(body[0]) ? JSON.stringify(body) : (body as Sending["body"]),
  })
}

/**
 * One request on a connection of its own, by node:http, which sends what it is told: fetch would mend it. A string or buffer goes with its
 * length, an iterable in chunks. Resolves with the answer even when the server ends the connection while the body is still being sent.
 */
export function call(
  server: Pick<Booted, "port">,
  path: string,
  { method = "GET", headers = {}, body }: Sending = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const whole = typeof body === "string" || Buffer.isBuffer(body) ? Buffer.from(body) : null
    const sent = Object.fromEntries(
      Object.entries({ ...(whole ? { "content-length": String(whole.length) } : {}), ...headers }).filter(
        ([, value]) => value !== undefined,
      ),
    ) as Record<string, string>
    let isAnswered = false
    const req = request({ host: "127.0.0.1", port: server.port, path, method, headers: sent, agent: false }, (res) => {
      isAnswered = true
      let text = ""
      res.setEncoding("utf8")
      res.on("data", (chunk) => (text += chunk))
      res.on("error", reject)
      res.on("end", () => {
        req.destroy()
        resolve({ status: res.statusCode ?? 0, headers: res.headers, text, json: parsed(text) })
      })
    })
    // A server that refuses a body closes while it is still being written: the answer may be read after the write has failed.
    req.on("error", (error) => setTimeout(() => isAnswered || reject(error), 500))
    void write()

    async function write(): Promise<void> {
      if (whole) req.end(whole)
      else if (body === undefined) req.end()
      else {
        for await (const chunk of body as AsyncIterable<Buffer>) {
          if (req.destroyed || isAnswered) return
          if (!req.write(chunk)) await untilWritable(req)
        }
        req.end()
      }
    }
  })
}

function untilWritable(req: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      req.off("drain", done).off("close", done)
      resolve()
    }
    req.on("drain", done).on("close", done)
  })
}

/** Bytes as they are, for what no client would send. Resolves with all that came back when the server closes, or after `ms`. */
export function raw(server: Pick<Booted, "port">, bytes: string, ms = 3_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, "127.0.0.1")
    let text = ""
    const timer = setTimeout(() => socket.destroy(), ms)
    socket.on("data", (chunk) => (text += chunk))
    socket.on("error", () => {})
    socket.on("close", () => {
      clearTimeout(timer)
      resolve(text)
    })
    socket.write(bytes)
  })
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
