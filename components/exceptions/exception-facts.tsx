"use client"

import type { ReactNode } from "react"
import { pageHref } from "@/components/data/href"
import { Measure } from "@/components/exceptions/measure"
import { RuleName } from "@/components/exceptions/rule-name"
import { Told } from "@/components/exceptions/told"
import { CAUSE_WORDS } from "@/components/exceptions/words"
import { useScope } from "@/components/frame/project"
import { Cost, Count, When } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import type { Exception } from "@/lib/contracts/exceptions"
import { SEVERITY_WORDS } from "@/lib/exception-words"
import { DEFAULT_FILTERS } from "@/lib/filters"
import { plural } from "@/lib/format"
import { whoOf } from "@/lib/who"

/** What is known of an exception, and who has it. */
export function ExceptionFacts({ exception }: { exception: Exception }) {
  const { project, slug } = useScope()
  const { spend, count, active, acked_at, acked_by, resolved_at, resolved_by, cause, workflow } = exception
  const isOfRuns = exception.latest?.run_id !== ""
  const ofWorkflow = { ...DEFAULT_FILTERS, project: slug, dimensions: { workflow: [workflow] } }
  return (
    <dl className="facts exception-facts-whole">
      {isOfRuns ? (
        <Fact name={exception.kind === "halt" ? "Sunk" : "At stake"}>
          {spend === null ? (
            <span className="text-ink-10">too many runs to sum up</span>
          ) : (
            <a href="#runs" className="link">
              <Cost value={spend.cost} currency={project.currency} />
            </a>
          )}
          {spend && spend.unpriced_calls > 0 ? (
            <span className="text-ink-10"> and {plural(spend.unpriced_calls, "call")} unpriced</span>
          ) : null}
          {spend && spend.runs < count ? (
            <span className="text-ink-10"> without {plural(count - spend.runs, "run")} past retention</span>
          ) : null}
        </Fact>
      ) : null}
      <Fact name={isOfRuns ? "Runs" : "Times"}>
        <a href="#runs" className="link">
          <Count value={count} />
        </a>
        {active !== null && active < count ? (
          <span className="text-ink-10">
            , {active} still {exception.kind === "halt" ? "halted" : "there"}
          </span>
        ) : null}
      </Fact>
      <Fact name="Workflow">
        <Link
          href={pageHref(exception.kind === "halt" ? "/halted" : "/exceptions", ofWorkflow)}
          className="link wrap-anywhere"
          prefetch={false}
        >
          <bdi>{workflow ?? "none"}</bdi>
        </Link>
      </Fact>
      {exception.rule === null ? null : (
        <Fact name="Rule">
          <RuleName exception={exception} /> <Measure exception={exception} />
        </Fact>
      )}
      {exception.rule === null && exception.observed !== null ? (
        <Fact name="Measured">
          <Measure exception={exception} />
        </Fact>
      ) : null}
      {exception.kind === "halt" ? null : <Fact name="Severity">{SEVERITY_WORDS[exception.severity]}</Fact>}
      {exception.until_at === null ? null : (
        <Fact name="Until">
          <When at={exception.until_at} />
        </Fact>
      )}
      <Escalated exception={exception} />
      <Fact name="First">
        <When at={exception.first_seen_at} />
      </Fact>
      <Fact name="Latest">
        <When at={exception.last_seen_at} />
      </Fact>
      <Fact name="Known since">
        <When at={exception.raised_at} />
      </Fact>
      <Fact name="Told">
        <Told id={exception.id} />
      </Fact>
      <Fact name="With">
        {exception.assignee === null ? <span className="text-ink-10">nobody</span> : <bdi>{exception.assignee}</bdi>}
      </Fact>
      {acked_at !== null && acked_by !== null && resolved_at === null ? (
        <Fact name="Seen by">
          <bdi>{whoOf(acked_by)}</bdi> <When at={acked_at} isRelative />
        </Fact>
      ) : null}
      {resolved_at !== null && resolved_by !== null ? (
        <Fact name="Resolved by">
          <bdi>{whoOf(resolved_by)}</bdi> <When at={resolved_at} isRelative />
          {cause === null ? null : `: ${CAUSE_WORDS[cause]}`}
        </Fact>
      ) : null}
    </dl>
  )
}

/** Time alone escalates what is critical and unseen: it has its place from the start, so that nothing moves when it comes. */
function Escalated({ exception: { severity, state, escalated_at } }: { exception: Exception }) {
  const mayCome = severity === "critical" && state === "unack_active"
  if (escalated_at === null && !mayCome) return null
  return (
    <Fact name="Escalated">
      <span className="inline-block min-w-24">
        {escalated_at === null ? <span className="text-ink-10">not yet</span> : <When at={escalated_at} />}
      </span>
    </Fact>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
