import { type ProjectTx, sql } from "@/db/client"
import type { Board, BoardStation, Need } from "@/lib/contracts/board"
import { NEEDS } from "@/lib/contracts/board"
import type { Filters } from "@/lib/filters"
import { parseMoney } from "@/lib/money"
import { toIso } from "@/lib/time"
import { readCells } from "./board-cells"
import { countTouched, readHalted } from "./board-halted"
import { readPaces, readStationSpend } from "./board-spend"
import { readStations } from "./board-stations"
import { boardWindows } from "./board-windows"
import { getChanges } from "./changes"
import { intArray, matchingSets, refuseDimensions } from "./conditions"
import { RUN_DIMENSIONS } from "./run-dimensions"

/**
 * How things stand: what is halted, what today came to and cost, workflow by workflow, and what changed in a week. Filters: the dimensions of
 * a run, the zone; the range of the address does not apply, the board is about now.
 * @throws AppError `invalid_filter`. Source: roll-ups; of runs only the halted ones and the cells that are drawn.
 */
export async function getBoard(tx: ProjectTx, filters: Filters, now: number): Promise<Board> {
  refuseDimensions(filters, RUN_DIMENSIONS, "The board is about runs")
  const windows = await boardWindows(tx, filters, now)
  const { today, week, closed } = windows
  const sets = await matchingSets(tx, filters, RUN_DIMENSIONS)
  const narrowing = sets === null ? [] : [sql`r.dimension_set_id = any(${intArray(sets)})`]
  const halted = await readHalted(tx, narrowing)
  const touched = await countTouched(tx, week, narrowing)
  // As in spend: with recent quarter hours the planner expects a handful of rows and would compare each with every dimension set.
  await tx.execute(sql`select set_config('enable_nestloop', 'off', true)`)
  const spend = await readPaces(tx, windows, narrowing)
  const stations = await readStations(tx, filters, windows, halted)
  const workflows = stations.heads.map((head) => head.workflow)
  const spends = await readStationSpend(tx, filters, windows, workflows)
  const changes = closed && (await getChanges(tx, filters, closed.week, closed.weekBefore))
  await tx.execute(sql`select set_config('enable_nestloop', 'on', true)`)
  const cells = await readCells(tx, today, workflows, narrowing)

  const shown = stations.heads.map((head): BoardStation => {
    const own = spends.get(head.workflow)
    if (!own) throw new Error("a station without its spend")
    const station = { ...head, spend: own, cells: cells.get(head.workflow) ?? [] }
    return { ...station, need: needOf(station) }
  })
  // What no roll-up can rank, spend above its band, is judged among those that are shown.
  shown.sort((a, b) => NEEDS.indexOf(a.need) - NEEDS.indexOf(b.need))
  const raised = shown.filter((station) => station.need === "alarm" && station.checks.broken === 0).length
  const { finished, verified } = stations.all.week
  return {
    at: toIso(now),
    tz: windows.tz,
    currency: windows.currency,
    day: { from: today.from, to: today.to },
    spend,
    runs: stations.all.today,
    halted: stations.all.halted,
    checks: stations.all.checks,
    lights_out: { range: { from: week.from, to: week.to }, finished, verified, untouched: verified - touched },
    stations: shown,
    station_count: stations.count,
    needing_count: stations.needing + raised,
    changes: closed &&
      changes && {
        range: { from: closed.week.from, to: closed.week.to },
        before: { from: closed.weekBefore.from, to: closed.weekBefore.to },
        ...changes,
      },
  }
}

function needOf({ halted, today, checks, spend }: Omit<BoardStation, "need">): Need {
  if (halted.runs > 0) return "halted"
  if (today.failed + today.unproven > 0) return "failing"
  const isAbove =
    spend.today !== null && spend.band !== null && parseMoney(spend.today) > parseMoney(spend.band.highest)
  return isAbove || checks.broken > 0 ? "alarm" : "quiet"
}
