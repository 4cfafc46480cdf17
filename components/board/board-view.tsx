"use client"

import { Changes } from "@/components/board/changes"
import { Figures } from "@/components/board/figures"
import { boardHref } from "@/components/board/links"
import { boardSentence } from "@/components/board/sentence"
import { Stations } from "@/components/board/stations"
import { useBoard } from "@/components/board/use-board"
import { useParam } from "@/components/data/use-filters"
import { AlertsStrip } from "@/components/frame/alerts-strip"
import { FilterChips } from "@/components/frame/filter-chips"
import { HeldLines, usePausedLines } from "@/components/frame/held-lines"
import { QualityStrip } from "@/components/frame/quality-strip"
import { useClock } from "@/components/ui/clock"
import { later } from "@/components/ui/later"
import { Link } from "@/components/ui/link"
import { Failure, FilteredOut, Panel } from "@/components/ui/panel"
import { filterWords } from "@/lib/dimension-words"
import { keepUnits } from "@/lib/format"

// A script of its own: a board on a desk never needs it.
const BoardWall = later(() => import("@/components/board/board-wall").then((module) => module.BoardWall))

const SLOTS = [1, 2, 3, 4, 5, 6, 7, 8]

/** Now: what needs a person, how the day goes, what changed. */
export function BoardView() {
  const { filters, change, board, quality } = useBoard()
  const [view] = useParam("view")
  const { now } = useClock()
  const paused = usePausedLines()
  if (view === "wall") return <BoardWall board={board} quality={quality} filters={filters} />
  const data = board.data
  const isNarrowed = Object.keys(filters.dimensions).length > 0
  return (
    <>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        {data ? (
          <h1 className="board-sentence">
            {keepUnits(boardSentence(data, quality.data?.last_event_at ?? null, now, paused))}
          </h1>
        ) : board.error ? (
          <h1 className="board-sentence">Board</h1>
        ) : (
          <div className="skeleton h-7 w-2/3" />
        )}
        <Link className="button button-quiet ml-auto max-md:hidden" href={boardHref(filters, { view: "wall" })}>
          Wall view
        </Link>
      </div>
      <FilterChips filters={filters} change={change} />
      {data ? (
        <Figures board={data} filters={filters} />
      ) : board.error ? (
        <div className="panel px-4 py-6">
          <Failure what="The figures of now" error={board.error} retry={() => void board.refetch()} />
        </div>
      ) : (
        <div className="figures" aria-busy="true">
          {SLOTS.map((slot) => (
            <div key={slot} className="figure flex flex-col gap-2">
              <div className="skeleton h-4 w-24 max-w-full" />
              <div className="skeleton h-7 w-16" />
            </div>
          ))}
        </div>
      )}
      <AlertsStrip />
      <HeldLines />
      <Panel
        title="Workflows by need"
        query={board}
        minHeight={160}
        isEmpty={(answer) => answer.stations.length === 0}
        empty={
          isNarrowed ? (
            <FilteredOut
              what="runs"
              filters={filterWords(filters.dimensions)}
              clear={() => change({ dimensions: {} })}
            />
          ) : (
            <p className="text-ink-11">
              No run in the last seven days. The first that starts stands here within seconds.
            </p>
          )
        }
      >
        {(answer) => <Stations board={answer} filters={filters} />}
      </Panel>
      <Panel
        title="What changed most in a week"
        query={board}
        minHeight={220}
        isEmpty={(answer) => answer.changes === null}
        empty={<p className="text-ink-11">Nothing to compare until the first quarter hour of the day has closed.</p>}
      >
        {(answer) => <Changes board={answer} filters={filters} />}
      </Panel>
      <QualityStrip query={quality} />
    </>
  )
}
