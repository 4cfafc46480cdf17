"use client"

import { VERIFICATIONS_DEFAULTS } from "@/components/data/defaults"
import { useAsked } from "@/components/data/use-asked"
import { useFilters, useParam } from "@/components/data/use-filters"
import {
  failureFilters,
  failuresQuery,
  foreignTo,
  listFilters,
  releaseFilters,
  releasesQuery,
  seriesFilters,
  verificationSeriesQuery,
} from "@/components/data/verifications"
import { Choose } from "@/components/ui/choose"
import { Link } from "@/components/ui/link"
import { FilteredOut, Panel } from "@/components/ui/panel"
import { EvidenceSheet } from "@/components/verifications/evidence-sheet"
import { FailureTable } from "@/components/verifications/failure-groups"
import { FilterBar } from "@/components/verifications/filter-bar"
import { Headline } from "@/components/verifications/headline"
import { resultsHref } from "@/components/verifications/links"
import { ReleaseTable } from "@/components/verifications/release-table"
import { ResultsPanel } from "@/components/verifications/results-panel"
import { Shares } from "@/components/verifications/shares-panel"
import type { VerificationSplit } from "@/lib/contracts/verifications"
import type { Filters } from "@/lib/filters"

const SPLITS: readonly (readonly [VerificationSplit, string])[] = (
  ["check", "workflow", "release", "model", "environment", "team", "customer"] as const
).map((split) => [split, split])

/** Which checks fail, since when, with which release, and on which run. */
export function VerificationsView() {
  const { filters } = useFilters(VERIFICATIONS_DEFAULTS)
  return foreignTo(filters).length > 0 ? <Unanswerable /> : <Answer />
}

/** An address asks for what no share over time can say: why, and where to go. */
function Unanswerable() {
  const { filters, change, hrefWith } = useFilters(VERIFICATIONS_DEFAULTS)
  const foreign = foreignTo(filters)
  const dimensions = Object.fromEntries(
    Object.entries(filters.dimensions).filter(([dimension]) => !foreign.some((other) => other === dimension)),
  )
  const isModel = foreign.every((dimension) => dimension === "model")
  return (
    <>
      <h1 className="text-title">
        A verification belongs to a run, and a run may have called more than one {foreign.join(" and ")}.
      </h1>
      <FilterBar filters={filters} change={change} />
      <p className="flex flex-wrap gap-2">
        {isModel ? (
          <Link className="button" href={resultsHref(filters, filters.outcome)} prefetch={false}>
            Results of runs that called it
          </Link>
        ) : null}
        <Link className="button" href={hrefWith({ dimensions, by: isModel ? ["model"] : [] })} prefetch={false}>
          {isModel ? "All models side by side" : "Show the page without it"}
        </Link>
      </p>
    </>
  )
}

function Answer() {
  const { filters, change } = useFilters(VERIFICATIONS_DEFAULTS)
  const [view, setView] = useParam("view")
  const series = useAsked(verificationSeriesQuery(seriesFilters(filters)))
  const releases = useAsked(releasesQuery(releaseFilters(filters)))
  const clear = () => change({ check: [], outcome: [], dimensions: {} })
  const isNarrowed = filters.check.length + filters.outcome.length + Object.keys(filters.dimensions).length > 0
  const isTable = view === "table"
  const split = filters.by[0]
  const by = SPLITS.find(([candidate]) => candidate === split)?.[0] ?? "check"
  return (
    <>
      <Headline filters={filters} series={series.data} releases={releases.data} />
      <FilterBar filters={filters} change={change} />
      <Panel
        title="Share passed"
        query={series}
        minHeight={360}
        isEmpty={(data) => data.groups.length === 0 && data.part === null}
        empty={
          isNarrowed ? (
            <FilteredOut what="verifications" filters="these filters in this range" clear={clear} />
          ) : (
            <Nothing />
          )
        }
        actions={
          <>
            <Choose
              label="By"
              value={by}
              options={SPLITS}
              onChange={(value) => change({ by: value === "check" ? [] : [value] })}
            />
            <button type="button" className="button button-quiet" onClick={() => setView(isTable ? null : "table")}>
              {isTable ? "View as chart" : "View as table"}
            </button>
          </>
        }
      >
        {(data) => (
          <Shares series={data} releases={releases.data} filters={filters} isTable={isTable} change={change} />
        )}
      </Panel>
      <Panel
        title="From release to release"
        query={releases}
        minHeight={120}
        isEmpty={(data) => data.items.length === 0}
        empty={<p className="text-ink-11">No workflow was verified with more than one release in this range.</p>}
      >
        {(data) => <ReleaseTable histories={data} filters={filters} />}
      </Panel>
      <Failures filters={filters} />
      <ResultsPanel filters={listFilters(filters)} change={change} clear={clear} isNarrowed={isNarrowed} />
      <EvidenceSheet project={filters.project} />
    </>
  )
}

/** Asks for itself, so that its answer draws nothing else again. */
function Failures({ filters }: { filters: Filters }) {
  const failures = useAsked(failuresQuery(failureFilters(filters)))
  return (
    <Panel
      title="What failed, grouped"
      query={failures}
      minHeight={200}
      isEmpty={(data) => data.groups.length === 0}
      empty={<p className="text-ink-11">No check failed or broke in this range.</p>}
    >
      {(data) => <FailureTable failures={data} filters={filters} />}
    </Panel>
  )
}

function Nothing() {
  return (
    <>
      <p className="text-ink-11">No verification in this range. A check of a run reports like this:</p>
      <pre className="evidence w-full">{SNIPPET}</pre>
    </>
  )
}

const SNIPPET = `{"id":"r81:5","type":"verification","run":"r81","at":"2026-11-20T10:00:00Z","check":"row_count_check",
 "outcome":"passed","score":0.97,"threshold":0.9,"evidence":"970 of 1,000 rows","artifact":"sha256:…",
 "verifier":{"name":"row_count.sh","hash":"sha256:…"}}`
