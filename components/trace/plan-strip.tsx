"use client"

import { useQuery } from "@tanstack/react-query"
import { compareHref, stepId } from "@/components/data/href-run"
import { runBaselineQuery } from "@/components/data/run"
import { useScope } from "@/components/frame/project"
import { comparePlans, type StepChange } from "@/components/trace/compare-plans"
import type { SelectSpan } from "@/components/trace/use-span-param"
import { Cost, When } from "@/components/ui/figures"
import { LightShape } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import type { PlanStep, Run } from "@/lib/contracts/read"
import { formatCount, formatDuration, plural, shortenMiddle } from "@/lib/format"
import { type LightName, VERDICT_LIGHT } from "@/lib/lights"
import { endOf } from "@/lib/run-end"

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

type PlanStripProps = { run: Run; currency: string; selected: string | null; select: SelectSpan }

/** The declared steps in order against what ran, and against the last verified run; steps that nobody declared stand at the end, marked. */
export function PlanStrip({ run, currency, selected, select }: PlanStripProps) {
  const { slug } = useScope()
  const baseline = useQuery(runBaselineQuery(slug, run.id)).data
  const changes = baseline?.run ? comparePlans(baseline.plan, run.plan, endOf(run) !== null) : null
  return (
    <section aria-label="Plan" className="flex flex-col gap-1">
      <nav aria-label="Plan">
        <ol className="plan-strip">
          {run.plan.map((step) => (
            <li key={step.step} id={stepId(step.step)} data-state={step.state}>
              <Step
                step={step}
                changes={changes?.steps.get(step.step) ?? []}
                verdicts={run.verification_list.filter((one) => one.step === step.step)}
                currency={currency}
                isSelected={step.span !== null && step.span === selected}
                select={select}
              />
            </li>
          ))}
          {changes?.missing.map((step) => (
            <li key={`missing ${step}`} data-state="never_ran">
              <div>
                <span className="truncate font-strong" title={step}>
                  {step}
                </span>
                <span className="text-label text-alarm">not in this run; it ran in the last verified one</span>
              </div>
            </li>
          ))}
        </ol>
      </nav>
      {baseline?.run ? (
        <p className="break-words text-label text-ink-11">
          <Link className="link" href={compareHref(slug, baseline.run.id, run.id)} prefetch={false}>
            Compare with the last verified run
          </Link>{" "}
          of <When at={baseline.run.started_at} />
          {baseline.run.release ? `, release ${shortenMiddle(baseline.run.release, 40)}` : ""}:{" "}
          {changes ? changes.summary : null}
        </p>
      ) : baseline && run.workflow !== null ? (
        <p className="text-label text-ink-11">{unheld(baseline.looked_at, baseline.is_whole)}</p>
      ) : null}
    </section>
  )
}

function unheld(lookedAt: number, isWhole: boolean): string {
  if (lookedAt === 0) return "No earlier run of this workflow to compare with."
  if (lookedAt === 1) return "The one earlier run of this workflow is not verified, so there is none to compare with."
  return `None of the ${isWhole ? "" : "last "}${formatCount(lookedAt)} earlier runs of this workflow is verified, so there is none to compare with.`
}

type StepProps = {
  step: PlanStep
  changes: readonly StepChange[]
  verdicts: Run["verification_list"]
  currency: string
  isSelected: boolean
  select: SelectSpan
}

function Step({ step, changes, verdicts, currency, isSelected, select }: StepProps) {
  const { light, word } = STATE[step.state]
  const content = (
    <>
      <span className="flex min-w-0 items-center gap-2">
        <LightShape light={light} />
        <span className="truncate font-strong" title={step.step}>
          {step.step}
        </span>
        <span className="ml-auto inline-flex gap-1">
          {latest(verdicts).map((one) => (
            <span key={one.check} className="inline-flex" title={`${one.check}: ${VERDICT_LIGHT[one.outcome].word}`}>
              <LightShape light={VERDICT_LIGHT[one.outcome].light} size={10} />
              <span className="sr-only">
                check {one.check} {VERDICT_LIGHT[one.outcome].word}
              </span>
            </span>
          ))}
        </span>
      </span>
      <span className="text-label text-ink-11">
        {word}
        {step.attempts > 1 ? `, ${plural(step.attempts, "attempt")}` : ""}
        {step.is_declared ? "" : ", not declared"}
      </span>
      {step.attempts > 0 ? (
        <span className="flex gap-2 text-label text-ink-11">
          <span>{step.took_ms === null ? "no end" : formatDuration(step.took_ms)}</span>
          {step.cost !== "0" ? (
            <span className="ml-auto">
              <Cost value={step.cost} currency={currency} />
            </span>
          ) : null}
        </span>
      ) : null}
      {changes.map((change) => (
        <span
          key={change.text}
          className={`text-label ${change.isWorse ? "text-alarm" : "text-ink-11"}`}
          title={change.title}
        >
          {change.text}
        </span>
      ))}
    </>
  )
  if (step.span === null) return <div>{content}</div>
  return (
    <button type="button" aria-pressed={isSelected} onClick={() => select(isSelected ? null : step.span)}>
      {content}
    </button>
  )
}

/** The list is latest first: the first result of each check is the one that counts. */
function latest(verdicts: Run["verification_list"]): Run["verification_list"] {
  return verdicts.filter((one, i) => verdicts.findIndex((other) => other.check === one.check) === i)
}
