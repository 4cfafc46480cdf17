"use client"

import { useQuery } from "@tanstack/react-query"
import { VERIFICATIONS_DEFAULTS } from "@/components/data/defaults"
import { pageHref } from "@/components/data/href"
import { useFilters, useParam } from "@/components/data/use-filters"
import { failureFilters, failureQuery, resultsFilters, verificationsQuery } from "@/components/data/verifications"
import { Link } from "@/components/ui/link"
import { EvidenceSheet } from "@/components/verifications/evidence-sheet"
import { FilterBar } from "@/components/verifications/filter-bar"
import { GroupPanel, ResultsPanel } from "@/components/verifications/results-panel"
import type { Filters } from "@/lib/filters"
import { plural } from "@/lib/format"

/** The rows behind a figure of Verifications: as many as it says. */
export function ResultsView() {
  const { filters, change } = useFilters(VERIFICATIONS_DEFAULTS)
  const [group] = useParam("group")
  const shown = group === null ? resultsFilters(filters) : { ...failureFilters(filters), cursor: filters.cursor }
  const list = useQuery({ ...verificationsQuery(shown), enabled: group === null })
  const grouped = useQuery({ ...failureQuery(shown, group ?? ""), enabled: group !== null })
  const data = group === null ? list.data : grouped.data
  const clear = () => change({ check: [], outcome: [], dimensions: {} })
  const isNarrowed = filters.check.length + filters.outcome.length + Object.keys(filters.dimensions).length > 0
  return (
    <>
      <div className="flex flex-wrap items-baseline gap-x-4">
        {data ? (
          <h1 className="text-title">{data.count ? plural(data.count.value, "result") : "Results"}</h1>
        ) : (
          <div className="skeleton h-6 w-40" />
        )}
        <Link className="link text-label" href={courseHref(filters)} prefetch={false}>
          Shares over time
        </Link>
      </div>
      <FilterBar filters={filters} change={change} />
      {group === null ? (
        <ResultsPanel filters={shown} change={change} clear={clear} isNarrowed={isNarrowed} />
      ) : (
        <GroupPanel filters={shown} />
      )}
      <EvidenceSheet project={filters.project} />
    </>
  )
}

/** The page that these results are counted on: models stand side by side there, and outcomes are columns. */
function courseHref(filters: Filters): string {
  const { model, ...dimensions } = filters.dimensions
  const by: Filters["by"] = model === undefined ? [] : ["model"]
  return pageHref("/verifications", { ...filters, by, dimensions, outcome: [], cursor: null }, VERIFICATIONS_DEFAULTS)
}
