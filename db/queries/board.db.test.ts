import { beforeAll, describe, expect, it } from "vitest"
import { readerFor } from "@/db/testing-reader"
import { Board } from "@/lib/contracts/board"
import { sumMoney } from "@/lib/money"
import { getBoard } from "./board"
import { CELL_CAP } from "./board-cells"
import { STATION_CAP } from "./board-stations"
import { listExceptions } from "./exceptions"
import { listRuns } from "./runs"
import { getSpend } from "./spend"
import { listVerifications } from "./verifications"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
let project: number
let other: number

const ask = (id: number, query = "", now = NOW) => db.ask(id, query, (tx, filters) => getBoard(tx, filters, now))
const station = (board: Board, workflow: string | null) => {
  const found = board.stations.find((one) => one.workflow === workflow)
  if (!found) throw new Error(`no station ${workflow}`)
  return found
}
const day = (n: number, time = "09:00:00Z") => `2026-11-${String(20 - n).padStart(2, "0")}T${time}`

async function raise(id: number, run: string, at: string, state = "unack_active", actor: string | null = null) {
  const { sql } = db.make
  const [row] = await sql`
    insert into exceptions (project_id, kind, severity, fingerprint, workflow, state, count, first_seen_at, last_seen_at, raised_by)
    values (${id}, 'halt', 'critical', ${run}, 'billing', ${state}, 1, ${at}, ${at}, 'ingest') returning id`
  await sql`insert into exception_runs (project_id, exception_id, run_id, kind, at) values (${id}, ${row?.id}, ${run}, 'halt', ${at})`
  if (actor !== null)
    await sql`insert into exception_log (project_id, exception_id, n, actor, action, from_state, to_state)
              values (${id}, ${row?.id}, 2, ${actor}, 'acknowledge', 'unack_active', 'ack_active')`
}

beforeAll(async () => {
  project = await db.make.project({ zone: "UTC" })
  other = await db.make.project({ zone: "UTC" })
  await db.make.runs(project, [
    { id: "b1", at: day(0), workflow: "billing", proof: "verified" },
    { id: "b2", at: day(0, "09:10:00Z"), workflow: "billing", proof: "unproven" },
    { id: "b3", at: day(0, "08:00:00Z"), workflow: "billing", status: "failed", proof: "failed" },
    {
      id: "halted-long-ago",
      at: day(18),
      end: day(18, "09:30:00Z"),
      workflow: "audit",
      status: "halted",
      proof: "pending",
    },
    { id: "halted-and-resolved", at: day(1), workflow: "calm", status: "halted", proof: "pending" },
    { id: "c1", at: day(0), workflow: "calm", proof: "verified" },
    { id: "c2", at: day(2), workflow: "calm", proof: "verified" },
    { id: "f1", at: day(0), workflow: "flaky", proof: "verified" },
    { id: "d1", at: day(0, "07:00:00Z"), workflow: "dear", status: "running", proof: "pending" },
    { id: "n1", at: day(0), workflow: null, proof: "unchecked" },
    ...Array.from({ length: CELL_CAP + 5 }, (_, i) => ({
      id: `m${String(i).padStart(3, "0")}`,
      at: day(0, `05:${String(i % 60).padStart(2, "0")}:00Z`),
      workflow: "many",
      proof: "verified",
    })),
  ])
  await raise(project, "halted-long-ago", day(18, "09:30:00Z"))
  await raise(project, "halted-and-resolved", day(1), "resolved", "user:ada@example.com")
  await raise(project, "c2", day(2), "resolved", "user:ada@example.com")
  await db.make.verifications(project, [
    { id: "v1", run: "b3", at: day(0), check: "rows", outcome: "failed", workflow: "billing" },
    { id: "v2", run: "f1", at: day(0), check: "rows", outcome: "error", workflow: "flaky" },
    { id: "v3", run: "c1", at: day(0), check: "rows", outcome: "passed", workflow: "calm" },
  ])
  await db.make.spans(project, [
    // Nine days at a dollar, one of them without a price, and today above each of them.
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => ({
      at: day(n),
      workflow: "dear",
      model: "m",
      cost: n === 4 ? null : "1",
    })),
    { at: day(0, "08:00:00Z"), workflow: "dear", model: "m", team: "a", cost: "1.5" },
    { at: day(0, "10:03:00Z"), workflow: "calm", model: "new", team: "a", release: "2", cost: "0.25" },
    { at: day(0, "08:00:00Z"), run: "n1", workflow: null, model: "odd", cost: null },
    { at: "2026-10-20T09:00:00Z", workflow: "dear", model: "m", cost: "4" },
    { at: "2026-10-20T11:00:00Z", workflow: "dear", model: "m", cost: "100" },
    { at: day(18), run: "halted-long-ago", workflow: "audit", model: "m", cost: "0.7" },
  ])
  await db.make.rollUp(project)
  await db.make.runs(other, [{ id: "theirs", at: day(0), workflow: "billing", proof: "unproven" }])
  await db.make.rollUp(other)
})

