"use client"

import { useQuery } from "@tanstack/react-query"
import { runControlQuery } from "@/components/data/acts"
import { traceHref } from "@/components/data/href"
import { Measure } from "@/components/exceptions/measure"
import { useScope } from "@/components/frame/project"
import { LightShape } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import { shortenMiddle } from "@/lib/format"
import type { LightName } from "@/lib/lights"
import type { RuleAction } from "@/lib/vocabulary"

const SHOWN = 10
const LIGHT: Record<RuleAction, LightName> = {
  halt: "halted",
  quarantine: "quarantined",
  retry: "alarm",
  alarm: "alarm",
}

/** All limits that the latest run has crossed, each with the way to the span that shows it: an exception is named by the strongest of them alone. */
export function ExceptionFindings({ run }: { run: string }) {
  const { slug } = useScope()
  const { data } = useQuery(runControlQuery(slug, run))
  if (!data || data.findings.length === 0) return null
  return (
    <section aria-label="What was found in its latest run" className="exception-findings">
      <h2 className="text-label text-ink-11">Found in run {shortenMiddle(run, 22)}</h2>
      <ul className="run-findings">
        {data.findings.slice(0, SHOWN).map(({ rule, subject, action, observed, limit, unit, text, span }) => (
          <li key={`${rule} ${subject}`}>
            <LightShape light={LIGHT[action]} />
            <span className="min-w-0 break-words">
              <strong>{rule}</strong> {action}: <bdi>{text}</bdi> <Measure exception={{ observed, limit, unit }} />{" "}
              {span === null ? null : (
                <Link href={traceHref(slug, run, span)} className="link whitespace-nowrap" prefetch={false}>
                  Show the span<span className="sr-only"> of {rule}</span>
                </Link>
              )}
            </span>
          </li>
        ))}
      </ul>
      {data.findings.length > SHOWN ? (
        <Link href={traceHref(slug, run)} className="link" prefetch={false}>
          All {data.findings.length} of them
        </Link>
      ) : null}
    </section>
  )
}
