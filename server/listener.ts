import { createServer, type Server } from "node:http"
import type { Front } from "./front"

/** A login form needs less; agents put nothing but a key into headers. */
const HEADER_BYTES = 16 * 1024
const HEADERS_WITHIN_MS = 10_000
/** Whole request; ingest answers slow bodies itself, a little earlier. */
const REQUEST_WITHIN_MS = 32_000
/** Longer than usual balancers keep theirs, so that it is never us who closes under a request on its way. */
const KEEP_ALIVE_MS = 65_000

const REFUSALS: Record<string, [status: number, detail: string]> = {
  HPE_HEADER_OVERFLOW: [431, "The header fields are too large."],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The request arrived too slowly."],
}

/** node:http with every limit set: nothing waits for ever, nothing grows without bound, nothing is upgraded. */
export function createListener(front: Front, onUpgrade: Parameters<Server["on"]>[1] | null): Server {
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES,
      headersTimeout: HEADERS_WITHIN_MS,
      requestTimeout: REQUEST_WITHIN_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: 1_000,
      noDelay: true,
    },
    (req, res) => front.handle(req, res),
  )
  server.on("checkContinue", (req, res) => front.handle(req, res, true))
  server.on("upgrade", onUpgrade ?? ((_req, socket) => socket.destroy()))
  server.on("connect", (_req, socket) => socket.destroy())
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy()
      return
    }
    const [status, detail] = REFUSALS[error.code ?? ""] ?? [400, "This is not an HTTP request that can be read."]
    front.answerer.sendRaw(socket, status === 408 ? "body_timeout" : "invalid_input", status, detail)
  })
  return server
}

/** @throws Error that says what to do when the port is taken. */
export async function listenOn(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE")
        reject(new Error(`Port ${port} on ${host} is taken: is Andon running already? Choose another with PORT=…`))
      else if (error.code === "EACCES")
        reject(new Error(`Port ${port} needs rights that this account lacks. Choose another with PORT=…`))
      else if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND")
        reject(new Error(`HOST=${host} is no address of this machine.`))
      else reject(error)
    })
    server.listen({ host, port, backlog: 1024 }, resolve)
  })
}
