/** The closed sets of the domain, declared once: columns, wire schemas and types derive from them. See docs/GLOSSARY.md. */
export const RUN_STATUSES = [
  "pending",
  "running",
  "waiting",
  "stalled",
  "halting",
  "halted",
  "succeeded",
  "failed",
  "cancelled",
] as const
export type RunStatus = (typeof RUN_STATUSES)[number]
/** Of a run that is over. */
export const ENDED_STATUSES = ["halted", "succeeded", "failed", "cancelled"] as const satisfies readonly RunStatus[]

export const PROOFS = ["pending", "failed", "verified", "unproven", "unchecked"] as const
export type Proof = (typeof PROOFS)[number]

export const HOLDS = ["quarantined", "released", "rejected", "superseded"] as const
export type Hold = (typeof HOLDS)[number]

export const SPAN_KINDS = ["agent", "step", "llm", "embedding", "tool", "retrieval", "verification", "other"] as const
export type SpanKind = (typeof SPAN_KINDS)[number]

export const VERDICTS = ["passed", "failed", "error", "skipped"] as const
export type Verdict = (typeof VERDICTS)[number]

export const STEP_OUTCOMES = ["succeeded", "failed", "skipped", "cancelled"] as const
export type StepOutcome = (typeof STEP_OUTCOMES)[number]

export const RUN_OUTCOMES = ["succeeded", "failed", "cancelled"] as const
export type RunOutcome = (typeof RUN_OUTCOMES)[number]

export const COST_SOURCES = ["reported", "computed"] as const
export type CostSource = (typeof COST_SOURCES)[number]

export const ROLES = ["viewer", "operator", "finance", "admin"] as const
export type Role = (typeof ROLES)[number]

export const KEY_SCOPES = ["ingest", "read", "directives"] as const
export type KeyScope = (typeof KEY_SCOPES)[number]

/** Disjoint: a token is counted in exactly one bucket; `input` is uncached input, `output` excludes reasoning. */
export const TOKEN_BUCKETS = [
  "input",
  "cache_read",
  "cache_write",
  "output",
  "reasoning",
  "audio_input",
  "audio_output",
] as const
export type TokenBucket = (typeof TOKEN_BUCKETS)[number]
export type Usage = Record<TokenBucket, number>

/** Tokens that have a rate of their own inside a bucket: each counts in its bucket, and is priced apart. */
export const TOKEN_PARTS = { cache_write_1h: "cache_write", image_input: "input", image_output: "output" } as const
export type TokenPart = keyof typeof TOKEN_PARTS
export const TOKEN_PART_NAMES = Object.keys(TOKEN_PARTS) as TokenPart[]
/** What is billed by the piece, beside the tokens. */
export const UNITS = ["images", "searches", "requests"] as const
export type Unit = (typeof UNITS)[number]
/** Parts and units of a call; absent is none. */
export type Extras = Partial<Record<TokenPart | Unit, number>>
export const EXTRAS: readonly (TokenPart | Unit)[] = [...TOKEN_PART_NAMES, ...UNITS]

/** What a request was served as, and so billed as. */
export const SERVICE_TIERS = ["standard", "batch", "flex", "priority", "fast"] as const
export type ServiceTier = (typeof SERVICE_TIERS)[number]

/** What spend is grouped and filtered by. `key` is the ingest key. */
export const DIMENSIONS = [
  "provider",
  "model",
  "workflow",
  "step",
  "environment",
  "release",
  "team",
  "customer",
  "key",
] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** What a policy can find, by the names under which it is known; what each means stands in `policy/rules`. */
export const RULES = [
  "T01",
  "T02",
  "T03",
  "T04",
  "T05",
  "T06",
  "T07",
  "T08",
  "T09",
  "T10",
  "T11",
  "T12",
  "T13",
  "T14",
  "T15",
  "T16",
  "T17",
  "T18",
  "T19",
  "T20",
] as const
export type Rule = (typeof RULES)[number]

/** What a rule does when its limit is crossed, the weakest first. */
export const RULE_ACTIONS = ["alarm", "retry", "quarantine", "halt"] as const
export type RuleAction = (typeof RULE_ACTIONS)[number]

/** What a running agent is told. */
export const DIRECTIVES = ["continue", "pause", "retry", "quarantine", "halt"] as const
export type Directive = (typeof DIRECTIVES)[number]

export const WORKFLOW_STATES = ["live", "tightened", "paused"] as const
export type WorkflowState = (typeof WORKFLOW_STATES)[number]

/** The name that stands for all names past the 10,000 that a project keeps for one dimension. */
export const OTHER = "(other)"

/** What raises an exception. The last is no trouble: a run that passed, drawn for a person to see what the rules miss. */
export const EXCEPTION_KINDS = [
  "halt",
  "quarantine",
  "alarm",
  "line_stop",
  "budget",
  "silence",
  "audit_sample",
] as const
export type ExceptionKind = (typeof EXCEPTION_KINDS)[number]

export const SEVERITIES = ["critical", "high", "low"] as const
export type Severity = (typeof SEVERITIES)[number]

/** After ISA-18.2: looked at or not, its condition still there or not. Which follows which: `policy/exceptions.ts`. */
export const EXCEPTION_STATES = [
  "unack_active",
  "ack_active",
  "unack_cleared",
  "snoozed",
  "suppressed_by_design",
  "resolved",
] as const
export type ExceptionState = (typeof EXCEPTION_STATES)[number]

/** Of people, then of Andon itself. */
export const EXCEPTION_ACTS = ["acknowledge", "assign", "comment", "snooze", "resolve", "suppress", "reopen"] as const
export type ExceptionAct = (typeof EXCEPTION_ACTS)[number]
export const EXCEPTION_ACTIONS = [...EXCEPTION_ACTS, "wake", "lift", "clear", "recur"] as const
export type ExceptionAction = (typeof EXCEPTION_ACTIONS)[number]
