"use client"

import { useQuery } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { exceptionNumbersQuery } from "@/components/data/exception-numbers"
import { pageHref } from "@/components/data/href"
import { numbersSentence, share } from "@/components/exceptions/numbers-words"
import { KIND_WORDS } from "@/components/exceptions/words"
import { useScope } from "@/components/frame/project"
import { Count } from "@/components/ui/figures"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import { Panel } from "@/components/ui/panel"
import { ScrollBox } from "@/components/ui/scroll-box"
import type { ExceptionNumbers } from "@/lib/contracts/exception-numbers"
import { SEVERITY_WORDS } from "@/lib/exception-words"
import { DEFAULT_FILTERS, type Filters } from "@/lib/filters"
import { formatDuration } from "@/lib/format"
import { EXCEPTION_STATES } from "@/lib/vocabulary"

/** How the queue has done in 30 days, and which rule makes the most work. */
export function NumbersView() {
  const { slug } = useScope()
  const numbers = useQuery(exceptionNumbersQuery(slug))
  const back = pageHref("/exceptions", { ...DEFAULT_FILTERS, project: slug })
  return (
    <>
      <nav aria-label="Where this is">
        <Link href={back} className="link inline-flex items-center gap-1 text-table">
          <Icon name="left" size={14} /> Exceptions
        </Link>
      </nav>
      <h1 className="text-title">{numbers.data ? numbersSentence(numbers.data) : "How the queue does"}</h1>
      <Panel title="Times, last 30 days" query={numbers} minHeight={190}>
        {(data) => <Times data={data} />}
      </Panel>
      <div className="exception-columns">
        <Panel title="Load, last 30 days" query={numbers} minHeight={300}>
          {(data) => <Load data={data} />}
        </Panel>
        <Panel title="What a person had to look at" query={numbers} minHeight={300}>
          {(data) => <Reviewed data={data} />}
        </Panel>
      </div>
      <Panel
        title="What raises most"
        query={numbers}
        minHeight={120}
        isEmpty={({ rules }) => rules.length === 0}
        empty={<p className="text-ink-11">Nothing was raised in 30 days.</p>}
      >
        {(data) => <Rules data={data} />}
      </Panel>
    </>
  )
}

function Times({ data }: { data: ExceptionNumbers }) {
  return (
    <ScrollBox label="Times by severity">
      <table className="table card-table">
        <thead>
          <tr>
            <th scope="col">Severity</th>
            <th scope="col" className="num">
              Raised
            </th>
            <th scope="col" className="num" title="From the first violating event to when it was known">
              Known after
            </th>
            <th scope="col" className="num" title="From then until a person first looked">
              Looked at after
            </th>
            <th scope="col" className="num" title="From then until it was resolved">
              Resolved after
            </th>
          </tr>
        </thead>
        <tbody>
          {data.severities.map((row) => (
            <tr key={row.severity}>
              <th scope="row" className="row-head">
                {SEVERITY_WORDS[row.severity]}
              </th>
              <td className="num" data-label="Raised">
                <Count value={row.raised} />
              </td>
              <Time label="Known after" times={row.detect} />
              <Time label="Looked at after" times={row.acknowledge} />
              <Time label="Resolved after" times={row.resolve} />
            </tr>
          ))}
        </tbody>
      </table>
      <p className="px-4 py-2 text-label text-ink-10">Median, and in nine of ten cases at most.</p>
    </ScrollBox>
  )
}

type TimeProps = { label: string; times: { median_ms: number | null; p90_ms: number | null } }

function Time({ label, times: { median_ms, p90_ms } }: TimeProps) {
  if (median_ms === null || p90_ms === null)
    return (
      <td className="num" data-label={label}>
        –
      </td>
    )
  return (
    <td className="num" data-label={label} title={`median ${median_ms} ms, 90 % ${p90_ms} ms`}>
      <span>
        {formatDuration(median_ms)} <span className="text-ink-10">/ {formatDuration(p90_ms)}</span>
      </span>
    </td>
  )
}

