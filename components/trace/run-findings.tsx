"use client"

import { useState } from "react"
import type { SelectSpan } from "@/components/trace/use-span-param"
import { When } from "@/components/ui/figures"
import { LightShape } from "@/components/ui/light"
import type { RunFinding } from "@/lib/contracts/acts"
import { plural } from "@/lib/format"
import type { LightName } from "@/lib/lights"
import type { RuleAction } from "@/lib/vocabulary"

const LIGHT: Record<RuleAction, LightName> = {
  halt: "halted",
  quarantine: "quarantined",
  retry: "alarm",
  alarm: "alarm",
}

type RunFindingsProps = {
  findings: readonly RunFinding[]
  /** The rule that halted it: what it found in a run that has ended would only quarantine. */
  halting: string | null
  /** The span of each step of the plan. */
  spans: ReadonlyMap<string, string | null>
  select: SelectSpan
}

/** The first say what is wrong; the spans that prove it stay in sight. */
const SHOWN = 3

/** What is no number is in the sentence already. */
const isMeasured = ({ observed, limit }: RunFinding): boolean => /^[\d.]+$/.test(observed) && /^[\d.]+$/.test(limit)

/** Every limit of its policy that the run has crossed: what was seen, what was allowed, and where. */
export function RunFindings({ findings, halting, spans, select }: RunFindingsProps) {
  const [isOpen, setOpen] = useState(false)
  const hidden = findings.length - SHOWN
  return (
    <section aria-label="Limits crossed">
      <ul className="run-findings">
        {(isOpen ? findings : findings.slice(0, SHOWN)).map((finding) => {
          const action = finding.rule === halting ? "halt" : finding.action
          const span = finding.span ?? (finding.step === null ? null : (spans.get(finding.step) ?? null))
          return (
            <li key={`${finding.rule} ${finding.subject}`}>
              <LightShape light={LIGHT[action]} />
              <span className="min-w-0 break-words">
                <strong>{finding.rule}</strong> {action}: {finding.text}{" "}
                <span className="text-ink-11">
                  {isMeasured(finding) ? `Observed ${finding.observed} ${finding.unit} · limit ${finding.limit}.` : ""}
                  {finding.is_incomplete ? " Some of its events are missing; it was decided without them." : ""}
                </span>
                {finding.effective_at ? (
                  <span className="text-ink-11">
                    {" "}
                    Holds from <When at={finding.effective_at} /> on.
                  </span>
                ) : null}
                {span ? (
                  <>
                    {" "}
                    <button type="button" className="link" onClick={() => select(span)}>
                      Show the {finding.step === null ? "span" : "step"}
                      <span className="sr-only"> {finding.step ?? `of ${finding.rule}`}</span>
                    </button>
                  </>
                ) : null}
              </span>
            </li>
          )
        })}
        {hidden > 0 ? (
          <li>
            <button type="button" className="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? "Fewer" : `${plural(hidden, "more limit")} crossed`}
            </button>
          </li>
        ) : null}
      </ul>
    </section>
  )
}
