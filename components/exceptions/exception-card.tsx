"use client"

import { exceptionHref } from "@/components/data/exceptions"
import { traceHref } from "@/components/data/href"
import { ActButtons } from "@/components/exceptions/act-buttons"
import { Evidence, EvidencePlace } from "@/components/exceptions/evidence"
import { Measure } from "@/components/exceptions/measure"
import { RuleName } from "@/components/exceptions/rule-name"
import { ageOf } from "@/components/exceptions/sentence"
import { Where } from "@/components/exceptions/where"
import { CAUSE_WORDS, lightOf, UNSEEN_WORDS } from "@/components/exceptions/words"
import { useScope } from "@/components/frame/project"
import { useClock } from "@/components/ui/clock"
import { Cost, When } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import type { Exception } from "@/lib/contracts/exceptions"
import { SEVERITY_WORDS } from "@/lib/exception-words"
import { formatCount, formatExact, plural, shortenMiddle } from "@/lib/format"
import { whoOf } from "@/lib/who"

/** Whether the row is chosen for an act on many, and how to change that. */
export type Select = { isSelected: boolean; toggle: () => void }

/** One exception as the person needs it who is called at night: since when, where, why, what it cost, what may be done. */
export function ExceptionCard({ exception, select }: { exception: Exception; select: Select | null }) {
  const { slug } = useScope()
  const { now, zone } = useClock()
  const { latest, rule } = exception
  const { light, word } = lightOf(exception.kind, exception.state)
  return (
    <li className="exception" data-row data-exception={exception.id}>
      <div className="exception-state">
        <Light light={light}>{word}</Light>
        <span className="exception-age" title={`since ${formatExact(exception.first_seen_at, zone)}`}>
          {ageOf(exception.first_seen_at, now)}
        </span>
        <Urgency exception={exception} />
        {select === null ? null : (
          <label className="exception-select" title="Select (x)">
            <input type="checkbox" checked={select.isSelected} onChange={select.toggle} />
            <span className="sr-only">Select number {exception.id}</span>
          </label>
        )}
      </div>
      <div className="exception-main">
        <Link href={exceptionHref(slug, exception)} className="row-title font-strong" prefetch={false}>
          <Where kind={exception.kind} workflow={exception.workflow} step={exception.step} />
        </Link>
        <p className="exception-reason" title={exception.reason ?? undefined}>
          <bdi>{exception.reason ?? "No reason was given."}</bdi>
        </p>
        <p className="exception-facts">
          {latest?.run ? <Evidence run={latest} /> : null}
          <EvidencePlace exception={exception} />
          {rule === null ? null : (
            <span>
              rule <RuleName exception={exception} /> <Measure exception={exception} />
            </span>
          )}
          {rule === null ? <Measure exception={exception} /> : null}
          {latest?.run?.by ? (
            <span>
              by <bdi>{shortenMiddle(whoOf(latest.run.by), 40)}</bdi>
            </span>
          ) : null}
          {latest && latest.run_id !== "" ? (
            <Link href={traceHref(slug, latest.run_id)} className="link" prefetch={false} title={latest.run_id}>
              {exception.count > 1 ? "latest run " : "run "}
              {shortenMiddle(latest.run_id, 18)}
            </Link>
          ) : null}
          {exception.count > 1 ? (
            <span>
              latest <When at={exception.last_seen_at} isRelative />
            </span>
          ) : null}
          <Whose exception={exception} />
        </p>
      </div>
      <Figures exception={exception} />
      <ActButtons exception={exception} />
    </li>
  )
}

/** Time alone escalates what nobody looks at: it is said where there is room for it, so that nothing moves below a thumb. */
function Urgency({ exception: { kind, severity, state, escalation } }: { exception: Exception }) {
  const isEscalated = escalation > 0 && state === "unack_active"
  const words = [kind === "halt" ? "" : SEVERITY_WORDS[severity], isEscalated ? "escalated" : ""].filter(Boolean)
  return words.length === 0 ? null : (
    <span
      className={isEscalated ? "exception-severity text-ink-12" : "exception-severity"}
      title={isEscalated ? UNSEEN_WORDS[escalation] : undefined}
    >
      {words.join(", ")}
    </span>
  )
}

function Figures({ exception }: { exception: Exception }) {
  const { project, slug } = useScope()
  const { spend, count, similar, latest } = exception
  const similarText = `${formatCount(similar.value)}${similar.is_capped ? "+" : ""}`
  return (
    <p className="exception-figures">
      <Link href={exceptionHref(slug, exception)} className="row-link text-title font-strong" prefetch={false}>
        {latest?.run_id === "" ? (
          "–"
        ) : spend === null ? (
          "not summed"
        ) : (
          <Cost value={spend.cost} currency={project.currency} />
        )}
      </Link>
      {spend && spend.cost !== null && spend.unpriced_calls > 0 ? (
        <span>{plural(spend.unpriced_calls, "call")} unpriced</span>
      ) : null}
      <Link href={exceptionHref(slug, exception)} className="link" prefetch={false}>
        <span title={formatCount(count)}>{latest?.run_id === "" ? plural(count, "time") : plural(count, "run")}</span>
      </Link>
      <Link
        href={exceptionHref(slug, exception, { runs: "similar" })}
        className="link"
        prefetch={false}
        title={`${similarText} ${similarText === "1" ? "run" : "runs"} ${exception.kind === "halt" ? "stopped for" : "of"} this reason in 30 days`}
      >
        {similarText} in 30 d
      </Link>
    </p>
  )
}

function Whose({
  exception: { kind, state, assignee, acked_at, acked_by, resolved_by, cause, previous_id, until_at },
}: {
  exception: Exception
}) {
  const { slug } = useScope()
  return (
    <>
      {assignee === null ? null : (
        <span>
          with <bdi>{assignee}</bdi>
        </span>
      )}
      {until_at === null ? null : (
        <span>
          until <When at={until_at} />
        </span>
      )}
      {state === "ack_active" && acked_at !== null && acked_by !== null ? (
        <span>
          seen by <bdi>{whoOf(acked_by)}</bdi> <When at={acked_at} isRelative />
        </span>
      ) : null}
      {resolved_by === null || cause === null ? null : (
        <span>
          <bdi>{whoOf(resolved_by)}</bdi>: {CAUSE_WORDS[cause]}
        </span>
      )}
      {previous_id === null ? null : (
        <Link
          href={exceptionHref(slug, { id: previous_id, kind })}
          className="link"
          prefetch={false}
          title={`It was resolved as number ${previous_id}`}
        >
          came back after it was resolved
        </Link>
      )}
    </>
  )
}
