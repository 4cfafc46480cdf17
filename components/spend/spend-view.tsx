"use client"

import { useQuery } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { useMemo } from "react"
import { prepareSpendBars } from "@/components/charts/prepare/spend-bars"
import { SpendChart } from "@/components/charts/spend-chart"
import { qualityQuery, SPEND_DEFAULTS, spendQuery } from "@/components/data/spend"
import { useFilters, useParam } from "@/components/data/use-filters"
import { BucketTable } from "@/components/spend/bucket-table"
import { bucketHref, exportHref, unpricedHref } from "@/components/spend/links"
import { QualityStrip } from "@/components/frame/quality-strip"
import { rangeWords } from "@/components/spend/range-words"
import { spendSentence } from "@/components/spend/sentence"
import { SpendControls } from "@/components/spend/spend-controls"
import { SpendTable } from "@/components/spend/spend-table"
import { useClock } from "@/components/ui/clock"
import { Icon } from "@/components/ui/icon"
import { FilteredOut, Panel } from "@/components/ui/panel"
import type { Spend } from "@/lib/contracts/read"
import { plural } from "@/lib/format"

/** Why: the sum, its shape over time, and the rows that add up to it. */
export function SpendView() {
  const { filters, change } = useFilters(SPEND_DEFAULTS)
  const [view, setView] = useParam("view")
  const spend = useQuery(spendQuery(filters))
  const quality = useQuery(qualityQuery(filters))
  const isTable = view === "table"
  const clear = () => change({ dimensions: {} })
  const isNarrowed = Object.keys(filters.dimensions).length > 0

  return (
    <>
      <Headline spend={spend.data} filters={filters} />
      <SpendControls filters={filters} change={change} />
      <Panel
        title="Spend over time"
        query={spend}
        minHeight={304}
        isEmpty={(data) => data.total.calls === 0 && data.total.cost === "0"}
        empty={
          isNarrowed ? (
            <FilteredOut what="spend" filters="these filters" clear={clear} />
          ) : (
            <p className="text-ink-11">No calls in this range. Another range may have some.</p>
          )
        }
        actions={
          <button type="button" className="button button-quiet" onClick={() => setView(isTable ? null : "table")}>
            {isTable ? "View as chart" : "View as table"}
          </button>
        }
      >
        {(data) =>
          isTable ? <BucketTable spend={data} filters={filters} /> : <OverTime spend={data} filters={filters} />
        }
      </Panel>
      <Panel
        title="Where it went"
        query={spend}
        minHeight={240}
        actions={
          <a className="button button-quiet" href={exportHref(filters)} download>
            <Icon name="download" /> CSV
          </a>
        }
      >
        {(data) => <SpendTable spend={data} filters={filters} />}
      </Panel>
      <QualityStrip query={quality} />
    </>
  )
}

type WithFilters = { filters: Parameters<typeof spendQuery>[0] }

function Headline({ spend, filters }: WithFilters & { spend: Spend | undefined }) {
  const { now } = useClock()
  if (!spend) return <div className="skeleton h-9 w-2/3" />
  const { figure, rest, missing } = spendSentence(spend, rangeWords(filters, spend.range, spend.tz, now))
  return (
    <div className="flex flex-col gap-1">
      <h1 className="flex flex-wrap items-baseline gap-x-3">
        <span
          className="text-headline font-strong"
          title={spend.total.cost === null ? undefined : `${spend.total.cost} ${spend.currency}`}
        >
          {figure}
        </span>
        <span className="text-body font-normal text-ink-11">{rest}</span>
      </h1>
      <p className="min-h-5 text-label text-ink-11">
        {missing ? (
          <a className="link text-alarm" href={unpricedHref(filters)}>
            {missing}
          </a>
        ) : null}
      </p>
    </div>
  )
}

function OverTime({ spend, filters }: WithFilters & { spend: Spend }) {
  const { now } = useClock()
  const router = useRouter()
  const bars = useMemo(() => prepareSpendBars(spend, now), [spend, now])
  const caption = `${spendSentence(spend, rangeWords(filters, spend.range, spend.tz, now)).figure} in ${plural(spend.buckets.length, "bucket")}, zone ${spend.tz}`
  return (
    <>
      <SpendChart
        bars={bars}
        caption={caption}
        currency={spend.currency}
        onOpen={(bucket, id) => {
          const series = bars.series.find((candidate) => candidate.id === id)
          const group = series ? spend.groups[series.groupIndex] : undefined
          if (group) router.push(bucketHref(filters, spend, group, bucket))
        }}
      />
      <p className="min-h-6 px-4 pb-2 text-label text-ink-10">
        {spend.range.is_snapped ? "Range widened to whole quarter hours. " : ""}
        {bars.gapCount > 0
          ? `In ${plural(bars.gapCount, "bucket")} some series has only calls without a price: a gap, not a zero.`
          : ""}
      </p>
    </>
  )
}
