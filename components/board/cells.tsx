"use client"

import { useRouter } from "next/navigation"
import { type KeyboardEvent, type MouseEvent, useState } from "react"
import { traceHref } from "@/components/data/href"
import { useClock } from "@/components/ui/clock"
import type { BoardCell } from "@/lib/contracts/board"
import { formatCount, formatInstant } from "@/lib/format"
import { type LightName, runLight, runWord } from "@/lib/lights"
import { displayMoney } from "@/lib/money"

/** What tells two outcomes apart without colour, small enough for a cell; the rest differ by how they are filled. */
const MARKS: Partial<Record<LightName, string>> = {
  unproven: "?",
  failed: "\u00d7",
  halted: "\u25a0",
  quarantined: "\u2b22",
  silent: "\u2013",
}

type CellsProps = { cells: readonly BoardCell[]; runs: number; project: string | null; currency: string; name: string }

/** Today's runs in order of start, one cell each; arrows move among them, enter opens the trace. One tab stop for all. */
export function Cells({ cells, runs, project, currency, name }: CellsProps) {
  const { now, zone } = useClock()
  const router = useRouter()
  const [at, setAt] = useState<string | null>(null)
  const current = cells.some((cell) => cell.id === at) ? at : (cells.at(-1)?.id ?? null)
  const open = (event: MouseEvent<HTMLElement>) => {
    const link = (event.target as HTMLElement).closest("a")
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return
    event.preventDefault()
    router.push(link.getAttribute("href") ?? "/")
  }
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0
    if (step === 0) return
    const links = [...event.currentTarget.querySelectorAll<HTMLElement>("a")]
    const next = links[links.indexOf(event.target as HTMLElement) + step]
    if (!next) return
    event.preventDefault()
    next.focus()
  }
  if (runs === 0) return <p className="text-label text-ink-10">No run today.</p>
  if (cells.length === 0) return <p className="text-label text-ink-10">{formatCount(runs)} runs of many names.</p>
  return (
    <div className="min-w-0">
      {/* One handler for all cells; enter is a click on the link in focus. */}
      <ul className="cells" aria-label={`Runs of ${name} today`} onClick={open} onKeyDown={move}>
        {cells.map((cell) => {
          const light = runLight(cell)
          const mark = MARKS[light]
          const said = `${runWord(cell)}, ${formatInstant(cell.started_at, zone, now)}, ${displayMoney(cell.cost, currency)}, run ${cell.id}`
          return (
            <li key={cell.id}>
              <a
                href={traceHref(project, cell.id)}
                className="cell"
                data-light={light}
                title={said}
                // Without a mark inside, the title is its name already; a thousand cells need not say it twice.
                aria-label={mark === undefined ? undefined : said}
                tabIndex={cell.id === current ? 0 : -1}
                onFocus={() => setAt(cell.id)}
              >
                {mark}
              </a>
            </li>
          )
        })}
      </ul>
      {runs > cells.length ? (
        <p className="text-label text-ink-10">
          The newest {cells.length} of {formatCount(runs)}.
        </p>
      ) : null}
    </div>
  )
}
