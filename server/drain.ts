import type { Server } from "node:http"
import type { Socket } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { logError } from "@/lib/http"
import type { Health } from "./health"

/** In-flight requests get as long as ingest gives itself; then their connections are cut. */
const IN_FLIGHT_MS = 15_000
/** Each step on the way to the last. */
const STEP_MS = 4_000
/** The last step, the database's own shutdown, gets what is left of this, and never less than the other: at most 27 seconds in all. */
const ALL_MS = 20_000
const HURRY_MS = 500
/** What came before the signal may still wait in the kernel, unread: until then no connection can be called quiet. */
const GRACE_MS = 750

export type Step = [what: string, work: () => Promise<unknown>]

/**
 * The end of the process. serving -> draining: readiness is 503 at once, nothing new is accepted, what is in flight is finished, then the
 * steps run in order, each with a bound. A second signal hurries: connections are cut, steps get half a second.
 */
export class Drain {
  private exitCode: number | undefined
  private readonly sockets = new Set<Socket>()
  private readonly upgraded = new WeakSet<object>()
  private hurry: () => void = () => {}
  private readonly hurried = new Promise<void>((resolve) => {
    this.hurry = resolve
  })

  constructor(
    private readonly health: Health,
    private readonly server: Server,
    /** Begun at once, so that streams do not count as in flight. */
    private readonly endStreams: () => Promise<unknown>,
    /** Run once nothing is in flight: pools, then the database. */
    private readonly steps: () => Step[],
  ) {
    server.on("connection", (socket: Socket) => {
      this.sockets.add(socket)
      socket.once("close", () => this.sockets.delete(socket))
    })
    server.on("upgrade", (_req, socket) => this.upgraded.add(socket))
  }

  start(reason: string, exitCode: number): void {
    if (this.exitCode !== undefined) {
      this.exitCode = Math.max(this.exitCode, exitCode)
      this.hurry()
      return
    }
    this.exitCode = exitCode
    this.health.phase = "draining"
    process.stdout.write(`${reason}: finishing what is in flight\n`)
    void this.run()
  }

  private async run(): Promise<void> {
    const deadline = performance.now() + ALL_MS
    const streams = this.bounded("end streams", this.endStreams, STEP_MS)
    await this.finishRequests()
    await streams
    const steps = this.steps()
    for (const [index, [what, work]] of steps.entries())
      await this.bounded(
        what,
        work,
        index < steps.length - 1 ? STEP_MS : Math.max(STEP_MS, deadline - performance.now()),
      )
    process.stdout.write("Stopped\n")
    process.exit(this.exitCode)
  }

  /** Resolves when no connection is left. Kept-alive ones are closed as they fall idle; a request on one has been answered 503. */
  private async finishRequests(): Promise<void> {
    const { server } = this
    if (!server.listening) return
    await Promise.race([sleep(GRACE_MS), this.hurried])
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    this.closeQuiet()
    const quiet = setInterval(() => this.closeQuiet(), 50)
    const cutAll = () => {
      for (const socket of this.sockets) socket.destroy()
    }
    const cut = setTimeout(cutAll, IN_FLIGHT_MS)
    void this.hurried.then(cutAll)
    await closed
    clearInterval(quiet)
    clearTimeout(cut)
  }

  /**
   * What no answer is due on: idle connections, those that a browser opened in advance and has said nothing on yet (which node counts as
   * active), and upgraded ones, which are no longer the HTTP server's own.
   */
  private closeQuiet(): void {
    this.server.closeIdleConnections()
    for (const socket of this.sockets) if (socket.bytesRead === 0 || this.upgraded.has(socket)) socket.destroy()
  }

  private async bounded(what: string, work: () => Promise<unknown>, ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<void>((resolve) => {
      const stop = () => {
        logError("shutting down", new Error(`"${what}" took too long and was left`))
        resolve()
      }
      timer = setTimeout(stop, ms)
      void this.hurried.then(() => {
        clearTimeout(timer)
        timer = setTimeout(stop, HURRY_MS)
      })
    })
    try {
      await Promise.race([work(), tooLong])
    } catch (error) {
      logError(`shutting down: ${what}`, error)
    } finally {
      clearTimeout(timer)
    }
  }
}
