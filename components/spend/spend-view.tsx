"use client"

import { RUNS_DEFAULTS, SPEND_DEFAULTS } from "@/components/data/defaults"
import { pageHref } from "@/components/data/href"
import { qualityQuery } from "@/components/data/quality"
import { costlyRunsQuery, spendQuery, totalFilters } from "@/components/data/spend"
import { useAsked } from "@/components/data/use-asked"
import { useFilters, useParam } from "@/components/data/use-filters"
import { NothingYet } from "@/components/frame/nothing-yet"
import { QualityStrip } from "@/components/frame/quality-strip"
import { CostlyRunsTable } from "@/components/spend/costly-runs"
import { differingHref, exportHref, shownCsvHref } from "@/components/spend/links"
import { OverTime } from "@/components/spend/over-time"
import { type Refusal, Refused, refusalOf } from "@/components/spend/refused"
import { SpendControls } from "@/components/spend/spend-controls"
import { SpendHead } from "@/components/spend/spend-head"
import { SpendTable } from "@/components/spend/spend-table"
import { UnpricedList } from "@/components/spend/unpriced-list"
import { zoomOut } from "@/components/spend/zoom-out"
import { useClock } from "@/components/ui/clock"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import { FilteredOut, Panel } from "@/components/ui/panel"
import { filterWords } from "@/lib/dimension-words"
import { type Filters, filterKey } from "@/lib/filters"

/**
 * Why: the sum, its shape over time, and the rows that add up to it.
 * @param refused what the server said of the address that came with the page, so that the first HTML says it too.
 */
export function SpendView({ refused = null }: { refused?: (Refusal & { of: string }) | null }) {
  const { filters, change } = useFilters(SPEND_DEFAULTS)
  const [view, setView] = useParam("view")
  const spend = useAsked(spendQuery(filters))
  const { now } = useClock()
  const isTable = view === "table"
  const isNarrowed = Object.keys(filters.dimensions).length > 0
  const isAsCame = refused !== null && spend.data === undefined && refused.of === filterKey(filters)
  const refusal = refusalOf(spend.error) ?? (isAsCame ? refused : null)
  if (refusal)
    return (
      <>
        <SpendControls filters={filters} grains={undefined} change={change} />
        <Refused refusal={refusal} change={change} />
      </>
    )
  return (
    <>
      <SpendHead spend={spend.data} filters={filters} isFailed={spend.isError} />
      <SpendControls filters={filters} grains={spend.data?.grains} change={change} />
      <Panel
        title="Over time"
        query={spend}
        minHeight={336}
        isEmpty={(data) => data.total.calls === 0 && data.total.cost === "0"}
        empty={
          isNarrowed ? (
            <FilteredOut
              what="spend"
              filters={filterWords(filters.dimensions)}
              clear={() => change({ dimensions: {} })}
            />
          ) : (
            <NothingYet
              filters={filters}
              coming="What each call costs appears here, by model, workflow and team, as soon as events come in."
              none="No calls in this range."
            />
          )
        }
        actions={
          <>
            {filters.from !== null && spend.data ? (
              <button
                type="button"
                className="button button-quiet"
                onClick={() => spend.data && change(zoomOut(spend.data.range, now))}
              >
                Zoom out
              </button>
            ) : null}
            <button
              type="button"
              className="button button-quiet"
              aria-pressed={isTable}
              onClick={() => setView(isTable ? null : "table")}
            >
              {isTable ? "View as chart" : "View as table"}
            </button>
          </>
        }
      >
        {(data) => <OverTime spend={data} filters={filters} isTable={isTable} change={change} />}
      </Panel>
      <Panel
        title="Where it went"
        query={spend}
        minHeight={240}
        actions={
          <>
            <a className="button button-quiet" href={shownCsvHref(filters)} download>
              <Icon name="download" /> CSV
            </a>
            <a
              className="button button-quiet"
              href={exportHref(filters)}
              download
              title="Each bucket and combination of all dimensions, as CSV"
            >
              <Icon name="download" /> Every line
            </a>
          </>
        }
      >
        {(data) => (
          <>
            <SpendTable spend={data} filters={filters} change={change} />
            {data.unpriced.length > 0 ? <UnpricedList spend={data} filters={filters} /> : null}
          </>
        )}
      </Panel>
      <CostliestRuns filters={filters} />
      <Quality filters={filters} />
    </>
  )
}

/** Asks for itself, so that its answer draws nothing else again. */
function CostliestRuns({ filters }: { filters: Filters }) {
  const runs = useAsked(costlyRunsQuery(filters))
  return (
    <Panel
      title="Costliest runs"
      query={runs}
      minHeight={400}
      isEmpty={(data) => data.items.length === 0}
      empty={<p className="text-ink-11">No run that started in this range made calls with these filters.</p>}
      actions={
        <Link
          className="button button-quiet"
          href={pageHref("/runs", { ...totalFilters(filters), sort: "cost" }, RUNS_DEFAULTS)}
        >
          All runs
        </Link>
      }
    >
      {(data) => <CostlyRunsTable answer={data} filters={filters} />}
    </Panel>
  )
}

function Quality({ filters }: { filters: Filters }) {
  const quality = useAsked(qualityQuery(filters))
  return <QualityStrip query={quality} href={differingHref({ ...filters, dimensions: {} })} />
}
