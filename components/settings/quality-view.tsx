"use client"

import { inProject } from "@/components/data/http"
import { QUALITY_DEFAULTS, sourceQualityQuery } from "@/components/data/quality"
import { useAsked } from "@/components/data/use-asked"
import { useFilters } from "@/components/data/use-filters"
import { useScope } from "@/components/frame/project"
import { GapsTable } from "@/components/settings/quality-gaps"
import { DoubtsTable, RefusedTable } from "@/components/settings/quality-marks"
import { SourcesTable } from "@/components/settings/quality-sources"
import { isUntold, qualitySentence } from "@/components/settings/quality-words"
import { Link } from "@/components/ui/link"
import { Panel, type PanelQuery } from "@/components/ui/panel"
import type { SourceQuality } from "@/lib/contracts/quality"

/** How far the figures can be trusted, source by source: what came, how late, what was refused, what is missing or in doubt. */
export function QualityView() {
  const { filters } = useFilters(QUALITY_DEFAULTS)
  const { slug } = useScope()
  const query = useAsked(sourceQualityQuery(filters))
  const { data } = query
  const home = inProject("/", slug)
  return (
    <>
      <h1 className="text-title">{data ? qualitySentence(data) : "Data quality"}</h1>
      <Panel
        title="Sources"
        query={query}
        minHeight={160}
        isEmpty={({ sources }) => sources.length === 0}
        empty={
          <p className="text-ink-11">
            Nothing arrived in this range. The{" "}
            <Link className="link" href={home}>
              board
            </Link>{" "}
            shows how to send the first event.
          </p>
        }
      >
        {(quality) => <SourcesTable quality={quality} />}
      </Panel>
      {data?.sources.length === 0 ? null : <Details query={query} />}
    </>
  )
}

type Query = PanelQuery<SourceQuality>

/** Where nothing came in nothing can be said: no data is not "all is well". What is well takes a line, not a panel. */
function Details({ query }: { query: Query }) {
  const { data } = query
  const isRefused = data?.sources.some(({ rejected, conflicts }) => rejected + conflicts > 0) ?? true
  const isGapped = data === undefined || data.gaps.items.length > 0
  const isDoubted = data?.sources.some(({ flags }) => flags.length > 0) ?? true
  return (
    <>
      {isRefused ? (
        <Panel title="Refused or contradicting, by reason" query={query} minHeight={96}>
          {(quality) => <RefusedTable quality={quality} />}
        </Panel>
      ) : null}
      {isGapped ? (
        <Panel title="Runs with missing events" query={query} minHeight={96}>
          {(quality) => <GapsTable gaps={quality.gaps} />}
        </Panel>
      ) : null}
      {isDoubted ? (
        <Panel title="In doubt" query={query} minHeight={96}>
          {(quality) => <DoubtsTable quality={quality} />}
        </Panel>
      ) : null}
      {isRefused && isGapped && isDoubted ? null : (
        <ul className="panel all-well" aria-label="Nothing wrong">
          {isRefused ? null : <li>Nothing was refused, and nothing contradicts an earlier event.</li>}
          {isGapped ? null : (
            <li>
              No run skips a number. Only events that bring a <code>seq</code> can tell.
            </li>
          )}
          {isDoubted ? null : (
            <li>
              {data?.sources.some(isUntold)
                ? "Of what was counted, every reading and every clock was as it should be."
                : "Every reading and every clock was as it should be."}
            </li>
          )}
        </ul>
      )}
    </>
  )
}
