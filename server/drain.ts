import type { Server } from "node:http"
import { logError } from "@/lib/http"
import type { Health } from "./health"

/** In-flight requests get this long; then their connections are cut. */
const IN_FLIGHT_MS = 18_000
/** Closing pools and database; the whole is done well within 30 seconds. */
const STEP_MS = 5_000
const HURRY_MS = 500

export type Step = [what: string, work: () => Promise<unknown>]

/**
 * The end of the process. serving -> draining: readiness is 503 at once, nothing new is accepted, what is in flight is finished, then the
 * steps run in order, each with a bound. A second signal hurries: connections are cut, steps get half a second.
 */
export class Drain {
  private exitCode: number | undefined
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
  ) {}

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
    const streams = this.bounded("end streams", this.endStreams)
    await this.finishRequests()
    await streams
    for (const [what, work] of this.steps()) await this.bounded(what, work)
    process.stdout.write("Stopped\n")
    process.exit(this.exitCode)
  }

  /** Resolves when no connection is left. Kept-alive ones are closed as they fall idle; a request on one has been answered 503. */
  private async finishRequests(): Promise<void> {
    const { server } = this
    if (!server.listening) return
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    const idle = setInterval(() => server.closeIdleConnections(), 50)
    server.closeIdleConnections()
    const cut = setTimeout(() => server.closeAllConnections(), IN_FLIGHT_MS)
    void this.hurried.then(() => server.closeAllConnections())
    await closed
    clearInterval(idle)
    clearTimeout(cut)
  }

  private async bounded(what: string, work: () => Promise<unknown>): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<void>((resolve) => {
      const stop = () => {
        logError("shutting down", new Error(`"${what}" took too long and was left`))
        resolve()
      }
      timer = setTimeout(stop, STEP_MS)
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
