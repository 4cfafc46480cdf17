import type { PolicyDocument } from "@/lib/contracts/policies"
import { displayMoney, parseMoney } from "@/lib/money"
import { RULE_WORDS } from "@/lib/rule-words"
import type { Rule } from "@/lib/vocabulary"

/** One thing that a policy says; `key` is its identity between versions. `strictness` grows with how tight it is; null = not to be ordered. */
export type PolicyLine = { key: string; label: string; value: string; strictness: number | bigint | null }
export type PolicyChange = {
  label: string
  /** Null = nothing was, or will be, said of it. */
  before: string | null
  after: string | null
  effect: "tighter" | "looser" | "changed"
}

/** Seconds as people say them: `90 s`, `15 min`, `2 h`, `1 d`. */
export function secondsWords(seconds: number): string {
  for (const [size, word] of [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
  ] as const)
    if (seconds % size === 0) return `${seconds / size} ${word}`
  return `${seconds} s`
}

const NUMBERS: [key: keyof PolicyDocument, label: string, words: (value: number) => string][] = [
  ["warn_ratio", "Alarm on cost above", (ratio) => `${Number((ratio * 100).toFixed(2))} % of the limit`],
  ["max_steps", "Steps of a run", String],
  ["max_duration_s", "Duration of a run", secondsWords],
  ["max_step_duration_s", "Duration of a step", secondsWords],
  ["max_retries_per_step", "Retries of a step", String],
  ["heartbeat_s", "Silence of a running run", secondsWords],
  ["proof_grace_s", "Time to prove what is claimed", secondsWords],
]

/** Everything that a policy says, in words, in a fixed order. */
export function policyLines(document: PolicyDocument, currency = "USD"): PolicyLine[] {
  const lines: PolicyLine[] = []
  const say = (key: string, label: string, value: string, strictness: PolicyLine["strictness"] = null) =>
    lines.push({ key, label, value, strictness })
  if (document.max_cost_run !== undefined)
    say(
      "max_cost_run",
      "Cost of a run",
      displayMoney(document.max_cost_run, currency),
      -parseMoney(document.max_cost_run),
    )
  for (const [key, label, words] of NUMBERS) {
    const value = document[key]
    if (typeof value === "number") say(key, label, words(value), -value)
  }
  const { loop, schedule, fail_rate: failRate } = document
  if (loop) {
    const { same_call_k: k = 3, window = 20, same_call_in_window_m: m = 5, no_progress_n: n = 8 } = loop
    say("loop.same_call_k", "Same call in a row", `${k} are a loop`, -k)
    say("loop.window", "Same call among the last", `${m} of ${window} calls are a loop`)
    say("loop.no_progress_n", "Steps that leave the same state", `${n} are no progress`, -n)
  }
  if (schedule)
    say(
      "schedule",
      "A run must start",
      `every ${secondsWords(schedule.every_s)}, ${secondsWords(schedule.grace_s ?? 60)} of grace`,
    )
  if (failRate) say("fail_rate", "Share of failures", `${failRate.target}, not looked at yet`)
  for (const step of document.steps ?? []) say(`step ${step.id}`, `Step “${step.id}”`, stepWords(step))
  for (const check of document.required_verifications ?? []) {
    const on = check.on === undefined || check.on === "final_output" ? "" : ` on “${check.on}”`
    say(`check ${check.name}${on}`, `Check “${check.name}”${on}`, checkWords(check))
  }
  for (const model of document.allowed_models ?? []) say(`model ${model}`, `Model “${model}”`, "allowed")
  if (document.on_signal)
    say(
      "on_signal",
      "Three stops within an hour",
      document.on_signal === "pause" ? "pause the line" : "tighten the line",
    )
  for (const [rule, action] of Object.entries(document.on_breach ?? {}))
    say(
      `on_breach ${rule}`,
      `${rule} ${RULE_WORDS[rule as Rule]}`,
      action,
      ["off", "alarm", "quarantine", "halt"].indexOf(action),
    )
  return lines
}

function stepWords({
  required,
  after = [],
  max_attempts: attempts,
}: NonNullable<PolicyDocument["steps"]>[number]): string {
  const parts = [required === false ? "optional" : "required"]
  if (after.length > 0) parts.push(`after ${after.map((id) => `“${id}”`).join(", ")}`)
  if (attempts !== undefined) parts.push(`at most ${attempts} ${attempts === 1 ? "attempt" : "attempts"}`)
  return parts.join(", ")
}

function checkWords(check: NonNullable<PolicyDocument["required_verifications"]>[number]): string {
  const parts = ["must pass"]
  if (check.verifier !== undefined) parts.push(`by “${check.verifier}”`)
  if (check.min_score !== undefined) parts.push(`with ${check.min_score} or more`)
  if (check.max_age_s !== undefined) parts.push(`at most ${secondsWords(check.max_age_s)} before the end`)
  return parts.join(", ")
}

/** What another version says otherwise, in words, in the order of `policyLines`; empty when both say the same. Null = there was none. */
export function policyDifference(
  before: PolicyDocument | null,
  after: PolicyDocument,
  currency = "USD",
): PolicyChange[] {
  const old = new Map(policyLines(before ?? {}, currency).map((line) => [line.key, line]))
  const now = policyLines(after, currency)
  const kept = new Set(now.map(({ key }) => key))
  const changes = now.flatMap((line): PolicyChange[] => {
    const was = old.get(line.key)
    if (was?.value === line.value && was.strictness === line.strictness) return []
    return [{ label: line.label, before: was?.value ?? null, after: line.value, effect: effectOf(was, line, before) }]
  })
  for (const was of old.values())
    if (!kept.has(was.key))
      changes.push({ label: was.label, before: was.value, after: null, effect: isModel(was) ? "tighter" : "looser" })
  return changes
}

const isModel = ({ key }: PolicyLine) => key.startsWith("model ")

function effectOf(
  was: PolicyLine | undefined,
  line: PolicyLine,
  before: PolicyDocument | null,
): PolicyChange["effect"] {
  if (was && was.strictness !== null && line.strictness !== null)
    return line.strictness > was.strictness ? "tighter" : "looser"
  if (was || line.key.startsWith("on_")) return "changed"
  return isModel(line) && before?.allowed_models ? "looser" : "tighter"
}

/** What a workflow takes from its project: all that its own document says nothing about. */
export function inherited(project: PolicyDocument, own: PolicyDocument): PolicyDocument {
  const rest = Object.fromEntries(
    Object.entries(project).filter(([key]) => !Object.hasOwn(own, key) || key === "on_breach"),
  )
  const actions = Object.entries(project.on_breach ?? {}).filter(([rule]) => !Object.hasOwn(own.on_breach ?? {}, rule))
  return { ...rest, on_breach: Object.fromEntries(actions) }
}
