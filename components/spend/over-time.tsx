"use client"

import { useRouter } from "next/navigation"
import { useMemo, useState } from "react"
import { prepareSpendBars } from "@/components/charts/prepare/spend-bars"
import { SpendChart } from "@/components/charts/spend-chart"
import { Swatch } from "@/components/charts/swatch"
import { periodOf } from "@/components/data/budgets"
import { useFittingBudget } from "@/components/frame/budget-pace"
import { BucketTable, startOf, stretchOf } from "@/components/spend/bucket-table"
import { allHref, groupHref } from "@/components/spend/links"
import { beforeWords, rangeWords } from "@/components/spend/range-words"
import { spendSentence } from "@/components/spend/sentence"
import { useClock } from "@/components/ui/clock"
import type { Spend } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"
import { plural } from "@/lib/format"
import { displayMoney } from "@/lib/money"

type OverTimeProps = { spend: Spend; filters: Filters; isTable: boolean; change: (change: Partial<Filters>) => void }

/** The shape of the money over time, as a picture or as its numbers. */
export function OverTime({ spend, filters, isTable, change }: OverTimeProps) {
  const { now } = useClock()
  const router = useRouter()
  const [lit, setLit] = useState<string | null>(null)
  const { metric, shape } = filters
  const isSummedUp = metric === "cost" && shape === "cumulative"
  const limit = useFittingBudget(filters, isSummedUp ? periodOf(filters) : null)
  const amount = limit?.budget.amount ?? null
  const model = useMemo(() => prepareSpendBars(spend, now, metric, shape, amount), [spend, now, metric, shape, amount])
  if (isTable) return <BucketTable model={model} spend={spend} filters={filters} />
  const said = spendSentence(spend, rangeWords(filters, spend.range, spend.tz, now), metric)
  const caption = `${said.figure} in ${plural(spend.buckets.length, "bucket")}, zone ${spend.tz}.`
  const apart = model.series.filter((series) => series.id !== "other").length
  return (
    <>
      <SpendChart
        model={model}
        caption={caption}
        lit={lit}
        onZoom={(from, until) => change({ last: null, from: startOf({ at: from }, spend), to: until, grain: null })}
        onOpen={(bucket, id) => {
          const series = model.series.find((candidate) => candidate.id === id)
          const group = series && series.groupIndex !== null ? spend.groups[series.groupIndex] : undefined
          const stretch = stretchOf(bucket, spend, filters)
          // A rest that no filter can name opens the whole bucket, of which it is a part.
          router.push((group && groupHref(filters, spend.by, group, stretch)) ?? allHref(filters, stretch))
        }}
      />
      <ul className="legend" aria-label="Colours">
        {model.series.map((series) => (
          <li key={series.id} onPointerEnter={() => setLit(series.id)} onPointerLeave={() => setLit(null)}>
            <Swatch paint={series.paint} />
            <span className="truncate" title={series.label}>
              {series.label}
            </span>
          </li>
        ))}
        {limit ? (
          <li>
            <span className="budget-line" aria-hidden="true" />
            <span className="truncate" title={`${limit.budget.name}: ${limit.budget.amount} ${limit.currency}`}>
              Budget {limit.budget.name}, {displayMoney(limit.budget.amount, limit.currency)}
              {model.limit === null ? " (above what is drawn)" : ""}
            </span>
          </li>
        ) : null}
        {spend.previous ? (
          <li>
            <span className="h-px w-4 shrink-0 bg-ink-11" aria-hidden="true" />
            {beforeWords(filters, spend.previous.range, spend.tz, now)}
          </li>
        ) : null}
      </ul>
      <p className="min-h-6 px-4 pt-1 pb-2 text-label text-ink-10">
        {spend.range.is_snapped ? "Range widened to whole quarter hours. " : ""}
        {apart < spend.groups.filter((group) => !group.is_other).length
          ? `The ${apart} largest are drawn apart; the table has the others. `
          : ""}
        {shape === "per_run" ? "Each bucket's figure over the runs that started in it. " : ""}
        {model.gapCount > 0
          ? `In ${plural(model.gapCount, "bucket")} some series has only calls without a price: a gap, not a zero.`
          : ""}
      </p>
    </>
  )
}