describe("the board", () => {
  it("is what its contract says", async () => {
    const board = await ask(project)
    expect(Board.parse(board)).toEqual(board)
  })

  it("puts first what needs a person: halted, failing, alarms, then the quiet", async () => {
    const board = await ask(project)
    const needs = Object.fromEntries(board.stations.map((one) => [String(one.workflow), one.need]))
    expect(needs).toEqual({
      audit: "halted",
      billing: "failing",
      dear: "alarm",
      flaky: "alarm",
      many: "quiet",
      calm: "quiet",
      null: "quiet",
    })
    expect(board.stations.map((one) => one.need)).toEqual([
      "halted",
      "failing",
      "alarm",
      "alarm",
      "quiet",
      "quiet",
      "quiet",
    ])
    expect([board.station_count, board.needing_count]).toEqual([7, 4])
  })

  it("has figures that their lists and pages add up to", async () => {
    const board = await ask(project)
    const count = async (query: string) => (await db.ask(project, query, (tx, f) => listRuns(tx, f, NOW))).count?.value
    expect(board.runs.runs).toBe(await count("last=today"))
    expect(board.runs.unproven).toBe(await count("last=today&proof=unproven"))
    expect(board.runs.failed).toBe(await count("last=today&proof=failed"))
    expect(board.runs.verified).toBe(await count("last=today&proof=verified"))
    expect(board.runs.claimed).toBe(await count("last=today&status=succeeded"))
    expect(board.lights_out.verified).toBe(await count("last=7d&proof=verified"))
    expect(board.lights_out.finished).toBe(await count("last=7d&status=halted,succeeded,failed,cancelled"))
    const failed = await db.ask(project, "last=today&outcome=failed", (tx, f) => listVerifications(tx, f, NOW))
    expect(board.checks.failed).toBe(failed.count?.value)
    const halted = await db.ask(project, "", (tx, f) => listExceptions(tx, f, NOW))
    expect(board.halted.runs).toBe(halted.stake.runs.value)
    expect(board.halted.oldest_at).toBe(halted.stake.oldest_at)
    for (const [part, query] of [
      [board.spend.today, "last=today"],
      [board.spend.month, "last=mtd"],
    ] as const) {
      const { total } = await db.ask(project, query, (tx, f) => getSpend(tx, f, NOW))
      expect([part.cost, part.calls, part.unpriced_calls]).toEqual([total.cost, total.calls, total.unpriced_calls])
    }
    expect(sumMoney(board.stations.map((one) => one.spend.today))).toBe(board.spend.today.cost)
    expect(board.stations.reduce((sum, one) => sum + one.today.runs, 0)).toBe(board.runs.runs)
  })

  it("counts as halted what nobody has resolved, however old, and not what somebody has", async () => {
    const board = await ask(project)
    expect(board.halted).toEqual({
      runs: 1,
      oldest_at: "2026-11-02T09:30:00.000Z",
      cost: "0.7",
      calls: 1,
      unpriced_calls: 0,
    })
    expect(station(board, "calm").halted.runs).toBe(0)
  })

  it("takes runs that a person had to touch out of the lights-out rate", async () => {
    const { lights_out } = await ask(project)
    expect(lights_out.verified - lights_out.untouched).toBe(1)
  })

  it("compares closed quarter hours with the same stretch of earlier periods", async () => {
    const { today, month } = (await ask(project)).spend
    expect(today.cost).toBe("1.75")
    // The call of 10:03 lies in the quarter hour that is still open.
    expect(today.compare?.own.cost).toBe("1.5")
    expect(today.compare?.before.map((one) => [one.against, one.cost])).toEqual([
      ["last_week", "1"],
      ["yesterday", "1"],
    ])
    expect(month.compare?.before.map((one) => [one.against, one.cost])).toEqual([["last_month", "4"]])
  })

  it("keeps the open quarter hour out of the comparison in the last one of a day too", async () => {
    const night = await db.make.project()
    await db.make.spans(night, [
      { at: day(0, "23:40:00Z"), workflow: "w", model: "m", cost: "1" },
      { at: day(0, "23:50:00Z"), workflow: "w", model: "m", cost: "2" },
    ])
    await db.make.rollUp(night)
    const { spend } = await ask(night, "", Date.parse(day(0, "23:55:00Z")))
    for (const pace of [spend.today, spend.month]) expect([pace.cost, pace.compare?.own.cost]).toEqual(["3", "1"])
  })

  it("keeps what has no price apart from zero", async () => {
    const board = await ask(project)
    const { spend } = station(board, null)
    expect([spend.today, spend.calls, spend.unpriced_calls]).toEqual([null, 1, 1])
    const dear = station(board, "dear").spend
    expect(dear.days.filter((cost) => cost === null)).toHaveLength(1)
    expect(dear.days).toHaveLength(28)
    expect(dear.band).toEqual({ low: "1", high: "1", highest: "1", days: 8 })
  })

  it("draws the newest runs in order of start, and says how many there are", async () => {
    const { cells, today } = station(await ask(project), "many")
    expect(cells).toHaveLength(CELL_CAP)
    expect(today.runs).toBe(CELL_CAP + 5)
    const starts = cells.map((cell) => cell.started_at)
    expect(starts).toEqual([...starts].sort())
    expect(starts.at(-1)).toBe("2026-11-20T05:59:00.000Z")
    expect(station(await ask(project), null).cells.map((cell) => cell.id)).toEqual(["n1"])
  })

  it("names what changed most, with both sides", async () => {
    const { changes } = await ask(project)
    // Seven days to 10:00: the unpriced day has a call and no cost; the week before has days 7 to 9, and what was audited lies before it.
    expect([changes?.total.now, changes?.total.before]).toEqual(["6.5", "3"])
    const model = changes?.by.find((one) => one.dimension === "model")?.items
    expect(model?.map((one) => [one.value, one.now, one.before, one.change])).toEqual([["m", "6.5", "3", "3.5"]])
    const release = changes?.by.find((one) => one.dimension === "release")
    expect(release).toEqual({ dimension: "release", items: [], count: 0 })
    const late = (await ask(project, "", NOW + 15 * 60_000)).changes?.by.find((one) => one.dimension === "release")
    expect(late?.items.map((one) => [one.workflow, one.value, one.calls_before])).toEqual([["calm", "2", 0]])
  })

  it("narrows by what a run is booked under, and refuses what a run has not", async () => {
    const board = await ask(project, "workflow=billing")
    expect(board.stations.map((one) => one.workflow)).toEqual(["billing"])
    expect([board.runs.runs, board.halted.runs, board.spend.today.cost]).toEqual([3, 0, "0"])
    await expect(ask(project, "model=m")).rejects.toThrow("has no model")
  })

  it("shows a tenant its own", async () => {
    const board = await ask(other)
    expect([board.runs.runs, board.runs.unproven, board.halted.runs, board.spend.today.cost]).toEqual([1, 1, 0, "0"])
    expect(board.stations[0]?.cells.map((cell) => cell.id)).toEqual(["theirs"])
  })

  it("is a board of zeros for a project with nothing", async () => {
    const board = await ask(await db.make.project())
    expect(board.stations).toEqual([])
    expect([board.runs.runs, board.station_count, board.spend.month.cost]).toEqual([0, 0, "0"])
    expect(board.changes?.by.every((one) => one.items.length === 0)).toBe(true)
  })

  it("shows no more stations than its cap, those that need a person first, and counts all", async () => {
    const crowd = await db.make.project()
    await db.make.runs(
      crowd,
      Array.from({ length: STATION_CAP + 10 }, (_, i) => ({
        id: `r${i}`,
        at: day(0),
        workflow: `w${String(i).padStart(2, "0")}`,
        proof: i >= STATION_CAP + 8 ? "unproven" : "verified",
      })),
    )
    await db.make.rollUp(crowd)
    const board = await ask(crowd)
    expect(board.stations).toHaveLength(STATION_CAP)
    expect(board.stations.slice(0, 3).map((one) => one.need)).toEqual(["failing", "failing", "quiet"])
    expect([board.station_count, board.needing_count, board.runs.runs]).toEqual([STATION_CAP + 10, 2, STATION_CAP + 10])
  })
})
