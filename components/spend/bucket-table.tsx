"use client"

import Link from "next/link"
import { useMemo } from "react"
import { prepareSpendBars } from "@/components/charts/prepare/spend-bars"
import { bucketHref } from "@/components/spend/links"
import { useClock } from "@/components/ui/clock"
import { Cost } from "@/components/ui/figures"
import type { Spend } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"

/** The chart as numbers, newest bucket first; every figure leads to its spans. */
export function BucketTable({ spend, filters }: { spend: Spend; filters: Filters }) {
  const { now } = useClock()
  const bars = useMemo(() => prepareSpendBars(spend, now), [spend, now])
  return (
    <div className="table-scroll max-h-[420px]">
      <table className="table">
        <caption className="sr-only">Spend per bucket in {spend.tz}</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col" className="num">
              Total
            </th>
            {bars.series.map((series) => (
              <th key={series.id} scope="col" className="num" title={series.label}>
                <span className="inline-block max-w-40 truncate align-bottom">{series.label}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bars.buckets.toReversed().map((bucket) => (
            <tr key={bucket.at}>
              <th scope="row" className="whitespace-nowrap font-normal">
                {bucket.label}
                {bucket.isOpen ? <span className="text-ink-10"> so far</span> : null}
              </th>
              <td className="num">
                <Cost value={bucket.total} currency={spend.currency} />
              </td>
              {bars.series.map((series) => {
                const group = spend.groups[series.groupIndex]
                const cost = bucket.costs[series.id] ?? null
                return (
                  <td key={series.id} className={`num ${cost === "0" ? "text-ink-10" : ""}`}>
                    {group && !group.is_other && cost !== "0" ? (
                      <Link className="row-link" href={bucketHref(filters, spend, group, bucket)} prefetch={false}>
                        <Cost value={cost} currency={spend.currency} />
                      </Link>
                    ) : (
                      <Cost value={cost} currency={spend.currency} />
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
