/** What goes over the wire, as `/api/v1/openapi.json` of an Andon describes it; money is a decimal string. */
export type Usage = Partial<
  Record<"input" | "cache_read" | "cache_write" | "output" | "reasoning" | "audio_input" | "audio_output", number>
>
export type WireEvent = { id: string; type: string } & Record<string, unknown>

/** What an agent is told about a run. Of a person's halt `rule` is `person` and `observed` the reason. */
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
    const seen = observed ? ` (observed ${observed}${limit ? `, limit ${limit}` : ""})` : ""
    const why =
      rule === "person"
        ? ` by a person${observed ? `: ${observed}` : ""}`
        : `${rule ? ` by rule ${rule}` : ""}${step ? ` at ${step}` : ""}${seen}`
    super(`Run ${run} was halted${why}`)
    this.run = run
    this.rule = rule || null
    this.observed = observed || null
    this.limit = limit || null
    this.step = step || null
  }
}

/** Thrown when a run is to begin on a line that is paused, or of which a budget is used up: `code` says which. */
export class LinePaused extends Error {
  override readonly name = "LinePaused"
  readonly workflow: string
  readonly reason: string | null
  /** `line_paused` or `budget_cap`. */
  readonly code: string

  constructor(workflow: string, reason: string | null, code = "line_paused") {
    super(
      `The line ${workflow} ${code === "line_paused" ? "is paused" : "may start nothing"}${reason === null ? "" : `: ${reason}`}`,
    )
    this.workflow = workflow
    this.reason = reason
    this.code = code
  }
}
