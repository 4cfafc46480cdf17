"use client"

import { monthFileHref, monthReportQuery } from "@/components/data/reports"
import { useAsked } from "@/components/data/use-asked"
import { useFilters, useParam } from "@/components/data/use-filters"
import { FilterChips } from "@/components/frame/filter-chips"
import { useScope } from "@/components/frame/project"
import { Closing } from "@/components/reports/closing"
import { callsHref } from "@/components/reports/links"
import { MonthControls } from "@/components/reports/month-controls"
import { MonthTable } from "@/components/reports/month-table"
import { Statement } from "@/components/reports/statement"
import { rangeText, reportSentence } from "@/components/reports/words"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import { FilteredOut, Panel } from "@/components/ui/panel"
import type { MonthReport } from "@/lib/contracts/reports"
import { DIMENSION_WORDS, filterWords } from "@/lib/dimension-words"
import type { Filters } from "@/lib/filters"
import { formatExact } from "@/lib/format"
import { monthWords, REPORT_DEFAULTS } from "@/lib/month"

/** What finance takes away: one month, exact, beside the month before, with a control total. */
export function ReportsView() {
  const { filters, change } = useFilters(REPORT_DEFAULTS)
  const [month, setMonth] = useParam("month")
  const report = useAsked(monthReportQuery(filters, month))
  const data = report.data
  const isNarrowed = Object.keys(filters.dimensions).length > 0
  return (
    <article className="report flex flex-col gap-4">
      <PrintHead report={data} isNarrowed={isNarrowed} />
      <Headline report={data} filters={filters} isFailed={report.isError} />
      {data === undefined && report.isError ? null : (
        <MonthControls report={data} setMonth={setMonth} setBy={(by) => change({ by: [by] })} by={filters.by[0]} />
      )}
      <FilterChips filters={filters} change={change} />
      <Panel
        title={data ? `${monthWords(data.month)} by ${DIMENSION_WORDS[data.by].one}` : "The month"}
        query={report}
        minHeight={220}
        isEmpty={(found) => found.control.rows === 0}
        empty={
          isNarrowed ? (
            <FilteredOut
              what="spend"
              filters={filterWords(filters.dimensions)}
              clear={() => change({ dimensions: {} })}
            />
          ) : (
            <Nothing report={data} setMonth={setMonth} />
          )
        }
        actions={
          data ? (
            <>
              <button type="button" className="button button-quiet no-print" onClick={() => window.print()}>
                Print
              </button>
              <a className="button button-quiet no-print" href={monthFileHref(filters, data.month)} download>
                <Icon name="download" /> CSV
              </a>
            </>
          ) : null
        }
      >
        {(found) => <MonthTable report={found} filters={filters} />}
      </Panel>
      <Statement query={report} filters={filters} />
      {data ? <Closing month={data.month} /> : null}
    </article>
  )
}

type HeadlineProps = { report: MonthReport | undefined; filters: Filters; isFailed: boolean }

function Headline({ report, filters, isFailed }: HeadlineProps) {
  if (!report && isFailed) return <h1 className="text-title">Reports</h1>
  if (!report) return <div className="skeleton h-9 w-2/3" />
  const { figure, rest } = reportSentence(report)
  return (
    <h1 className="flex flex-wrap items-baseline gap-x-3">
      <Link
        className="row-link text-headline font-strong"
        href={callsHref(filters, report.month, report.by)}
        title={report.total.cost === null ? undefined : `${report.total.cost} ${report.currency}`}
        prefetch={false}
      >
        {figure}
      </Link>
      <span className="text-body font-normal text-ink-11">{rest}</span>
      {report.is_open ? (
        <span className="report-open text-label font-normal">The month is not over: its figures will grow.</span>
      ) : null}
    </h1>
  )
}

/** Paper has no top bar: what the page is of must stand on it. */
function PrintHead({ report, isNarrowed }: { report: MonthReport | undefined; isNarrowed: boolean }) {
  const { project } = useScope()
  if (!report) return null
  return (
    <header className="report-head">
      <p>
        <strong>{project.name}</strong> · {monthWords(report.month)} by {DIMENSION_WORDS[report.by].one}
        {isNarrowed ? " · a part of the project" : ""}
      </p>
      <p>
        {rangeText(report)} · {report.currency} · made {formatExact(report.generated_at, report.tz)} by Andon
      </p>
    </header>
  )
}

function Nothing({ report, setMonth }: { report: MonthReport | undefined; setMonth: (month: string) => void }) {
  if (!report?.available)
    return (
      <p className="text-ink-11">
        Nothing that costs has been sent yet. When it has, this page shows each month by model, workflow, team and
        customer, with the month before and a file whose total is the same to the last digit.
      </p>
    )
  const { last } = report.available
  return (
    <>
      <p className="text-ink-11">No calls in {monthWords(report.month)} nor in the month before.</p>
      <button type="button" className="button" onClick={() => setMonth(last)}>
        Show {monthWords(last)}
      </button>
    </>
  )
}
