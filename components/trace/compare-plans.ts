import type { PlanStep } from "@/lib/contracts/read"
import { formatDuration, plural } from "@/lib/format"
import { type Money, parseMoney } from "@/lib/money"

export type StepChange = { text: string; title: string; isWorse: boolean }
type PlanChanges = {
  steps: ReadonlyMap<string, readonly StepChange[]>
  /** Ran in the run before, and are not so much as named in this one. */
  missing: readonly string[]
  summary: string
}

/** Below half as much again a difference is how agents are; times under a second differ by chance. */
const FACTOR_TENTHS = 15
const LEAST_MS = 1000

/**
 * What deviates from an earlier run, step by step and in words.
 * @param hasEnded while the run goes on, a step that has not run is no deviation.
 */
export function comparePlans(before: readonly PlanStep[], after: readonly PlanStep[], hasEnded: boolean): PlanChanges {
  const known = new Map(before.map((step) => [step.step, step]))
  const steps = new Map<string, StepChange[]>()
  let lacking = 0
  let added = 0
  let changed = 0
  for (const step of after) {
    const old = known.get(step.step)
    if (step.attempts === 0) {
      if (old && old.attempts > 0 && hasEnded) lacking += 1
      continue
    }
    if (!old || old.attempts === 0) {
      added += 1
      steps.set(step.step, [{ text: "new: the last verified run had no such step", title: "", isWorse: true }])
      continue
    }
    const changes = [costChange(old, step), timeChange(old, step), attemptChange(old, step)].filter(
      (one) => one !== null,
    )
    if (changes.length === 0) continue
    changed += 1
    steps.set(step.step, changes)
  }
  const names = new Set(after.map((step) => step.step))
  const missing = hasEnded ? before.filter((step) => step.attempts > 0 && !names.has(step.step)).map((s) => s.step) : []
  const parts = [
    lacking + missing.length > 0 ? `${plural(lacking + missing.length, "step")} missing` : null,
    added > 0 ? `${plural(added, "step")} new` : null,
    changed > 0 ? `${plural(changed, "step")} with another cost, time or number of attempts` : null,
  ].filter((part) => part !== null)
  return {
    steps,
    missing,
    summary: parts.length > 0 ? `${parts.join(", ")}.` : "the same steps, cost and time within half as much again.",
  }
}

function costChange(old: PlanStep, step: PlanStep): StepChange | null {
  if (old.cost === null || step.cost === null) return null
  const factor = factorOf(parseMoney(old.cost), parseMoney(step.cost))
  const title = `${old.cost} before, ${step.cost} now`
  return factor && { text: inWords(factor, "cost", "cheaper"), title, isWorse: factor.isMore }
}

function timeChange(old: PlanStep, step: PlanStep): StepChange | null {
  if (old.took_ms === null || step.took_ms === null || Math.max(old.took_ms, step.took_ms) < LEAST_MS) return null
  const factor = factorOf(BigInt(old.took_ms), BigInt(step.took_ms))
  const title = `${formatDuration(old.took_ms)} before, ${formatDuration(step.took_ms)} now`
  return factor && { text: inWords(factor, "time", "quicker"), title, isWorse: factor.isMore }
}

function attemptChange(old: PlanStep, step: PlanStep): StepChange | null {
  if (step.attempts <= old.attempts) return null
  return { text: `${step.attempts} attempts, was ${old.attempts}`, title: "", isWorse: true }
}

type Factor = { times: string | null; isMore: boolean }

/** `2.4 × the cost`, `3.1 × cheaper`; from nothing or to nothing there is no factor. */
function inWords({ times, isMore }: Factor, what: string, lessWord: string): string {
  if (times === null) return isMore ? `${what} where there was none` : `no ${what} any more`
  return isMore ? `${times} × the ${what}` : `${times} × ${lessWord}`
}

/** The greater by the smaller, to a tenth; null when the difference is not worth a word. */
function factorOf(before: Money, after: Money): Factor | null {
  const isMore = after > before
  const [more, less] = isMore ? [after, before] : [before, after]
  if (more === 0n) return null
  if (less === 0n) return { times: null, isMore }
  const tenths = (more * 10n + less / 2n) / less
  if (tenths < BigInt(FACTOR_TENTHS)) return null
  return { times: tenths >= 100n ? String((tenths + 5n) / 10n) : `${tenths / 10n}.${tenths % 10n}`, isMore }
}
