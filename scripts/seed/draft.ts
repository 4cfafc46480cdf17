import { createHash } from "node:crypto"
import type { NativeEvent } from "@/lib/contracts/events"
import { toIso } from "@/lib/time"
import type { RunOutcome, SpanKind, StepOutcome, Usage, Verdict } from "@/lib/vocabulary"

export const sha256 = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`

type EventOf<T extends NativeEvent["type"]> = Extract<NativeEvent, { type: T }>
type Begin = Omit<EventOf<"run.started">, "id" | "seq" | "type" | "run" | "at">

export type SpanDraft = {
  kind: SpanKind
  name: string
  /** How long it took; the clock moves on by that unless `overlaps`. */
  ms: number
  overlaps?: boolean
  span?: string
  parent?: string | undefined
  provider?: string
  model?: string
  usage?: Partial<Usage>
  cost?: string
  error?: string
  input?: unknown
  output?: unknown
}

/**
 * Builds the events of one run in the order in which an agent sends them: it keeps the clock, `seq`, the event ids (`<run>:<seq>`), the span ids and
 * the step under way.
 */
export class RunDraft {
  readonly events: NativeEvent[] = []
  #step: { name: string; attempt: number } | null = null
  #spans = 0

  constructor(
    readonly run: string,
    public clock: number,
  ) {}

  #head(): { id: string; run: string; seq: number; at: string } {
    const seq = this.events.length + 1
    return { id: `${this.run}:${seq}`, run: this.run, seq, at: toIso(this.clock) }
  }

  pass(ms: number): this {
    this.clock += ms
    return this
  }

  started(begin: Begin): this {
    this.events.push({ ...this.#head(), type: "run.started", ...begin })
    return this
  }

  stepStarted(step: string, attempt = 1): this {
    this.#step = { name: step, attempt }
    this.events.push({ ...this.#head(), type: "step.started", step, attempt })
    return this
  }

  stepFinished(outcome: StepOutcome, error?: string): this {
    const { name, attempt } = this.#step ?? { name: "run", attempt: 1 }
    this.events.push({
      ...this.#head(),
      type: "step.finished",
      step: name,
      attempt,
      outcome,
      ...(error === undefined ? {} : { error }),
    })
    this.#step = null
    return this
  }

  /** @returns the id of the span. */
  span(draft: SpanDraft): string {
    const { ms, overlaps, span = `s${++this.#spans}`, error, parent, ...rest } = draft
    const start = this.clock
    const head = this.#head()
    if (!overlaps) this.clock += ms
    this.events.push({
      id: head.id,
      type: "span",
      run: head.run,
      seq: head.seq,
      span,
      ...(parent === undefined ? {} : { parent }),
      ...(this.#step ? { step: this.#step.name, attempt: this.#step.attempt } : {}),
      start: toIso(start),
      end: toIso(start + ms),
      ...rest,
      status: error === undefined ? "ok" : "error",
      ...(error === undefined ? {} : { error }),
    })
    return span
  }

  /** A check by a verifier of its own (name and hash), on the output whose hash is `artifact`. */
  verified(
    check: string,
    outcome: Verdict,
    artifact: string | undefined,
    more: Partial<EventOf<"verification">> = {},
  ): this {
    this.events.push({
      ...this.#head(),
      type: "verification",
      check,
      outcome,
      ...(artifact === undefined ? {} : { artifact }),
      verifier: { name: `${check}.sh`, hash: sha256(`verifier ${check}`) },
      ...more,
    })
    return this
  }

  halted(by: string, reason: string, rule?: string): this {
    this.events.push({
      ...this.#head(),
      type: "run.halted",
      by,
      reason,
      ...(this.#step ? { step: this.#step.name } : {}),
      ...(rule === undefined ? {} : { rule }),
    })
    return this
  }

  finished(outcome: RunOutcome, more: { error?: string; output?: { sha256?: string; refs?: string[] } } = {}): this {
    this.events.push({ ...this.#head(), type: "run.finished", outcome, ...more })
    return this
  }
}
