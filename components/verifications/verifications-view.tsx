"use client"

import { useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { PassChart } from "@/components/charts/pass-chart"
import { preparePassShare } from "@/components/charts/prepare/pass-share"
import { useFilters } from "@/components/data/use-filters"
import {
  listFilters,
  seriesFilters,
  VERIFICATIONS_DEFAULTS,
  verificationSeriesQuery,
  verificationsQuery,
} from "@/components/data/verifications"
import { FilterChips } from "@/components/frame/filter-chips"
import { Choose } from "@/components/ui/choose"
import { useClock } from "@/components/ui/clock"
import { Pager } from "@/components/ui/pager"
import { FilteredOut, Panel, Shown } from "@/components/ui/panel"
import { CheckTable } from "@/components/verifications/check-table"
import { verificationsSentence } from "@/components/verifications/sentence"
import { VerificationsTable } from "@/components/verifications/verifications-table"
import type { VerificationSeries } from "@/lib/contracts/read"
import { VERDICTS, type Verdict } from "@/lib/vocabulary"

/** Which checks fail, since when, and on which run. */
export function VerificationsView() {
  const { filters, change, hrefWith } = useFilters(VERIFICATIONS_DEFAULTS)
  const series = useQuery(verificationSeriesQuery(seriesFilters(filters)))
  const list = useQuery(verificationsQuery(listFilters(filters)))
  const clear = () => change({ check: [], outcome: [], dimensions: {} })
  const isNarrowed = filters.check.length + filters.outcome.length + Object.keys(filters.dimensions).length > 0
  const outcome: Verdict | "look" | "all" =
    filters.outcome.length === 0 ? "look" : filters.outcome.length > 1 ? "all" : (filters.outcome[0] ?? "look")
  return (
    <>
      {series.data ? (
        <h1 className="text-title">{verificationsSentence(series.data)}</h1>
      ) : (
        <div className="skeleton h-6 w-2/3" />
      )}
      <FilterChips filters={filters} change={change} />
      <Panel
        title="Share passed, per check"
        query={series}
        minHeight={300}
        isEmpty={(data) => data.checks.length === 0}
        empty={
          isNarrowed ? (
            <FilteredOut what="verifications" filters="these filters in this range" clear={clear} />
          ) : (
            <p className="text-ink-11">
              No verification in this range. A run's checks report with <code>"type":"verification"</code> events.
            </p>
          )
        }
      >
        {(data) => <Shares series={data} chosen={filters.check} choose={(check) => change({ check })} />}
      </Panel>
      <Panel
        title="Results"
        query={list}
        minHeight={320}
        isEmpty={(data) => data.items.length === 0}
        empty={
          isNarrowed || filters.cursor !== null ? (
            <FilteredOut what="results" filters="these filters in this range" clear={clear} />
          ) : (
            <p className="text-ink-11">No check failed or broke in this range.</p>
          )
        }
        actions={
          <>
            {list.data ? <Shown shown={list.data.items.length} count={list.data.count} one="result" /> : null}
            <Choose
              label="Show"
              value={outcome}
              options={[
                ["look", "failed and broken"],
                ["all", "all"],
                ...VERDICTS.map((verdict) => [verdict, verdict === "error" ? "check broke" : verdict] as const),
              ]}
              onChange={(value) =>
                change({ outcome: value === "look" ? [] : value === "all" ? [...VERDICTS] : [value] })
              }
            />
          </>
        }
      >
        {(data) => (
          <>
            <VerificationsTable rows={data.items} project={filters.project} />
            <Pager
              newest={filters.cursor === null ? null : hrefWith({ cursor: null })}
              older={data.next_cursor === null ? null : hrefWith({ cursor: data.next_cursor })}
            />
          </>
        )}
      </Panel>
    </>
  )
}

type SharesProps = { series: VerificationSeries; chosen: readonly string[]; choose: (check: string[]) => void }

function Shares({ series, chosen, choose }: SharesProps) {
  const { now } = useClock()
  const share = useMemo(() => preparePassShare(series, now), [series, now])
  return (
    <>
      <PassChart share={share} caption={verificationsSentence(series)} />
      <CheckTable share={share} chosen={chosen} choose={choose} />
    </>
  )
}
