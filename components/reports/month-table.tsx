"use client"

import { callsHref, spendHref } from "@/components/reports/links"
import { changeShare, changeText } from "@/components/reports/words"
import { Cost, Count } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import { useRowKeys } from "@/components/ui/row-keys"
import type { MonthFigures, MonthReport, MonthRow } from "@/lib/contracts/reports"
import { DIMENSION_WORDS, valueLabel } from "@/lib/dimension-words"
import type { Filters } from "@/lib/filters"
import { formatCount, formatMoneyShare, plural } from "@/lib/format"
import { monthWords } from "@/lib/month"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"

/** The month's rows, the costliest first; each figure leads to the calls that add up to it. */
export function MonthTable({ report, filters }: { report: MonthReport; filters: Filters }) {
  const keys = useRowKeys()
  const { by, month, previous_month: before, total, rest } = report
  const word = DIMENSION_WORDS[by]
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard */}
      <section className="table-scroll" aria-label="Rows of the month" tabIndex={0}>
        <table className="table" onKeyDown={keys}>
          <thead>
            <tr>
              <th scope="col" className="capitalize">
                {word.one}
              </th>
              <th scope="col" className="num">
                Spend
              </th>
              <th scope="col" className="num">
                Share
              </th>
              <th scope="col" className="num">
                {monthWords(before)}
              </th>
              <th scope="col" className="num">
                Change
              </th>
              <th scope="col" className="num">
                Calls
              </th>
              <th scope="col" className="num">
                Without price
              </th>
              <th scope="col" className="num">
                Tokens
              </th>
            </tr>
          </thead>
          <tbody>
            {report.rows.map((row) => (
              <Row key={row.key === null ? "~" : `=${row.key}`} row={row} report={report} filters={filters} />
            ))}
            {rest ? (
              <tr>
                <th scope="row" className="row-head text-ink-11">
                  {plural(rest.rows, `more ${word.one}`, `more ${word.many}`)}, all in the file
                </th>
                <Figures of={rest} report={report} />
              </tr>
            ) : null}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">
                <Link className="row-link" href={spendHref(filters, month, by)} prefetch={false}>
                  Total
                </Link>
              </th>
              <Figures
                of={total}
                report={report}
                calls={callsHref(filters, month, by)}
                unpriced={callsHref(filters, month, by, undefined, true)}
                previous={callsHref(filters, before, by)}
              />
            </tr>
          </tfoot>
        </table>
      </section>
    </>
  )
}

const PRESENCE = { both: null, new: "new", gone: "gone" } as const

function Row({ row, report, filters }: { row: MonthRow; report: MonthReport; filters: Filters }) {
  const { by, month, previous_month: before } = report
  const label = valueLabel(by, row.key)
  // While the month is open, what has not run yet may still run.
  const word = row.presence === "gone" && report.is_open ? "not yet" : PRESENCE[row.presence]
  // Beside a month without calls everything is new, and nothing is worth a mark.
  const presence = report.total.previous.calls === 0 ? null : word
  return (
    <tr data-row>
      <th scope="row" className="row-head">
        <span className="flex min-w-0 items-baseline gap-2">
          <Link className="row-link" href={spendHref(filters, month, by, row)} title={label} prefetch={false}>
            {label}
          </Link>
          {presence ? <span className="report-presence">{presence}</span> : null}
        </span>
      </th>
      <Figures
        of={row}
        report={report}
        calls={callsHref(filters, month, by, row)}
        unpriced={callsHref(filters, month, by, row, true)}
        previous={callsHref(filters, before, by, row)}
      />
    </tr>
  )
}

type FiguresProps = { of: MonthFigures; report: MonthReport; calls?: string; unpriced?: string; previous?: string }

function Figures({ of, report, calls, unpriced, previous }: FiguresProps) {
  const { currency } = report
  const tokens = TOKEN_BUCKETS.reduce((sum, bucket) => sum + of.tokens[bucket], 0)
  const share = formatMoneyShare(of.cost, report.total.cost)
  const percent = changeShare(of.change, of.previous.cost)
  const named = TOKEN_BUCKETS.filter((bucket) => of.tokens[bucket] > 0)
    .map((bucket) => `${bucket.replace("_", " ")} ${formatCount(of.tokens[bucket])}`)
    .join(", ")
  return (
    <>
      <td className="num">
        <To href={of.calls > 0 ? calls : undefined}>
          <span data-cost={of.cost ?? "unpriced"}>
            <Cost value={of.cost} currency={currency} />
          </span>
        </To>
      </td>
      <td className="num text-ink-11">{share ?? "–"}</td>
      <td className="num text-ink-11">
        <To href={of.previous.calls > 0 ? previous : undefined}>
          <Cost value={of.previous.cost} currency={currency} />
        </To>
      </td>
      <td className="num" title={of.change === null ? undefined : `${of.change} ${currency}`}>
        {of.change === null ? "–" : changeText(of.change, currency)}
        <span className="report-percent">{percent ?? ""}</span>
      </td>
      <td className="num">
        <To href={of.calls > 0 ? calls : undefined}>
          <Count value={of.calls} />
        </To>
      </td>
      <td className={`num ${of.unpriced_calls > 0 ? "text-alarm" : "text-ink-10"}`}>
        <To href={of.unpriced_calls > 0 ? unpriced : undefined}>
          <Count value={of.unpriced_calls} />
        </To>
      </td>
      <td className="num" title={named === "" ? undefined : named}>
        <Count value={tokens} isCompact />
      </td>
    </>
  )
}

function To({ href, children }: { href: string | undefined; children: React.ReactNode }) {
  if (href === undefined) return children
  return (
    <Link className="row-link" href={href} prefetch={false}>
      {children}
    </Link>
  )
}
