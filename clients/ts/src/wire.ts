/** What goes over the wire, as `/api/v1/openapi.json` of an Andon describes it; money is a decimal string. */
export type Usage = Partial<
  Record<"input" | "cache_read" | "cache_write" | "output" | "reasoning" | "audio_input" | "audio_output", number>
>
export type WireEvent = { id: string; type: string } & Record<string, unknown>

/** What an agent is told about a run. */
export type Directive = {
  /** Only of those that came by the long poll. */
  id?: string
  run: string
  action: "continue" | "pause" | "retry" | "quarantine" | "halt"
  rule: string | null
  observed: string | null
  limit: string | null
  step: string | null
}
export type LeasedDirective = Directive & { id: string; lease_token: string; lease_until: string }

export type Refusal = { index: number; id: string | null; status: string; code: string; message: string }
export type IngestAnswer = { results: Refusal[]; directives: Directive[] }

/** Thrown before a step begins, and at the end, when Andon has halted the run. */
export class Halted extends Error {
  override readonly name = "Halted"
  readonly run: string
  readonly rule: string | null
  readonly observed: string | null
  readonly limit: string | null
  /** The step at which the limit was crossed. */
  readonly step: string | null

  constructor({ run, rule, observed, limit, step }: Omit<Directive, "action">) {
    const why = observed === null ? "" : ` (observed ${observed}${limit === null ? "" : `, limit ${limit}`})`
    super(`Run ${run} was halted${rule === null ? "" : ` by rule ${rule}`}${step === null ? "" : ` at ${step}`}${why}`)
    this.run = run
    this.rule = rule
    this.observed = observed
    this.limit = limit
    this.step = step
  }
}

/** Thrown when a run is to begin on a line that is paused. */
export class LinePaused extends Error {
  override readonly name = "LinePaused"
  readonly workflow: string
  readonly reason: string | null

  constructor(workflow: string, reason: string | null) {
    super(`The line ${workflow} is paused${reason === null ? "" : `: ${reason}`}`)
    this.workflow = workflow
    this.reason = reason
  }
}
