"use client"

import { useInfiniteQuery } from "@tanstack/react-query"
import { type ReactNode, useMemo } from "react"
import { SPEND_DEFAULTS } from "@/components/data/defaults"
import { pageHref, traceHref } from "@/components/data/href"
import { callsTotalQuery, spansQuery } from "@/components/data/spend"
import { useAsked } from "@/components/data/use-asked"
import { useFilters, useParam } from "@/components/data/use-filters"
import { FilterChips } from "@/components/frame/filter-chips"
import { useScope } from "@/components/frame/project"
import { CallsTitle } from "@/components/spend/calls-title"
import { Cost, Count, When } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import { FilteredOut, Panel } from "@/components/ui/panel"
import { useRowKeys } from "@/components/ui/row-keys"
import { ShowMore } from "@/components/ui/show-more"
import type { SpanRow } from "@/lib/contracts/read"
import { formatCount, formatInstant } from "@/lib/format"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"

/** The calls behind a figure, newest first, under that figure. @param panel shows the call that is open. */
export function CallsView({ panel }: { panel: ReactNode }) {
  const { filters, change } = useFilters(SPEND_DEFAULTS)
  const { project } = useScope()
  const [selected, select] = useParam("span")
  const query = useInfiniteQuery(spansQuery(filters))
  const spans = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data])
  const count = query.data?.pages[0]?.count
  const total = useAsked(callsTotalQuery(filters))
  return (
    <>
      <div className="flex flex-col gap-1">
        <Link
          href={pageHref(
            "/spend",
            { ...filters, unpriced: false, failed: false, differing: false, cursor: null },
            SPEND_DEFAULTS,
          )}
          className="link self-start text-label"
        >
          Spend
        </Link>
        <CallsTitle total={total.data} filters={filters} count={count?.value ?? null} />
        <RangeNote from={filters.from} to={filters.to} />
      </div>
      <FilterChips filters={filters} change={change} />
      <div className={selected === null ? "" : "trace-split"}>
        <Panel
          title="Spans"
          query={{ ...query, data: spans, isPlaceholderData: false }}
          minHeight={480}
          isEmpty={(list) => list.length === 0}
          empty={
            <FilteredOut
              what="spans"
              filters="these filters in this range"
              clear={() => change({ dimensions: {}, unpriced: false, failed: false, differing: false })}
            />
          }
          actions={
            spans && count ? (
              <span className="text-label text-ink-10">
                {formatCount(spans.length)} of {count.is_capped ? "10,000+" : formatCount(count.value)}
              </span>
            ) : null
          }
        >
          {(list) => (
            <>
              <SpansTable spans={list} project={filters.project} currency={project.currency} select={select} />
              <ShowMore query={query} />
            </>
          )}
        </Panel>
        {panel}
      </div>
    </>
  )
}

function RangeNote({ from, to }: { from: string | null; to: string | null }) {
  const { project } = useScope()
  if (from === null || to === null || !from.includes("T") || !to.includes("T")) return null
  const year = Date.parse(to)
  return (
    <p className="text-label text-ink-11">
      {formatInstant(from, project.zone, year)} to {formatInstant(to, project.zone, year)}, {project.zone}
    </p>
  )
}

type SpansTableProps = {
  spans: readonly SpanRow[]
  project: string | null
  currency: string
  select: (span: string | null) => void
}

function SpansTable({ spans, project, currency, select }: SpansTableProps) {
  const keys = useRowKeys()
  const tokensOf = (span: SpanRow) =>
    span.tokens ? TOKEN_BUCKETS.reduce((sum, bucket) => sum + (span.tokens?.[bucket] ?? 0), 0) : null
  return (
    <div className="table-scroll">
      <table className="table calls-table" onKeyDown={keys}>
        <thead>
          <tr>
            <th scope="col">Started</th>
            <th scope="col">Span</th>
            <th scope="col" className="calls-of">
              Model
            </th>
            <th scope="col" data-wide>
              Step
            </th>
            <th scope="col" data-wide>
              Run
            </th>
            <th scope="col" className="num" data-wide>
              Tokens
            </th>
            <th scope="col" className="num">
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {spans.map((span) => {
            const tokens = tokensOf(span)
            return (
              <tr key={`${span.run} ${span.id} ${span.started_at}`} data-row>
                <td>
                  <When at={span.started_at} />
                  {span.booked_at ? <span className="block text-label text-ink-10">correction</span> : null}
                </td>
                <td className="calls-name">
                  {span.run === null ? (
                    <button type="button" className="row-link max-w-full" onClick={() => select(span.id)}>
                      {span.name}
                    </button>
                  ) : (
                    <Link className="row-link block" href={traceHref(project, span.run, span.id)} prefetch={false}>
                      {span.name}
                    </Link>
                  )}
                  {/* A phone has no room for its column. */}
                  <span className="calls-model">{span.model ?? "no model"}</span>
                </td>
                <td className="calls-of max-w-56 truncate" title={span.model ?? undefined}>
                  {span.model ?? <span className="text-ink-10">no model</span>}
                </td>
                <td className="max-w-40 truncate text-ink-11" data-wide>
                  {span.step}
                </td>
                <td className="max-w-48 truncate text-ink-11" data-wide>
                  {span.run === null ? "no run" : <code>{span.run}</code>}
                </td>
                <td className="num" data-wide>
                  {tokens === null ? <span className="text-ink-10">unknown</span> : <Count value={tokens} />}
                </td>
                <td className="num">
                  <Cost value={span.cost} currency={currency} />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
