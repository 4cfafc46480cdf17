import type { Money } from "@/lib/money"
import type { Ordered } from "@/lib/order"
import type { Hold, Rule, RuleAction, RunStatus } from "@/lib/vocabulary"
import type { StepFacts } from "./attempts"
import type { VerificationFacts } from "./proof"

/** A call of a tool; `argsHash` is the SHA-256 of the canonical JSON of its arguments, null when the source kept none: unknown is equal to nothing. */
export type ToolCall = Ordered & { tool: string; argsHash: string | null }

/** The hash that a step reported of the state that it left behind. */
export type StateReport = Ordered & { step: string; hash: string }

/** A verification with what only policies ask for. */
export type PolicyVerification = VerificationFacts & { score?: number | null; step?: string | null }

/**
 * What is known of a run, as a function of the set of its events. `decide` reads nothing else: what a rule of the policy in force does not need may be
 * left empty (`factsNeeded` says what that is). Instants are milliseconds, money is exact.
 */
export type RunSnapshot = {
  run: string
  workflow: string | null
  agent: string | null
  /** What the run's own events say, whatever was decided about it. */
  claim: RunStatus
  startedAt: number
  endedAt: number | null
  lastEventAt: number
  /** The last event, or a stored tick of the watchdog when that is later. */
  asOf: number
  plan: readonly string[]
  checks: readonly string[]
  outputHash: string | null
  refs: readonly string[]
  cost: Money
  calls: number
  unpricedCalls: number
  /** Tokens of the largest call without a cost; null = there is none. */
  largestUnpriced: number | null
  models: readonly string[]
  steps: readonly (StepFacts & { attempt?: number | null })[]
  toolCalls: readonly ToolCall[]
  states: readonly StateReport[]
  verifications: readonly PolicyVerification[]
  /** A number below the greatest `seq` that no event carries (yet). */
  hasSeqGap: boolean
  /** Its line was tightened when it began: the alarm on cost comes at half of the limit. */
  isTight?: boolean
}

/** A limit that was crossed. With `rule`, `subject` is its identity in its run. */
export type Finding = {
  rule: Rule
  /** The step, check, model or tool that it is about; empty for the run as a whole. */
  subject: string
  action: RuleAction
  /** Always over `limit`, in `unit`: plain decimals, or words where there is nothing to measure. */
  observed: string
  limit: string
  unit: string
  step: string | null
  /** One sentence for a person. */
  text: string
  /** Event or span ids, at most 20, in order. */
  evidence: readonly string[]
  isEvidenceIncomplete: boolean
  /**
   * From this instant of `asOf` on it holds the run; until then it is shown and waits (a check may still pass): no hold, no directive, no exception.
   * Null = at once. Only T11 waits, for `proof_grace_s` after the end.
   */
  effectiveAt: number | null
}

/** What people and Andon did to a run, oldest first. */
export type RunAct = {
  n: number
  act: "halt" | "quarantine" | "release" | "reject" | "supersede"
  /** Ids (`rule subject`) of the findings known at the act: only another one takes a release back. */
  findings: readonly string[]
}

export type Outcome = { status: RunStatus; hold: Hold | null }

export const findingId = (finding: Pick<Finding, "rule" | "subject">): string => `${finding.rule} ${finding.subject}`
