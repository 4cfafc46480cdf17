import type { Attempt } from "../attempts"
import type { Finding } from "../types"
import { capped, type Facts, finding, secondsText, times } from "./facts"

/**
 * T02 steps: more executions of steps than `max_steps`, every attempt counted.
 * T04 step duration: a step that runs, or ran, longer than `max_step_duration_s`.
 * T05 retries: more attempts of a step than its `max_attempts`, else than one and `max_retries_per_step`.
 * None of them waits for missing events: what is known is already too much.
 */
export function stepRules(facts: Facts): Finding[] {
  return [...numberOfSteps(facts), ...durationOfSteps(facts), ...retries(facts)]
}

function numberOfSteps({ policy, attempts }: Facts): Finding[] {
  if (policy.max_steps === undefined) return []
  const all = [...attempts()].flatMap(([step, own]) => own.map((attempt) => ({ step, attempt })))
  if (all.length <= policy.max_steps) return []
  const over = all.sort((a, b) => a.attempt.start - b.attempt.start).slice(policy.max_steps)
  return finding(policy, "T02", "halt", {
    observed: String(all.length),
    limit: String(policy.max_steps),
    unit: "steps",
    step: over[0]?.step ?? null,
    text: `The run began ${times(all.length, "step")}, more than ${policy.max_steps}.`,
    evidence: over.map(({ attempt }) => attempt.ids[0] as string),
  })
}

function durationOfSteps({ policy, run, isOpen, attempts }: Facts): Finding[] {
  const limit = policy.max_step_duration_s
  if (limit === undefined) return []
  // A step without an end ran on until its run ended, or until the last that is known.
  const until = isOpen ? run.asOf : (run.endedAt ?? run.lastEventAt)
  const lasted = ({ startedAt, endedAt }: Attempt) => (endedAt ?? until) - startedAt
  const found = [...attempts()].flatMap(([step, own]) => {
    const longest = own.reduce((most, attempt) => (lasted(attempt) > lasted(most) ? attempt : most), own[0] as Attempt)
    const ms = lasted(longest)
    if (ms <= limit * 1000) return []
    return finding(policy, "T04", "alarm", {
      subject: step,
      step,
      observed: secondsText(ms),
      limit: String(limit),
      unit: "s",
      text: `Step “${step}” ${longest.endedAt === null && isOpen ? "has been running for" : "ran for"} ${secondsText(ms)} s, longer than ${limit} s.`,
      evidence: longest.ids,
    })
  })
  return capped(found)
}

function retries({ policy, run, plan, attempts }: Facts): Finding[] {
  const byDefault = policy.max_retries_per_step === undefined ? null : policy.max_retries_per_step + 1
  const declared = new Map(plan.map((step) => [step.id, step.maxAttempts]))
  if (byDefault === null && ![...declared.values()].some((most) => most !== null)) return []
  // An attempt that says it is the fourth tells of three before it, heard of or not.
  const numbered = new Map<string, number>()
  for (const { step, attempt } of run.steps) numbered.set(step, Math.max(numbered.get(step) ?? 0, attempt ?? 0))
  const found = [...attempts()].flatMap(([step, own]) => {
    const limit = declared.get(step) ?? byDefault
    const made = Math.max(own.length, numbered.get(step) ?? 0)
    if (limit === null || made <= limit) return []
    return finding(policy, "T05", "halt", {
      subject: step,
      step,
      observed: String(made),
      limit: String(limit),
      unit: "attempts",
      text: `Step “${step}” was attempted ${times(made, "time")}, more than ${limit}.`,
      evidence: own.slice(Math.min(limit, own.length - 1)).map(({ ids }) => ids[0] as string),
    })
  })
  return capped(found)
}
