import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { Directive, WireEvent } from "./wire.js"

export type Reply = { status: number; body?: unknown; headers?: Record<string, string> }
export type Loopback = {
  url: string
  /** Every event of every request that was answered with 2xx, in the order of arrival. */
  events: WireEvent[]
  requests: { method: string; path: string; at: number; body: string }[]
  directives: Map<string, Directive>
  /** What the next requests for events get instead of the usual answer. */
  replies: Reply[]
  close(): Promise<void>
}

/** Answers as an Andon does, as far as the client can tell. */
export async function loopback(
  more: (path: string) => Reply | Promise<Reply> | null = () => ({ status: 403, body: { code: "missing_scope" } }),
): Promise<Loopback> {
  const state: Omit<Loopback, "url" | "close"> = { events: [], requests: [], directives: new Map(), replies: [] }
  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    let body = ""
    for await (const chunk of req) body += chunk
    const path = req.url ?? ""
    state.requests.push({ method: req.method ?? "", path, at: Date.now(), body })
    const reply = path === "/api/v1/events" ? (state.replies.shift() ?? take(body)) : await more(path)
    if (!reply) return void req.socket.destroy()
    res.writeHead(reply.status, { "content-type": "application/json", ...reply.headers })
    res.end(JSON.stringify(reply.body ?? {}))
  }
  function take(body: string): Reply {
    const { events } = JSON.parse(body) as { events: WireEvent[] }
    state.events.push(...events)
    const runs = new Set(events.map(({ run }) => String(run)))
    const directives = [...runs].flatMap((run) => state.directives.get(run) ?? [])
    return { status: 200, body: { results: [], directives } }
  }
  const server = createServer((req, res) => void answer(req, res))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    ...state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
