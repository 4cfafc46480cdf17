"use client"

import { exceptionHref } from "@/components/data/exceptions"
import { checkId, stepId } from "@/components/data/href-run"
import { useScope } from "@/components/frame/project"
import type { SelectSpan } from "@/components/trace/use-span-param"
import { AccountList } from "@/components/ui/account-list"
import { Link } from "@/components/ui/link"
import type { RunControl } from "@/lib/contracts/acts"
import type { Run } from "@/lib/contracts/read"
import { runLight } from "@/lib/lights"
import { accountOf, FINDINGS_READ } from "@/lib/run-account"

type RunAccountProps = { run: Run; control: RunControl | null; select: SelectSpan }

/** All that is wrong with the run, worst first, each once. */
export function RunAccount({ run, control, select }: RunAccountProps) {
  const { slug } = useScope()
  const troubles = accountOf(run, control)
  const spans = new Map(run.plan.map((step) => [step.step, step.span]))
  if (troubles.length === 0) return null
  return (
    <section aria-label="What is wrong">
      <AccountList
        troubles={troubles}
        light={runLight(run)}
        where={({ key, step, check, span, rule, text }) => {
          const shown = span ?? (step === null ? null : (spans.get(step) ?? null))
          return (
            <>
              {key === "halt" && run.exception ? (
                <Link className="link whitespace-nowrap" href={exceptionHref(slug, run.exception.id)} prefetch={false}>
                  {run.exception.state === "resolved" ? "Show how it was resolved" : "Deal with it"}
                </Link>
              ) : null}{" "}
              {shown !== null ? (
                <button type="button" className="link whitespace-nowrap" onClick={() => select(shown)}>
                  Show the {step === null ? "span" : "step"}
                  <span className="sr-only"> {step ?? `of ${rule ?? text}`}</span>
                </button>
              ) : step !== null && spans.has(step) ? (
                <a className="link whitespace-nowrap" href={`#${stepId(step)}`}>
                  Show in the plan<span className="sr-only">: {step}</span>
                </a>
              ) : null}{" "}
              {check === null ? null : (
                <a className="link whitespace-nowrap" href={`#${checkId(check)}`}>
                  Show the check<span className="sr-only"> {check}</span>
                </a>
              )}
            </>
          )
        }}
      />
      {control?.findings.length === FINDINGS_READ ? (
        <p className="pt-1 text-label text-ink-10">
          The gravest {FINDINGS_READ} limits that it crossed are read; there may be more.
        </p>
      ) : null}
    </section>
  )
}
