import { type Ask, backoffMs, Refused } from "./http.js"
import type { Journal } from "./journal.js"
import type { IngestAnswer, WireEvent } from "./wire.js"

const MOST_EVENTS = 500
const MOST_BYTES = 4 * 1024 * 1024

type Waiting = { event: WireEvent; bytes: number }
type Flush = { upTo: number; done: () => void }

export type SenderOptions = {
  ask: Ask
  journal: Journal | null
  /** How long an event waits for others to go with it. */
  lingerMs: number
  onAnswer: (answer: IngestAnswer, sent: WireEvent[]) => void
  /** Events that Andon will not take, or that it could not be reached for; never thrown into the agent's work. */
  onError: (error: Error) => void
}

/**
 * Sends events in batches and in order, one request at a time, for as long as it takes. States: idle -> lingering -> sending -> (waiting to try
 * again -> sending)* -> idle. An event leaves the queue and the journal only when Andon has answered for it.
 */
export class Sender {
  private readonly queue: Waiting[] = []
  private readonly flushes: Flush[] = []
  private taken = 0
  private answered = 0
  private isWorking = false
  private isHurried = false
  private isClosed = false
  private wake: (() => void) | null = null

  constructor(private readonly options: SenderOptions) {
    for (const event of options.journal?.left() ?? []) this.push(event)
    if (this.queue.length > 0) void this.work()
  }

  enqueue(event: WireEvent): void {
    this.options.journal?.append(event)
    this.push(event)
    void this.work()
  }

  /** Resolves when everything that is queued now has been answered for; false when `withinMs` passed before. */
  async flush(withinMs: number): Promise<boolean> {
    const upTo = this.taken
    if (this.answered >= upTo) return true
    this.isHurried = true
    this.wake?.()
    return await new Promise((resolve) => {
      const flush = { upTo, done: () => end(true) }
      const timer = setTimeout(() => end(false), withinMs)
      const end = (isDone: boolean) => {
        clearTimeout(timer)
        const at = this.flushes.indexOf(flush)
        if (at >= 0) this.flushes.splice(at, 1)
        resolve(isDone)
      }
      this.flushes.push(flush)
    })
  }

  /** Sends no more; what was not answered for stays in the journal. */
  close(): void {
    this.isClosed = true
    this.wake?.()
  }

  private push(event: WireEvent): void {
    this.taken += 1
    this.queue.push({ event, bytes: JSON.stringify(event).length })
  }

  private async work(): Promise<void> {
    if (this.isWorking) return
    this.isWorking = true
    let most = MOST_EVENTS
    for (let attempt = 0; this.queue.length > 0 && !this.isClosed; ) {
      if (!this.isHurried && this.queue.length < MOST_EVENTS) await this.pause(this.options.lingerMs)
      this.isHurried = false
      const batch = this.batch(most)
      try {
        const events = batch.map(({ event }) => event)
        const answer = (await this.options.ask("POST", "/api/v1/events", { events })) as IngestAnswer
        for (const { id, code, message } of answer.results)
          this.options.onError(new Error(`${id}: ${code}: ${message}`))
        if (this.isClosed) break
        this.settle(batch.length)
        this.options.onAnswer(answer, events)
        this.release()
        attempt = 0
        most = MOST_EVENTS
      } catch (error) {
        // One event that is too large, or that breaks its envelope, must not hold up those behind it.
        if (error instanceof Refused && (error.status === 413 || error.status === 400)) {
          if (batch.length > 1) most = Math.ceil(batch.length / 2)
          else {
            this.options.onError(error)
            this.settle(1)
            this.release()
          }
          continue
        }
        this.options.onError(error as Error)
        await this.pause(backoffMs(attempt++, error instanceof Refused ? error.retryAfterMs : null), true)
      }
    }
    this.isWorking = false
  }

  private batch(most: number): Waiting[] {
    let bytes = 0
    let count = 0
    for (const item of this.queue) {
      bytes += item.bytes
      if (count > 0 && (count >= most || bytes > MOST_BYTES)) break
      count += 1
    }
    return this.queue.slice(0, count)
  }

  private settle(count: number): void {
    this.queue.splice(0, count)
    this.answered += count
    this.options.journal?.answered(count)
  }

  private release(): void {
    for (const flush of this.flushes.filter(({ upTo }) => upTo <= this.answered)) flush.done()
  }

  /** @param isFirm a wait that a server asked for: nobody hurries it. */
  private pause(ms: number, isFirm = false): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        this.wake = null
        resolve()
      }
      const timer = setTimeout(end, ms)
      if (!isFirm) this.wake = end
      // What waits is in the journal: a process that has nothing else to do may end.
      else if (this.options.journal) timer.unref()
    })
  }
}
