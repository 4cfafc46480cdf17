"use client"

import type { ReactNode } from "react"
import { callsHref, unpricedHref } from "@/components/reports/links"
import { rangeText, unpricedSentence } from "@/components/reports/words"
import { Copy } from "@/components/ui/copy-button"
import { Link } from "@/components/ui/link"
import { Panel, type PanelQuery } from "@/components/ui/panel"
import type { MonthReport } from "@/lib/contracts/reports"
import type { Filters } from "@/lib/filters"
import { formatCount, formatExact, plural } from "@/lib/format"
import { monthWords } from "@/lib/month"

/** What lets somebody else trust the figures: a total to check against, and what is known to be missing. */
export function Statement({ query, filters }: { query: PanelQuery<MonthReport>; filters: Filters }) {
  return (
    <Panel title="Control total and what is missing" query={query} minHeight={200}>
      {(report) => (
        <dl className="report-facts">
          <Fact term="Sum">
            <span data-control-cost={report.control.cost ?? "unpriced"} className="break-all">
              {report.control.cost ?? "unpriced"} {report.currency}
            </span>
          </Fact>
          <Fact term="Rows">{formatCount(report.control.rows)}</Fact>
          <Fact term="SHA-256 of the file">
            <code className="break-all" data-control-sha256={report.control.sha256}>
              {report.control.sha256}
            </code>{" "}
            <span className="no-print">
              <Copy text={report.control.sha256} label="Copy the hash" />
            </span>
            <Note>
              The last line of the CSV says the same three. <code>head -n -1 FILE | sha256sum</code> gives the hash
              again.
            </Note>
          </Fact>
          <Fact term="Month">
            <span title={`${report.range.from} to ${report.range.to}`}>{rangeText(report)}</span>
            <Note>
              {report.is_open
                ? "The month is not over; its figures and the hash will change."
                : `The month is over${report.available ? "" : ", and nothing was sent"}.`}{" "}
              {monthWords(report.previous_month)} is taken whole.
            </Note>
          </Fact>
          <Fact term="Without price">
            <Unpriced report={report} filters={filters} />
          </Fact>
          <Fact term="Ingest">
            <Quality report={report} />
          </Fact>
        </dl>
      )}
    </Panel>
  )
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Note({ children }: { children: ReactNode }) {
  return <p className="text-label text-ink-10">{children}</p>
}

function Unpriced({ report, filters }: { report: MonthReport; filters: Filters }) {
  const sentence = unpricedSentence(report)
  if (sentence === null) return report.total.calls === 0 ? <>No calls to price.</> : <>Every call has a price.</>
  const left = report.unpriced_count - report.unpriced.length
  return (
    <>
      <Link
        className="link text-alarm"
        href={callsHref(filters, report.month, report.by, undefined, true)}
        prefetch={false}
      >
        {sentence}
      </Link>
      <ul className="mt-1 flex flex-col gap-1 text-table">
        {report.unpriced.map(({ provider, model, calls }) => (
          <li key={JSON.stringify([provider, model])} className="report-unpriced">
            <span title={`${provider ?? "no provider"} / ${model ?? "no model"}`}>
              <bdi>{provider ?? "no provider"}</bdi> / <bdi>{model ?? "no model"}</bdi>
            </span>
            <Link
              className="link shrink-0"
              href={unpricedHref(filters, report.month, { provider, model })}
              prefetch={false}
            >
              {plural(calls, "call")}
            </Link>
          </li>
        ))}
        {left > 0 ? <li className="text-ink-11">and {plural(left, "more model")}</li> : null}
      </ul>
    </>
  )
}

function Quality({ report }: { report: MonthReport }) {
  const { accepted, duplicates, rejected, conflicts, last_event_at: last } = report.quality
  return (
    <>
      {formatCount(accepted)} taken, {formatCount(duplicates)} duplicates dropped, {formatCount(rejected)} rejected,{" "}
      {formatCount(conflicts)} in conflict
      <Note>
        Of the whole project, by when it was received.{" "}
        {last === null ? "Nothing was received yet." : `The last event came ${formatExact(last, report.tz)}.`}
      </Note>
    </>
  )
}
