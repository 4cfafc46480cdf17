"use client"

import { useRouter } from "next/navigation"
import { useState } from "react"
import { oneWorkflow } from "@/components/data/acts"
import { RUNS_DEFAULTS } from "@/components/data/defaults"
import { facetsQuery } from "@/components/data/facets"
import { compareHref } from "@/components/data/href-run"
import { runsQuery } from "@/components/data/runs"
import { useAsked } from "@/components/data/use-asked"
import { useFilters, useParam } from "@/components/data/use-filters"
import { HeldLines } from "@/components/frame/held-lines"
import { NothingYet } from "@/components/frame/nothing-yet"
import { ColumnMenu } from "@/components/runs/column-menu"
import { columnsOf } from "@/components/runs/columns"
import { CompareButton } from "@/components/runs/compare-button"
import { FacetPanel } from "@/components/runs/facet-panel"
import { choicesIn, UNNARROWED } from "@/components/runs/facet-words"
import { searchSentence } from "@/components/runs/found-in"
import { RunChips } from "@/components/runs/run-chips"
import { RunPager } from "@/components/runs/run-pager"
import { RunSearch } from "@/components/runs/run-search"
import { RunsTable } from "@/components/runs/runs-table"
import { runsSentence } from "@/components/runs/sentence"
import { Choose } from "@/components/ui/choose"
import { Icon } from "@/components/ui/icon"
import { FilteredOut, Panel, Shown } from "@/components/ui/panel"
import { Sheet } from "@/components/ui/sheet"
import { type Filters, SORTS, type Sort } from "@/lib/filters"
import { formatCount } from "@/lib/format"

const SORT_WORDS: Record<Sort, string> = {
  newest: "newest first",
  oldest: "oldest first",
  cost: "costliest first",
  duration: "longest first",
  tokens: "most tokens first",
  errors: "most errors first",
}

/** Every run of the range: narrowed, searched, sorted, and two of them compared. */
export function RunsView() {
  const router = useRouter()
  const { filters, change, hrefWith } = useFilters(RUNS_DEFAULTS)
  const [columnsNamed, nameColumns] = useParam("columns")
  const [selected, setSelected] = useState<readonly string[]>([])
  const [isSheetOpen, setIsSheetOpen] = useState(false)
  const runs = useAsked(runsQuery(filters))
  const columns = columnsOf(columnsNamed)
  const choices = choicesIn(filters)
  const onlyWorkflow = oneWorkflow(filters)
  const compareTo = selected.length === 2 ? compareHref(filters.project, selected[0] ?? "", selected[1] ?? "") : null
  // A third takes the place of the first: two is what a comparison is of.
  const select = (run: string) =>
    setSelected(selected.includes(run) ? selected.filter((one) => one !== run) : [...selected, run].slice(-2))
  return (
    <>
      <Headline filters={filters} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <RunSearch text={filters.q} search={(q) => change({ q })} />
        <button type="button" className="button lg:hidden" onClick={() => setIsSheetOpen(true)}>
          <Icon name="filter" size={14} /> {choices > 0 ? `Filters (${choices})` : "Filters"}
        </button>
        <Choose
          label="Order"
          value={filters.sort}
          options={SORTS.map((sort) => [sort, SORT_WORDS[sort]] as const)}
          onChange={(sort) => change({ sort })}
        />
      </div>
      <div className="runs-split">
        <aside className="panel facets max-lg:hidden" aria-label="Filters">
          <h2 className="sr-only">Filters</h2>
          <FacetPanel filters={filters} change={change} />
        </aside>
        {/* What a choice adds stands beside the filters, not above them: the next press finds them where they were. */}
        <div className="flex min-w-0 flex-col gap-4">
          <RunChips filters={filters} change={change} />
          {onlyWorkflow === null ? null : <HeldLines only={onlyWorkflow} />}
          {runs.data?.search ? <p className="text-label text-ink-10">{searchSentence(runs.data.search)}</p> : null}
          <Panel
            title="Runs"
            query={runs}
            minHeight={480}
            isEmpty={(data) => data.items.length === 0 && !data.is_unfinished}
            empty={
              choices > 0 || filters.cursor !== null ? (
                <FilteredOut what="runs" filters="these filters in this range" clear={() => change(UNNARROWED)} />
              ) : (
                <NothingYet
                  filters={filters}
                  coming="Each run appears here with its proof and its cost as soon as its first event comes in."
                  none="No run started in this range."
                />
              )
            }
            actions={
              <>
                {runs.data ? <Shown shown={runs.data.items.length} count={runs.data.count} one="run" /> : null}
                <CompareButton selected={selected.length} href={compareTo} clear={() => setSelected([])} />
                <ColumnMenu shown={columns} choose={nameColumns} />
              </>
            }
          >
            {(data) => (
              <>
                {data.ranked ? (
                  <p className="border-b border-line px-4 py-2 text-table text-ink-11">
                    Ranked among the newest {formatCount(data.ranked.among)} of {formatCount(data.ranked.of)} runs. A
                    shorter range ranks all of its runs.
                  </p>
                ) : null}
                <RunsTable
                  page={data}
                  project={filters.project}
                  columns={columns}
                  sort={filters.sort}
                  onSort={(sort) => change({ sort })}
                  selected={selected}
                  onSelect={select}
                  onCompare={() => {
                    if (compareTo !== null) router.push(compareTo)
                  }}
                />
                {data.is_unfinished ? (
                  <p className="px-4 py-2 text-table text-ink-11">
                    {data.items.length === 0
                      ? "None of the runs looked into so far matches."
                      : "Not all runs are looked into yet."}{" "}
                    The next page looks further.
                  </p>
                ) : null}
                <RunPager
                  first={filters.cursor === null ? null : hrefWith({ cursor: null })}
                  previous={data.previous_cursor === null ? null : hrefWith({ cursor: data.previous_cursor })}
                  next={data.next_cursor === null ? null : hrefWith({ cursor: data.next_cursor })}
                />
              </>
            )}
          </Panel>
        </div>
      </div>
      <Sheet title="Filters" open={isSheetOpen} onClose={() => setIsSheetOpen(false)}>
        <FacetPanel filters={filters} change={change} />
      </Sheet>
    </>
  )
}

function Headline({ filters }: { filters: Filters }) {
  const runs = useAsked(runsQuery(filters))
  const facets = useAsked(facetsQuery(filters))
  if (!runs.data) return <h1 className="text-title">Runs</h1>
  return (
    <h1 className={`text-title ${runs.isPlaceholderData ? "opacity-60" : ""}`}>
      {runsSentence(runs.data, facets.data, filters)}
    </h1>
  )
}
