import { type Ask, backoffMs, Refused } from "./http.js"
import type { Directive, LeasedDirective } from "./wire.js"

const WAIT_S = 30
const MOST_RUNS = 100

type Poll = { ask: Ask; runner: string; onDirective: (directive: Directive) => void; onError: (error: Error) => void }

/**
 * Asks for directives by long poll while there is a run to watch, so that a halt is heard in the middle of a step too. A key without the scope
 * `directives` is told of them by the answers to its events alone.
 */
export class Watch {
  private readonly runs = new Set<string>()
  private readonly leases = new Map<string, LeasedDirective>()
  private changed = new AbortController()
  private isPolling = false
  private isOver = false

  constructor(private readonly poll: Poll) {}

  add(run: string): void {
    this.runs.add(run)
    this.changed.abort()
    void this.loop()
  }

  remove(run: string): void {
    this.runs.delete(run)
    if (this.runs.size === 0) this.changed.abort()
  }

  /** The runner has done what a directive asked for. */
  async complete(run: string, detail: string): Promise<void> {
    const lease = this.leases.get(run)
    if (!lease) return
    this.leases.delete(run)
    await this.tell(lease, "complete", detail)
  }

  close(): void {
    this.isOver = true
    this.changed.abort()
  }

  private async loop(): Promise<void> {
    if (this.isPolling || this.isOver) return
    this.isPolling = true
    for (let attempt = 0; this.runs.size > 0 && !this.isOver; ) {
      this.changed = new AbortController()
      try {
        const query = new URLSearchParams({ runner: this.poll.runner, wait: String(WAIT_S) })
        for (const run of [...this.runs].slice(-MOST_RUNS)) query.append("run", run)
        const signal = AbortSignal.any([this.changed.signal, AbortSignal.timeout((WAIT_S + 15) * 1000)])
        const { items } = (await this.poll.ask("GET", `/api/v1/directives?${query}`, undefined, signal)) as {
          items: LeasedDirective[]
        }
        attempt = 0
        for (const item of items) {
          this.leases.set(item.run, item)
          this.poll.onDirective(item)
          void this.tell(item, "ack", "")
        }
      } catch (error) {
        if (this.changed.signal.aborted) continue
        if (error instanceof Refused && !error.isTransient) {
          this.isOver = true
          if (error.code !== "missing_scope") this.poll.onError(error)
          break
        }
        await later(backoffMs(attempt++, error instanceof Refused ? error.retryAfterMs : null), this.changed.signal)
      }
    }
    this.isPolling = false
  }

  /** A lease that ran out meanwhile, or that another runner has, is nothing to be done about. */
  private async tell({ id, lease_token }: LeasedDirective, act: "ack" | "complete", detail: string): Promise<void> {
    await this.poll.ask("POST", `/api/v1/directives/${id}/${act}`, { lease_token, detail }).catch(() => {})
  }
}

function later(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    timer.unref()
    signal.addEventListener("abort", () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
