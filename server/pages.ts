import type { IncomingMessage } from "node:http"
import { createServer, type RequestListener } from "node:http"
import type { Duplex } from "node:stream"

export type Pages = {
  handle: RequestListener
  /** Development only: the browser's connection for changed sources. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): Promise<void>
}

/** @throws Error when there is no build to serve. */
export async function openPages(options: { dev: boolean; root: string; host: string; port: number }): Promise<Pages> {
  // Read when React and Next are loaded, which is why they are loaded here.
  Object.assign(process.env, {
    NODE_ENV: options.dev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
  })
  const { default: next } = await import("next")
  // Next adds an upgrade listener to the server it is told of. This one never listens, so that no upgrade reaches Next unasked.
  const decoy = createServer()
  const app = next({
    dev: options.dev,
    dir: options.root,
    hostname: options.host,
    port: options.port,
    httpServer: decoy,
  })
  try {
    await app.prepare()
  } catch (error) {
    if (!options.dev && /production build/.test(String(error)))
      throw new Error("The pages are not built. Run `npm start`, which builds what changed.", { cause: error })
    throw error
  }
  return {
    handle: app.getRequestHandler(),
    upgrade(req, socket, head) {
      if (options.dev && req.url?.startsWith("/_next/")) decoy.emit("upgrade", req, socket, head)
      else socket.destroy()
    },
    close: () => app.close(),
  }
}