function Line({ name, title, children }: { name: string; title?: string; children: ReactNode }) {
  return (
    <div className="number-line" title={title}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Load({ data }: { data: ExceptionNumbers }) {
  const { floods, auto_closed, per_operator_day, operators, stale, chattering } = data
  return (
    <dl>
      <Line name="A day for each who may act" title="About 150 can be managed, 300 at most">
        {per_operator_day === null ? "–" : per_operator_day}
        <span className="text-ink-10"> of {operators}</span>
      </Line>
      <Line name="Closed by themselves" title={`${auto_closed.part} of ${auto_closed.whole} resolved`}>
        {share(auto_closed)}
      </Line>
      <Line name="Open for more than a day" title="Less than 5 is the aim">
        <Count value={stale} />
      </Line>
      <Line
        name="Floods: ten minutes with more than ten"
        title={`${floods.part} of ${floods.whole} stretches; less than 1 % is the aim`}
      >
        {share(floods)}
      </Line>
      <Line name="Came three times in a minute" title="None is the aim">
        <Count value={chattering} />
      </Line>
      {data.severities.map(({ severity, raised }) => (
        <Line key={severity} name={`${SEVERITY_WORDS[severity]}, of all`} title={`${raised} of ${data.raised}`}>
          {share({ part: raised, whole: data.raised })}
        </Line>
      ))}
    </dl>
  )
}

function Reviewed({ data: { reviewed, sample } }: { data: ExceptionNumbers }) {
  return (
    <dl>
      <Line name="Runs">
        <Count value={reviewed.runs} />
      </Line>
      <Line name="Proven without a person">
        <Count value={reviewed.passed} />
      </Line>
      <Line name="Exceptions, and looked at">
        <Count value={reviewed.exceptions} /> <span className="text-ink-10">/</span>{" "}
        <Count value={reviewed.looked_at} />
      </Line>
      <Line
        name="Runs that a person had to touch"
        title={`${reviewed.touched} of ${reviewed.runs}; at most 2 % is the aim`}
      >
        {share({ part: reviewed.touched, whole: reviewed.runs })}
      </Line>
      <Line name="Passed runs drawn to look at" title="1 % of those that passed, at least 5 a week">
        <Count value={sample.drawn} />
        <span className="text-ink-10"> / {sample.reviewed} reviewed</span>
      </Line>
      <Line name="What the rules missed" title={`${sample.missed} of ${sample.reviewed} reviewed, 95 % interval`}>
        {sample.low === null || sample.high === null
          ? "–"
          : `${share({ part: sample.missed, whole: sample.reviewed })} (${(sample.low * 100).toFixed(1)} to ${(sample.high * 100).toFixed(1)} %)`}
      </Line>
    </dl>
  )
}

function Rules({ data: { rules, raised } }: { data: ExceptionNumbers }) {
  return (
    <ul>
      {rules.map((row) => (
        <RuleRow key={`${row.kind} ${row.rule} ${row.workflow}`} row={row} of={raised} />
      ))}
    </ul>
  )
}

function RuleRow({ row, of }: { row: ExceptionNumbers["rules"][number]; of: number }) {
  const { slug } = useScope()
  const every: Filters = { ...DEFAULT_FILTERS, project: slug, state: [...EXCEPTION_STATES] }
  const href = pageHref("/exceptions", { ...every, kind: [row.kind], dimensions: { workflow: [row.workflow] } })
  return (
    <li className="number-line">
      <Link href={href} className="link wrap-anywhere" prefetch={false}>
        {KIND_WORDS[row.kind].many}
        {row.rule === null ? null : (
          <>
            {" "}
            by rule <bdi>{row.rule}</bdi>
          </>
        )}{" "}
        of <bdi>{row.workflow ?? "no workflow"}</bdi>
      </Link>
      <span>
        <Count value={row.raised} /> <span className="text-ink-10">{share({ part: row.raised, whole: of })}</span>
      </span>
    </li>
  )
}
