import { randomUUID } from "node:crypto"
import { type Ask, asker, Refused } from "./http.js"
import { Journal } from "./journal.js"
import { Run, type RunOptions } from "./run.js"
import { Sender } from "./sender.js"
import { Watch } from "./watch.js"
import { type Directive, type IngestAnswer, LinePaused, type WireEvent } from "./wire.js"

export type AndonOptions = {
  /** Address of the Andon, such as `http://127.0.0.1:3000`. */
  url: string
  /** A key with the scope `ingest`; with `directives` too a halt is heard in the middle of a step. */
  key: string
  /** A file of this process alone: what it holds survives the process. Without one, events live in memory until they are sent. */
  journal?: string
  /** Who asks for directives; a name per process by default. */
  runner?: string
  lingerMs?: number
  /** How long a step may wait for Andon's word before it begins all the same: an Andon that is away stops nobody. */
  gateMs?: number
  timeoutMs?: number
  onError?: (error: Error) => void
  fetch?: typeof fetch
}

const DEFAULTS = { lingerMs: 100, gateMs: 3_000, timeoutMs: 15_000 }

/** The way to one Andon: sends what its runs report, and hears what they are told. */
export class Andon {
  private readonly ask: Ask
  private readonly journal: Journal | null
  private readonly sender: Sender
  private readonly watch: Watch
  private readonly runs = new Map<string, Run>()
  private readonly gateMs: number
  private asksGate = true

  constructor(options: AndonOptions) {
    const { lingerMs, gateMs, timeoutMs } = { ...DEFAULTS, ...options }
    const onError = options.onError ?? ((error: Error) => process.emitWarning(error.message, "AndonWarning"))
    this.gateMs = gateMs
    this.ask = asker(options.url, options.key, timeoutMs, options.fetch ?? fetch)
    this.journal = options.journal === undefined ? null : new Journal(options.journal)
    this.sender = new Sender({
      ask: this.ask,
      journal: this.journal,
      lingerMs,
      onAnswer: (answer, sent) => this.hear(answer, sent),
      onError,
    })
    this.watch = new Watch({
      ask: this.ask,
      runner: options.runner ?? `runner-${process.pid}-${randomUUID().slice(0, 8)}`,
      onDirective: (directive) => this.runs.get(directive.run)?.tell(directive),
      onError,
    })
  }

  /**
   * Starts a run.
   * @throws LinePaused when its workflow's line is paused, or a budget of it is used up (`code`); Halted when the run must not begin, as over a budget that is used up.
   */
  async run(options: RunOptions): Promise<Run> {
    if (options.workflow !== undefined) await this.askLine(options.workflow)
    const run = new Run(options, {
      send: (event) => this.sender.enqueue(event),
      flush: () => this.sender.flush(this.gateMs),
      ended: (id, detail) => this.forget(id, detail),
    })
    this.runs.set(run.id, run)
    this.watch.add(run.id)
    await run.begin()
    return run
  }

  /** Sends what waits. @returns false when not all was answered for in time; a journal keeps the rest for the next process. */
  async flush(withinMs = 30_000): Promise<boolean> {
    return await this.sender.flush(withinMs)
  }

  async close(withinMs = 30_000): Promise<boolean> {
    this.watch.close()
    const isAll = await this.flush(withinMs)
    this.sender.close()
    this.journal?.close()
    return isAll
  }

  /** A key that may not ask, or an Andon that is away, stops nobody. */
  private async askLine(workflow: string): Promise<void> {
    if (!this.asksGate) return
    try {
      const signal = AbortSignal.timeout(this.gateMs)
      await this.ask("GET", `/api/v1/workflows/${encodeURIComponent(workflow)}/gate`, undefined, signal)
    } catch (error) {
      if (!(error instanceof Refused)) return
      if (error.status === 409) throw new LinePaused(workflow, textOf(error.body.reason), error.code)
      this.asksGate = error.isTransient
    }
  }

  private hear(answer: IngestAnswer, sent: WireEvent[]): void {
    const told = new Map<string, Directive>(answer.directives.map((directive) => [directive.run, directive]))
    for (const id of new Set(sent.map((event) => event.run))) {
      const run = typeof id === "string" ? this.runs.get(id) : undefined
      if (run) run.tell(told.get(run.id) ?? null)
    }
  }

  private async forget(id: string, detail: string): Promise<void> {
    await this.watch.complete(id, detail)
    this.watch.remove(id)
    this.runs.delete(id)
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null
}
