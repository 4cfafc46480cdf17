"use client"

import { checkId } from "@/components/data/href-run"
import { LongText } from "@/components/trace/long-text"
import { When } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import type { Run } from "@/lib/contracts/read"
import { onFinalOutput, VERDICT_LIGHT } from "@/lib/lights"

/** What was checked of the step that is open, latest first. */
export function SpanVerifications({ run, span }: { run: Run; span: string }) {
  const step = run.plan.find((one) => one.span === span)?.step
  const own = step === undefined ? [] : run.verification_list.filter((one) => one.step === step)
  if (own.length === 0) return null
  return (
    <section className="border-b border-line py-3" aria-label="Verifications of the step">
      <h3 className="px-4 text-label text-ink-10">Verifications</h3>
      <ul>
        {own.map((one) => (
          <li key={one.id} className="pt-2">
            <p className="flex flex-wrap items-center gap-x-3 px-4 text-table">
              <Light light={VERDICT_LIGHT[one.outcome].light}>{VERDICT_LIGHT[one.outcome].word}</Light>
              <a className="link min-w-0 break-words" href={`#${checkId(one.check)}`}>
                {one.check}
              </a>
              {one.score === null ? null : (
                <span className="text-ink-11">
                  {one.score}
                  {one.threshold === null ? "" : ` of ${one.threshold}`}
                </span>
              )}
              <span className="text-ink-11">
                of the final output: {onFinalOutput(one.is_on_final_output)}, <When at={one.at} />
              </span>
            </p>
            {one.evidence ? <LongText text={one.evidence} label="the evidence" /> : null}
          </li>
        ))}
      </ul>
    </section>
  )
}
