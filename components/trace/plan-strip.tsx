"use client"

import { Cost } from "@/components/ui/figures"
import { LightShape } from "@/components/ui/light"
import type { Run } from "@/lib/contracts/read"
import type { LightName } from "@/lib/lights"

type PlanStep = Run["plan"][number]

const STATE: Record<PlanStep["state"], { light: LightName; word: string }> = {
  succeeded: { light: "verified", word: "succeeded" },
  failed: { light: "failed", word: "failed" },
  skipped: { light: "unchecked", word: "skipped" },
  never_ran: { light: "unchecked", word: "never ran" },
  not_started: { light: "silent", word: "not started" },
  unfinished: { light: "alarm", word: "never finished" },
  cancelled: { light: "silent", word: "cancelled" },
  running: { light: "running", word: "running" },
  ran_after_failure: { light: "alarm", word: "ran after a failure" },
  out_of_order: { light: "alarm", word: "out of order" },
}

type PlanStripProps = {
  plan: readonly PlanStep[]
  currency: string
  selected: string | null
  select: (span: string | null) => void
}

/** The declared steps in order against what ran; steps that nobody declared stand at the end, marked. */
export function PlanStrip({ plan, currency, selected, select }: PlanStripProps) {
  return (
    <nav aria-label="Plan">
      <ol className="plan-strip">
        {plan.map((step) => {
          const { light, word } = STATE[step.state]
          const span = `step:${step.step}:${Math.max(1, step.attempts)}`
          const hasRun = step.attempts > 0
          const content = (
            <>
              <span className="flex min-w-0 items-center gap-2">
                <LightShape light={light} />
                <span className="truncate font-strong" title={step.step}>
                  {step.step}
                </span>
              </span>
              <span className="flex gap-2 text-label text-ink-11">
                <span className="truncate">
                  {word}
                  {step.attempts > 1 ? `, ${step.attempts} attempts` : ""}
                  {step.is_declared ? "" : ", not declared"}
                </span>
                {step.cost !== null && step.cost !== "0" ? (
                  <span className="ml-auto">
                    <Cost value={step.cost} currency={currency} />
                  </span>
                ) : null}
              </span>
            </>
          )
          return (
            <li key={step.step} data-state={step.state}>
              {hasRun ? (
                <button
                  type="button"
                  aria-pressed={selected === span}
                  onClick={() => select(selected === span ? null : span)}
                >
                  {content}
                </button>
              ) : (
                <div>{content}</div>
              )}
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
