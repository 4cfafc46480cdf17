"use client"

import Link from "next/link"
import { useMemo } from "react"
import { OTHER_PAINT, paintSeries, seriesKey } from "@/components/charts/prepare/colour"
import { Swatch } from "@/components/charts/swatch"
import { groupHref, runsHref, unpricedHref } from "@/components/spend/links"
import { Cost, Count } from "@/components/ui/figures"
import { useRowKeys } from "@/components/ui/row-keys"
import type { Spend, Tokens } from "@/lib/contracts/read"
import { DIMENSION_WORDS, groupLabel } from "@/lib/dimension-words"
import type { Filters } from "@/lib/filters"
import { formatCount, formatMoneyShare } from "@/lib/format"

const uncached = (tokens: Tokens) => tokens.input + tokens.audio_input
const cached = (tokens: Tokens) => tokens.cache_read + tokens.cache_write
const made = (tokens: Tokens) => tokens.output + tokens.reasoning + tokens.audio_output

/** The rows that add up to the headline; each leads to its spans. */
export function SpendTable({ spend, filters }: { spend: Spend; filters: Filters }) {
  const keys = useRowKeys()
  const paints = useMemo(() => {
    const own = paintSeries(spend.groups.filter((group) => !group.is_other).map((group) => seriesKey(group.key)))
    let next = 0
    return spend.groups.map((group) => (group.is_other ? OTHER_PAINT : (own[next++] ?? OTHER_PAINT)))
  }, [spend.groups])
  const shown = spend.groups.filter((group) => !group.is_other).length
  const name = spend.by.map((dimension) => DIMENSION_WORDS[dimension].one).join(" · ") || "all"
  return (
    <div className="table-scroll">
      <table className="table" onKeyDown={keys}>
        <thead>
          <tr>
            <th scope="col" className="capitalize">
              {name}
            </th>
            <th scope="col" className="num">
              Cost
            </th>
            <th scope="col" className="num">
              Share
            </th>
            <th scope="col" className="num">
              Calls
            </th>
            <th scope="col" className="num">
              Without price
            </th>
            <th scope="col" className="num">
              Input tokens
            </th>
            <th scope="col" className="num">
              Cached
            </th>
            <th scope="col" className="num">
              Output
            </th>
            <th scope="col" className="num">
              Errors
            </th>
            <th scope="col">
              <span className="sr-only">Runs</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {spend.groups.map((group, i) => {
            const label = groupLabel(group, spend.by)
            const href = groupHref(filters, spend.by, group)
            const runs = runsHref(filters, spend.by, group)
            return (
              <tr key={group.is_other ? "other" : seriesKey(group.key)} data-row>
                <th scope="row" className="row-head">
                  <span className="flex min-w-0 items-center gap-2">
                    <Swatch paint={paints[i] ?? OTHER_PAINT} />
                    {href ? (
                      <Link className="row-link" href={href} title={label} prefetch={false}>
                        {label}
                      </Link>
                    ) : (
                      <span className="text-ink-11">
                        other ({formatCount(spend.group_count - shown)} of {formatCount(spend.group_count)})
                      </span>
                    )}
                  </span>
                </th>
                <td className="num">
                  <Cost value={group.cost} currency={spend.currency} />
                </td>
                <td className="num text-ink-11">{formatMoneyShare(group.cost, spend.total.cost) ?? "–"}</td>
                <td className="num">
                  <Count value={group.calls} />
                </td>
                <td className={`num ${group.unpriced_calls > 0 ? "text-alarm" : "text-ink-10"}`}>
                  <Count value={group.unpriced_calls} />
                </td>
                <td className="num">
                  <Count value={uncached(group.tokens)} isCompact />
                </td>
                <td className="num">
                  <Count value={cached(group.tokens)} isCompact />
                </td>
                <td className="num">
                  <Count value={made(group.tokens)} isCompact />
                </td>
                <td className={`num ${group.errors > 0 ? "" : "text-ink-10"}`}>
                  <Count value={group.errors} />
                </td>
                <td className="num">
                  {runs ? (
                    <Link className="link text-ink-11" href={runs} prefetch={false} aria-label={`Runs of ${label}`}>
                      runs
                    </Link>
                  ) : null}
                </td>
              </tr>
            )
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td className="num">
              <strong data-total={spend.total.cost ?? "unpriced"}>
                <Cost value={spend.total.cost} currency={spend.currency} />
              </strong>
            </td>
            <td />
            <td className="num">
              <Count value={spend.total.calls} />
            </td>
            <td className="num">
              <Count value={spend.total.unpriced_calls} />
            </td>
            <td className="num">
              <Count value={uncached(spend.total.tokens)} isCompact />
            </td>
            <td className="num">
              <Count value={cached(spend.total.tokens)} isCompact />
            </td>
            <td className="num">
              <Count value={made(spend.total.tokens)} isCompact />
            </td>
            <td className="num">
              <Count value={spend.total.errors} />
            </td>
            <td />
          </tr>
        </tfoot>
      </table>
      {spend.unpriced.length > 0 ? <Unpriced spend={spend} filters={filters} /> : null}
    </div>
  )
}

function Unpriced({ spend, filters }: { spend: Spend; filters: Filters }) {
  return (
    <div className="border-t border-line px-4 py-3">
      <h3 className="text-label text-ink-11">No price is known for</h3>
      <ul className="mt-1 flex flex-col gap-1 text-table">
        {spend.unpriced.map(({ provider, model, calls }) => (
          <li key={`${provider} ${model}`}>
            <Link
              className="link"
              href={unpricedHref(filters, { provider: [provider], model: [model] })}
              prefetch={false}
            >
              {provider ?? "no provider"} / {model ?? "no model"}
            </Link>
            : {formatCount(calls)} {calls === 1 ? "call" : "calls"}
          </li>
        ))}
      </ul>
    </div>
  )
}
