"use client"

import { useQuery } from "@tanstack/react-query"
import { RUNS_DEFAULTS, runsQuery } from "@/components/data/runs"
import { useFilters } from "@/components/data/use-filters"
import { FilterChips } from "@/components/frame/filter-chips"
import { RunFilters } from "@/components/runs/run-filters"
import { RunsTable } from "@/components/runs/runs-table"
import { Pager } from "@/components/ui/pager"
import { FilteredOut, Panel, Shown } from "@/components/ui/panel"
import { plural } from "@/lib/format"

/** Every run of the range, newest first. */
export function RunsView() {
  const { filters, change, hrefWith } = useFilters(RUNS_DEFAULTS)
  const runs = useQuery(runsQuery(filters))
  const count = runs.data?.count
  const isNarrowed =
    filters.status.length + filters.proof.length + Object.keys(filters.dimensions).length > 0 || filters.q !== null
  return (
    <>
      <h1 className="text-title">
        {count ? `${count.is_capped ? "More than 10,000 runs" : plural(count.value, "run")}` : "Runs"}
        <span className="text-body font-normal text-ink-11"> {isNarrowed ? "match" : "started in this range"}</span>
      </h1>
      <RunFilters filters={filters} change={change} />
      <FilterChips filters={filters} change={change} />
      <Panel
        title="Runs"
        query={runs}
        minHeight={480}
        isEmpty={(data) => data.items.length === 0}
        empty={
          isNarrowed || filters.cursor !== null ? (
            <FilteredOut
              what="runs"
              filters="these filters in this range"
              clear={() => change({ status: [], proof: [], dimensions: {}, q: null })}
            />
          ) : (
            <p className="text-ink-11">No run started in this range. Another range may have some.</p>
          )
        }
        actions={runs.data ? <Shown shown={runs.data.items.length} count={runs.data.count} one="run" /> : null}
      >
        {(data) => (
          <>
            <RunsTable runs={data.items} project={filters.project} />
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
