"use client"

import { useRouter } from "next/navigation"
import { useEffect } from "react"
import { boardHref } from "@/components/board/links"
import { boardSentence } from "@/components/board/sentence"
import { stationLight, stationName } from "@/components/board/station"
import { deltaOf } from "@/components/board/words"
import { useLive } from "@/components/data/live"
import { usePausedLines } from "@/components/frame/held-lines"
import { useClock } from "@/components/ui/clock"
import { LightShape } from "@/components/ui/light"
import type { PanelQuery } from "@/components/ui/panel"
import type { Board, BoardStation } from "@/lib/contracts/board"
import type { DataQuality } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"
import { formatClock, formatCount, formatShare, keepUnits, plural } from "@/lib/format"
import { displayMoney } from "@/lib/money"

/** As many stations as can be read across a room; the rest is a number. */
const SHOWN = 12

type WallProps = { board: PanelQuery<Board>; quality: PanelQuery<DataQuality>; filters: Filters }

/** The board for a screen on a wall: no frame, large type, always dark. Escape leaves. */
export function BoardWall({ board, quality, filters }: WallProps) {
  const router = useRouter()
  const { now, zone } = useClock()
  const paused = usePausedLines()
  const { connection } = useLive()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) router.push(boardHref(filters))
    }
    window.addEventListener("keydown", onKey)
    return () => window.removeEventListener("keydown", onKey)
  }, [router, filters])
  const data = board.data
  const isStale = board.error !== null || connection === "lost"
  return (
    <div className="wall">
      {data ? (
        <>
          <h1 className="wall-sentence">
            {keepUnits(boardSentence(data, quality.data?.last_event_at ?? null, now, paused))}
          </h1>
          <dl className="wall-figures">
            <Big term="Halted" value={formatCount(data.halted.runs)} tone={data.halted.runs > 0 ? "text-halted" : ""} />
            <Big
              term="Unproven today"
              value={formatCount(data.runs.unproven)}
              tone={data.runs.unproven > 0 ? "text-unproven" : ""}
            />
            <Big
              term="Failed today"
              value={formatCount(data.runs.failed)}
              tone={data.runs.failed > 0 ? "text-failed" : ""}
            />
            <Big
              term="Proven today"
              value={formatShare(data.runs.verified, data.runs.claimed) ?? "–"}
              note={`${formatCount(data.runs.verified)} of ${formatCount(data.runs.claimed)}`}
            />
            <Big term="Spend today" value={displayMoney(data.spend.today.cost, data.currency)} note={paceWords(data)} />
          </dl>
          <ul className="wall-stations" aria-label="Workflows by need">
            {data.stations.slice(0, SHOWN).map((station) => (
              <WallStation key={JSON.stringify(station.workflow)} station={station} currency={data.currency} />
            ))}
          </ul>
        </>
      ) : (
        <p className="wall-sentence">{board.error ? board.error.message : "Reading the board."}</p>
      )}
      <p className="wall-foot">
        <span>{data ? moreWords(data) : ""}</span>
        <span className={isStale ? "text-alarm" : ""} role="status">
          {isStale ? "not live, as of" : "as of"}{" "}
          {formatClock(new Date(board.dataUpdatedAt > 0 && isStale ? board.dataUpdatedAt : now).toISOString(), zone)}{" "}
          {zone}
        </span>
        <button type="button" className="button" onClick={() => router.push(boardHref(filters))}>
          Leave (Esc)
        </button>
      </p>
    </div>
  )
}

/** What does not fit, and whether it is quiet: the wall shows the most in need first. */
function moreWords({ station_count: all, needing_count: needing }: Board): string {
  if (all <= SHOWN) return ""
  const more = `and ${plural(all - SHOWN, "more workflow")}`
  return needing > SHOWN ? `${more}, ${formatCount(needing - SHOWN)} of them in need` : more
}

function paceWords({ spend }: Board): string {
  const before = spend.today.compare?.before[0]
  const delta = before && deltaOf(spend.today.compare?.own.cost ?? null, before.cost).text
  return delta && before.cost !== "0" ? `${delta} on ${before.against === "yesterday" ? "yesterday" : "last week"}` : ""
}

type BigProps = { term: string; value: string; tone?: string; note?: string }

function Big({ term, value, tone = "", note = "" }: BigProps) {
  return (
    <div>
      <dt>{term}</dt>
      <dd className={tone}>{value}</dd>
      <dd>{note}</dd>
    </div>
  )
}

function WallStation({ station, currency }: { station: BoardStation; currency: string }) {
  const { today, halted, spend } = station
  const light = stationLight(station)
  const facts = [
    ...(halted.runs > 0 ? [`${formatCount(halted.runs)} halted`] : []),
    ...(today.failed > 0 ? [`${formatCount(today.failed)} failed`] : []),
    ...(today.unproven > 0 ? [`${formatCount(today.unproven)} unproven`] : []),
  ]
  return (
    <li data-need={station.need}>
      <LightShape light={light} size={44} />
      <span className="min-w-0">
        <span className="block truncate font-strong" title={stationName(station)}>
          {stationName(station)}
        </span>
        <span className="wall-facts">
          {facts.length > 0 ? facts.join(", ") : light}
          {/* Where no check is declared, a share proven says nothing that the light has not said. */}
          {today.claimed > today.unchecked ? ` · ${formatShare(today.verified, today.claimed)} proven` : ""} ·{" "}
          {displayMoney(spend.today, currency)}
        </span>
      </span>
    </li>
  )
}
