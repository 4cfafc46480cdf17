"use client"

import { useQuery } from "@tanstack/react-query"
import { Station, stationLight, stationName } from "@/components/board/station"
import { linesQuery } from "@/components/data/acts"
import { RUNS_DEFAULTS } from "@/components/data/defaults"
import { pageHref } from "@/components/data/href"
import { useParam } from "@/components/data/use-filters"
import { LightShape } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import { useRowKeys } from "@/components/ui/row-keys"
import type { Board } from "@/lib/contracts/board"
import type { Filters } from "@/lib/filters"
import { formatCount, plural } from "@/lib/format"

/** Named in the folded line; the rest of the quiet ones come with the unfolded list. */
const NAMED = 6

/** Stations by need; the quiet ones are one line that unfolds, and what lies past the cap is said. */
export function Stations({ board, filters }: { board: Board; filters: Filters }) {
  const keys = useRowKeys()
  const [quietParam, setQuiet] = useParam("quiet")
  const { data: lines } = useQuery(linesQuery(filters.project))
  // A line that somebody or a rule holds back is not quiet, though nothing runs on it.
  const held = new Set(lines?.items.map(({ workflow }) => workflow))
  const isLoud = ({ need, workflow }: Board["stations"][number]) =>
    need !== "quiet" || (workflow !== null && held.has(workflow))
  const loud = board.stations.filter(isLoud)
  const quiet = board.stations.filter((station) => !isLoud(station))
  const needing = loud.filter(({ need }) => need !== "quiet").length
  // With nothing else to look at, a few quiet ones are no noise.
  const isShort = loud.length === 0 && board.station_count <= NAMED
  const isOpen = quietParam === null ? isShort : quietParam === "open"
  const row = (station: Board["stations"][number]) => (
    <Station key={JSON.stringify(station.workflow)} station={station} filters={filters} currency={board.currency} />
  )
  const quietCount = board.station_count - board.needing_count - (loud.length - needing)
  const hidden = board.station_count - board.stations.length
  const hiddenNeeding = board.needing_count - needing
  return (
    <>
      <div className="station station-head" aria-hidden="true">
        <span>Workflow</span>
        <span>Needs a person</span>
        <span>Runs today</span>
        <span>Proven</span>
        <span>Spend today</span>
      </div>
      <ul aria-label="Workflows by need" onKeyDown={keys}>
        {loud.map(row)}
        {quiet.length > 0 ? (
          <li className="quiet-line">
            <span className="font-strong">{formatCount(quietCount)} quiet</span>
            {isOpen ? null : <QuietNames quiet={quiet} count={quietCount} />}
            <button
              type="button"
              className="button button-quiet quiet-fold"
              aria-expanded={isOpen}
              onClick={() => setQuiet(isOpen === isShort ? (isOpen ? "folded" : "open") : null)}
            >
              {isOpen ? "Fold" : "Unfold"}
            </button>
          </li>
        ) : null}
        {isOpen ? quiet.map(row) : null}
      </ul>
      {hidden > 0 ? (
        <p className="border-t border-line px-4 py-2 text-label text-ink-11">
          {plural(board.stations.length, "workflow")} of {formatCount(board.station_count)} stand here, by need.{" "}
          {hiddenNeeding > 0 ? `${formatCount(hiddenNeeding)} more need a person: ` : "The others are quiet: "}
          <Link
            className="link"
            href={pageHref(
              "/runs",
              {
                ...filters,
                last: "today",
                cursor: null,
                ...(hiddenNeeding > 0 ? { proof: ["failed" as const, "unproven" as const] } : {}),
              },
              RUNS_DEFAULTS,
            )}
          >
            {hiddenNeeding > 0 ? "failed and unproven runs of today" : "runs of today"}
          </Link>
          .
        </p>
      ) : null}
    </>
  )
}

function QuietNames({ quiet, count }: { quiet: Board["stations"]; count: number }) {
  return (
    <span className="quiet-names">
      {quiet.slice(0, NAMED).map((station) => (
        <span key={JSON.stringify(station.workflow)} className="inline-flex max-w-52 items-center gap-1.5">
          <LightShape light={stationLight(station)} size={12} />
          <span className="truncate">{stationName(station)}</span>
        </span>
      ))}
      {count > NAMED ? <span>and {formatCount(count - NAMED)} more</span> : null}
    </span>
  )
}
