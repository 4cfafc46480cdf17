import { AsyncLocalStorage } from "node:async_hooks"
import { randomBytes, randomUUID } from "node:crypto"
import { type Directive, Halted, type Usage, type WireEvent } from "./wire.js"

export type RunOptions = {
  /** Made when absent; A–Z a–z 0–9 . _ : - */
  id?: string
  workflow?: string
  agent?: string
  environment?: string
  release?: string
  /** The steps that are to succeed, in order. */
  plan?: readonly string[]
  /** The checks that are to pass on the final output. */
  checks?: readonly string[]
  tags?: Record<string, string>
}
type Moment = Date | string | number
export type SpanOptions = {
  name?: string
  start?: Moment
  end?: Moment
  provider?: string
  model?: string
  response_model?: string
  service_tier?: string
  /** Disjoint: `input` is uncached input. */
  usage?: Usage
  /** What the provider reported, as a decimal string. */
  cost?: string
  status?: "ok" | "error"
  error?: string
  input?: unknown
  output?: unknown
}
export type Verdict = {
  check: string
  outcome: "passed" | "failed" | "error" | "skipped"
  score?: number
  threshold?: number
  evidence?: string
  /** `sha256:…` of what was checked: a pass proves the output that has this hash. */
  artifact?: string
  verifier?: { name: string; hash?: string }
}
export type Outcome = "succeeded" | "failed" | "cancelled"
export type Output = { sha256?: string; refs?: readonly string[] }
export type StepOptions = { attempt?: number; sideEffects?: "none" | "idempotent" | "unsafe" }

type Line = {
  send: (event: WireEvent) => void
  flush: () => Promise<boolean>
  ended: (id: string, detail: string) => Promise<void>
}
type OpenStep = { step: string; attempt: number }

/** One run of an agent. Its steps ask Andon before they begin; what is called inside a step is booked on it. */
export class Run {
  readonly id: string
  /** Aborted when the run is halted: hand it to what a step is waiting for. */
  readonly signal: AbortSignal
  private readonly stop = new AbortController()
  private readonly open = new AsyncLocalStorage<OpenStep>()
  private readonly attempts = new Map<string, number>()
  private readonly prefix = randomBytes(9).toString("hex")
  private seq = 0
  private halt: Directive | null = null
  private last: Directive | null = null
  private isEnded = false

  constructor(
    private readonly options: RunOptions,
    private readonly line: Line,
  ) {
    this.id = options.id ?? randomUUID()
    this.signal = this.stop.signal
  }

  /** What the run was last told other than to go on; null when it is to go on. */
  get directive(): Directive | null {
    return this.halt ?? this.last
  }

  /** @throws Halted. */
  async begin(): Promise<void> {
    const { id: _, ...placement } = this.options
    this.send("run.started", placement)
    await this.line.flush()
    await this.goOnOrStop(null)
  }

  /**
   * Does one step. Andon hears of it and answers before `work` begins; when the run is halted, it does not begin. What `work` throws fails the
   * step and is thrown on.
   * @throws Halted before `work` begins, never in its middle (see `signal`).
   */
  async step<T>(step: string, work: (signal: AbortSignal) => Promise<T> | T, options: StepOptions = {}): Promise<T> {
    await this.goOnOrStop(null)
    const attempt = options.attempt ?? (this.attempts.get(step) ?? 0) + 1
    this.attempts.set(step, attempt)
    this.send("step.started", { step, attempt })
    await this.line.flush()
    await this.goOnOrStop({ step, attempt })
    const more = options.sideEffects === undefined ? {} : { side_effects: options.sideEffects }
    try {
      const result = await this.open.run({ step, attempt }, () => work(this.signal))
      this.send("step.finished", { step, attempt, outcome: "succeeded", ...more })
      return result
    } catch (error) {
      const outcome = error instanceof Halted ? "cancelled" : "failed"
      this.send("step.finished", { step, attempt, outcome, error: textOf(error), ...more })
      throw error
    }
  }

  /** A call of a model. */
  call(span: SpanOptions): void {
    this.span("llm", span)
  }

  /** A use of a tool; `input` are its arguments. */
  tool(name: string, span: SpanOptions = {}): void {
    this.span("tool", { ...span, name })
  }

  span(kind: string, { start, end, ...span }: SpanOptions): void {
    const now = Date.now()
    const times = { start: isoOf(start ?? end ?? now), end: isoOf(end ?? now) }
    this.send(
      "span",
      { span: `${this.prefix}-${this.seq + 1}`, kind, ...span, ...times, ...this.open.getStore() },
      null,
    )
  }

  /** The result of a check. */
  verify(verdict: Verdict): void {
    const open = this.open.getStore()
    this.send("verification", { ...verdict, ...(open ? { step: open.step } : {}) })
  }

  /**
   * Claims the run's end; whether it is done, Andon says when its checks have passed on this output.
   * @throws Halted when the run was halted meanwhile.
   */
  async finish(outcome: Outcome, output: Output = {}, error?: string): Promise<void> {
    await this.goOnOrStop(null)
    if (this.isEnded) return
    this.isEnded = true
    this.send("run.finished", {
      outcome,
      ...(Object.keys(output).length > 0 ? { output } : {}),
      ...(error === undefined ? {} : { error }),
    })
    await this.line.flush()
    await this.line.ended(this.id, `finished: ${outcome}`)
  }

  /** Stops by the agent's own judgement. */
  async haltSelf(reason: string, step?: string): Promise<void> {
    if (this.isEnded) return
    this.isEnded = true
    this.send("run.halted", { by: "agent", reason, ...(step === undefined ? {} : { step }) })
    await this.line.flush()
    await this.line.ended(this.id, "halted by itself")
  }

  /** Hears Andon; null: nothing but to go on. A halt is for good. */
  tell(directive: Directive | null): void {
    this.last = directive?.action === "continue" ? null : directive
    if (directive?.action !== "halt" || this.halt) return
    this.halt = directive
    this.stop.abort(new Halted(directive))
  }

  /** Once halted, confirms it to Andon and throws; a step that was announced is told to have been called off. */
  private async goOnOrStop(announced: OpenStep | null): Promise<void> {
    if (!this.halt) return
    if (announced) this.send("step.finished", { ...announced, outcome: "cancelled" })
    const halted = new Halted(this.halt)
    if (!this.isEnded) {
      this.isEnded = true
      const { rule, step } = this.halt
      this.send("run.halted", {
        by: "policy",
        reason: halted.message,
        ...(rule === null ? {} : { rule }),
        ...(step === null ? {} : { step }),
      })
      await this.line.flush()
      await this.line.ended(this.id, "halted")
    }
    throw halted
  }

  private send(type: string, fields: Record<string, unknown>, at: string | null = isoOf(Date.now())): void {
    this.seq += 1
    this.line.send({
      id: `${this.prefix}:${this.seq}`,
      type,
      run: this.id,
      seq: this.seq,
      ...(at === null ? {} : { at }),
      ...fields,
    })
  }
}

function isoOf(moment: Moment): string {
  return new Date(moment).toISOString()
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
