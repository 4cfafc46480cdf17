import type { RunControl, RunFinding } from "@/lib/contracts/acts"
import type { ProofReason, Run } from "@/lib/contracts/read"
import { shortenMiddle } from "@/lib/format"
import { type LightName, PROOF_LIGHT } from "@/lib/lights"
import type { Measured } from "@/lib/measure-words"
import { reasonText } from "@/lib/run-reason"
import type { RuleAction } from "@/lib/vocabulary"
import { whoOf } from "@/lib/who"

/** So many of a run's findings are read, the gravest. */
export const FINDINGS_READ = 100

/** One thing that is wrong with a run: what it is, who says so, and where to look. */
export type Trouble = {
  key: string
  /** Those of one kind tell of the same sort of thing: the rule, or what proof calls it. */
  kind: string
  light: LightName
  /** "Quarantine", "Failed": the light in a word. */
  word: string
  text: string
  /** What the halt alone has: who stopped it. */
  by: string | null
  rule: string | null
  measure: Measured
  step: string | null
  check: string | null
  span: string | null
  is_incomplete: boolean
  effective_at: string | null
}

const ACTIONS: Record<RuleAction, { light: LightName; word: string }> = {
  halt: { light: "halted", word: "Halt" },
  quarantine: { light: "quarantined", word: "Quarantine" },
  retry: { light: "alarm", word: "Retry" },
  alarm: { light: "alarm", word: "Alarm" },
}
/** Worst first, as stations stand on the board. */
const ORDER: readonly LightName[] = ["halted", "quarantined", "failed", "unproven", "alarm"]
const rank = ({ light }: Trouble): number => (ORDER.includes(light) ? ORDER.indexOf(light) : ORDER.length)
/** Among equals one of each kind goes before the second of any: the first few then tell all there is. */
function worstFirst(troubles: readonly Trouble[]): Trouble[] {
  const seen = new Set<string>()
  const placed = troubles.map((trouble) => {
    const kind = JSON.stringify([trouble.light, trouble.kind])
    const isRepeat = seen.has(kind)
    seen.add(kind)
    return { trouble, place: rank(trouble) * 2 + (isRepeat ? 1 : 0) }
  })
  return placed.sort((a, b) => a.place - b.place).map(({ trouble }) => trouble)
}

const NOTHING = { by: null, rule: null, step: null, check: null, span: null, is_incomplete: false, effective_at: null }

/** The rule by which the runner was told to halt: what it found in a run that has ended would only quarantine. */
const haltedBy = ({ directive }: RunControl): string | null => (directive?.action === "halt" ? directive.rule : null)

/** Limits that the run has crossed, worst first. */
export function troublesOf(control: RunControl): Trouble[] {
  const halting = haltedBy(control)
  return worstFirst(control.findings.map((finding) => ofFinding(finding, halting)))
}

/**
 * All that is wrong with a run, worst first, each once: a limit that halted it is told by its halt, and what proof lacks by the limit that says
 * the same. @param control null = what was found is not known (yet).
 */
export function accountOf(run: Pick<Run, "halt" | "proof" | "proof_reasons">, control: RunControl | null): Trouble[] {
  const { halt, proof, proof_reasons: reasons } = run
  const findings = control?.findings ?? []
  const halting = control ? haltedBy(control) : null
  const ofRule = halt === null || halt.rule === null ? [] : findings.filter(({ rule }) => rule === halt.rule)
  const cause = ofRule.find(({ text }) => text === halt?.reason) ?? (ofRule.length === 1 ? ofRule[0] : undefined)
  const told = findings.filter((finding) => finding !== cause)
  const troubles = told.map((finding) => ofFinding(finding, halting))
  const alone = reasons.filter((reason) => !findings.some((finding) => says(finding, reason)))
  return [
    ...(halt ? [ofHalt(halt, cause)] : []),
    ...worstFirst([...troubles, ...alone.map((reason) => ofReason(reason, proof))]),
  ]
}

function ofFinding(finding: RunFinding, halting: string | null): Trouble {
  const { rule, subject, observed, limit, unit, text, step, span, is_incomplete, effective_at } = finding
  return {
    ...NOTHING,
    ...ACTIONS[rule === halting ? "halt" : finding.action],
    key: JSON.stringify([rule, subject]),
    kind: rule,
    text,
    rule,
    measure: { observed, limit, unit },
    step,
    span,
    is_incomplete,
    effective_at,
    // A required check stands on the page of the run, whether it has a result or not.
    check: rule === "T11" || rule === "T12" ? checkOf(finding) : null,
  }
}

function ofHalt(halt: NonNullable<Run["halt"]>, cause: RunFinding | undefined): Trouble {
  const { rule, step, by, observed, limit, unit } = halt
  return {
    ...NOTHING,
    key: "halt",
    kind: "halt",
    light: "halted",
    word: step === null ? "Halted" : `Halted at step ${shortenMiddle(step, 56)}`,
    text: halt.reason ?? "no reason was given",
    by: by === null ? "unknown" : whoOf(by),
    rule,
    measure: { observed, limit, unit },
    step,
    span: cause?.span ?? null,
    is_incomplete: cause?.is_incomplete ?? false,
  }
}

function ofReason({ code, step, check, text }: ProofReason, proof: Run["proof"]): Trouble {
  // Of a proof that failed only what failed is a failure; the rest is missing.
  const light = proof === "failed" && !FAILURES.has(code) ? "unproven" : PROOF_LIGHT[proof]
  return {
    ...NOTHING,
    key: JSON.stringify([code, step, check, text]),
    kind: code,
    light,
    word: light === "failed" ? "Failed" : "Unproven",
    text: reasonText({ text }),
    measure: { observed: null, limit: null, unit: null },
    step: step ?? null,
    check: check ?? null,
  }
}

const FAILURES: ReadonlySet<string> = new Set(["run_failed", "check_failed"])
const NO_SUCCESS = ["step_missing", "step_skipped", "step_cancelled", "step_unfinished", "step_failed"]
/** Which rule says of a step what proof says too. */
const OF_STEP: Record<string, readonly string[]> = {
  T08: NO_SUCCESS,
  T09: ["step_out_of_order"],
  T10: ["ran_after_failure"],
  T17: ["cites_unrun_step"],
}

/** Whether a crossed limit says what a reason of proof says: of the same step, or of the same check. */
function says(finding: RunFinding, reason: ProofReason): boolean {
  const { rule, step, text } = finding
  // What only the policy asks for proof lacks in the words of the limit.
  if (reason.code === "policy") return reason.text === text
  if (OF_STEP[rule]) return reason.step === step && OF_STEP[rule].includes(reason.code)
  if (reason.check === undefined || reason.check !== checkOf(finding)) return false
  return rule === (reason.code === "check_failed" ? "T12" : "T11")
}

/** A check that is required of one step is named with it. */
const checkOf = ({ subject, step }: RunFinding): string =>
  step !== null && subject.endsWith(` on ${step}`) ? subject.slice(0, -` on ${step}`.length) : subject
