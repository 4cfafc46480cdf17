"use client"

import type { ReactNode } from "react"
import type { ChartBucket, SpendChartModel } from "@/components/charts/prepare/spend-bars"
import { allHref, groupHref } from "@/components/spend/links"
import { Link } from "@/components/ui/link"
import type { Spend } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"
import { formatCount } from "@/lib/format"

type BucketTableProps = { model: SpendChartModel; spend: Spend; filters: Filters }

/** The chart as numbers, newest bucket first; every figure leads to the calls that add up to it. */
export function BucketTable({ model, spend, filters }: BucketTableProps) {
  return (
    <div className="table-scroll max-h-[420px]">
      <table className="table">
        <caption className="sr-only">What the chart shows, in numbers, in {spend.tz}</caption>
        <thead>
          <tr>
            <th scope="col">{filters.shape === "cumulative" ? "Up to the end of" : "From"}</th>
            <th scope="col" className="num">
              {filters.shape === "per_run" ? "All" : "Total"}
            </th>
            {spend.previous ? (
              <th scope="col" className="num">
                Before
              </th>
            ) : null}
            {model.series.map((series) => (
              <th key={series.id} scope="col" className="num" title={series.label}>
                <span className="inline-block max-w-40 truncate align-bottom">{series.label}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {model.buckets.toReversed().map((bucket) => (
            <tr key={bucket.at}>
              <th scope="row" className="row-head whitespace-nowrap">
                {bucket.label}
                {bucket.isOpen ? <span className="text-ink-10"> so far</span> : null}
              </th>
              <Cell
                value={bucket.total}
                text={bucket.totalText}
                href={allHref(filters, stretchOf(bucket, spend, filters))}
                spend={spend}
                filters={filters}
              />
              {spend.previous ? <td className="num text-ink-11">{bucket.previousText ?? "–"}</td> : null}
              {model.series.map((series) => {
                const group = series.groupIndex === null ? undefined : spend.groups[series.groupIndex]
                const stretch = stretchOf(bucket, spend, filters)
                return (
                  <Cell
                    key={series.id}
                    value={bucket.values[series.id] ?? null}
                    text={bucket.texts[series.id] ?? ""}
                    href={group ? groupHref(filters, spend.by, group, stretch) : null}
                    spend={spend}
                    filters={filters}
                  />
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What a figure of a bucket is the sum of: the bucket, or all of the range up to its end. */
export const stretchOf = (bucket: ChartBucket, spend: Spend, filters: Filters) => ({
  at: filters.shape === "cumulative" ? spend.range.from : startOf(bucket, spend),
  until: bucket.until,
})

/** The first bucket may begin before the range. */
export const startOf = (bucket: Pick<ChartBucket, "at">, spend: Spend): string =>
  bucket.at < spend.range.from ? spend.range.from : bucket.at

type CellProps = { value: string | null; text: string; href: string | null; spend: Spend; filters: Filters }

function Cell({ value, text, href, spend, filters }: CellProps): ReactNode {
  const isNothing = value === "0"
  const shown = <span title={exact(value, spend, filters)}>{text}</span>
  return (
    <td className={`num ${isNothing || value === null ? "text-ink-10" : ""}`}>
      {href === null || isNothing || text === "no run" ? (
        shown
      ) : (
        <Link className="row-link" href={href} prefetch={false}>
          {shown}
        </Link>
      )}
    </td>
  )
}

/** A quotient names its unit: it is no number that rows add up to. */
function exact(value: string | null, spend: Spend, { metric, shape }: Filters): string | undefined {
  if (value === null) return undefined
  if (shape === "per_run") return `${value} ${metric === "cost" ? spend.currency : metric} per run`
  if (metric === "cost") return `${value} ${spend.currency}`
  return metric === "calls" ? formatCount(Number(value)) : `${formatCount(Number(value))} tokens`
}
