import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { updateProject } from "@/access/projects"
import { actorOf } from "@/access/testing"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { projectionHash } from "@/db/queries/projection-hash"
import { addPrices } from "@/ingest/price-book"
import { REPLAY_ORDERS, rebuild } from "@/ingest/rebuild"
import { applyRepricing, previewRepricing } from "@/ingest/reprice"
import { openLedger } from "@/ingest/testing"
import { addMonths } from "@/lib/month"
import type { Role } from "@/lib/vocabulary"
import { changePeriod, readPeriod, readPeriods } from "./_lib/periods"

const ORIGIN = { requestId: "test", remoteIp: null }
const ZONE = "Asia/Kathmandu"
/** Months before this one, which is open whenever the test runs. */
const THIS = new Date().toISOString().slice(0, 7)
const [OLDER, OLD] = [addMonths(THIS, -3), addMonths(THIS, -2)]
const OPEN = addMonths(THIS, -1)
const EDGE = new Date(Date.parse(`${OLD}-01T00:00:00Z`) - 4 * 3_600_000).toISOString()
let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger({ zone: ZONE })
})
afterAll(() => ledger.close())

const as = (role: Role) => actorOf(ledger.key.project, role)
const close = (month: string) => changePeriod(as("finance"), { month, act: "close", reason: "books are done" }, ORIGIN)
const reopen = (month: string) => changePeriod(as("finance"), { month, act: "reopen", reason: "an error" }, ORIGIN)
const call = (id: string, run: string, day: string, more: object) => ({
  ...{
    id: `${id}.event`,
    type: "span",
    run,
    span: id,
    kind: "llm",
    start: `${day}T10:00:00Z`,
    end: `${day}T10:00:05Z`,
  },
  ...{ provider: "acme", model: "big", usage: { input: 10 } },
  ...more,
})
const total = async (month: string) => (await readPeriod(as("viewer"), month)).now.cost
async function holds() {
  const report = await withOwner(ledger.database.owner, (sql) => audit(sql, { projectId: ledger.key.project.id }))
  expect(report.differences).toEqual([])
  const hash = () => ledger.query((tx) => projectionHash(tx, ledger.key.project.id))
  const whole = await hash()
  for (const order of REPLAY_ORDERS) {
    await rebuild(ledger.key.project.id, { order })
    expect(await hash(), order).toBe(whole)
  }
}
const span = async (id: string) => {
  const [row] = await ledger.query(
    (
      tx,
    ) => tx`select to_char(started_at at time zone ${ZONE}, 'YYYY-MM-DD HH24:MI') as booked, to_char(began_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as began,
      trim_scale(cost)::text as cost, is_counted, late_events, status from spans where span_id = ${id}`,
  )
  return row
}

describe("a closed month", () => {
  test("keeps its total: what comes late is booked in the next open month, linked to its run, and replays so in every order", async () => {
    await ledger.send([
      call("a", "r1", `${OLDER}-10`, { cost: "1.25" }),
      call("b", "r2", `${OLD}-10`, { cost: "2" }),
      // The last evening of the month in UTC is the next month in the project's zone.
      call("edge", "r2", "", { start: EDGE, end: EDGE, cost: "0.5" }),
      call("half", "r3", `${OLD}-12`, { usage: undefined, end: undefined }),
      call("sum", "r4", `${OLD}-13`, { kind: "agent", cost: "7" }),
      { id: "loose1", type: "cost", at: `${OLD}-14T00:00:00Z`, provider: "acme", model: "big", cost: "0.25" },
    ])
    expect(await close(OLDER)).toMatchObject({ last: { act: "closed", cost: "1.25", calls: 1 }, is_equal: true })
    await close(OLD)
    const before = await total(OLD)
    expect(before).toBe("9.75")

    await ledger.send([
      call("late", "r2", `${OLD}-20`, { cost: "0.3" }),
      call("later", "r9", `${OLDER}-20`, { cost: "0.1" }),
      { id: "loose2", type: "cost", at: `${OLD}-15T00:00:00Z`, provider: "acme", model: "big", cost: "0.05" },
      call("inOpen", "r5", `${OPEN}-10`, { cost: "4" }),
      // What had cost nothing yet moves as a whole.
      { ...call("half", "r3", `${OLD}-12`, { cost: "0.6" }), id: "half.end" },
      // What is below a roll-up that counted is in its sum.
      call("below", "r4", `${OLD}-13`, { parent: "sum", cost: "6" }),
      // What had cost something keeps it; the rest of the event is taken.
      { ...call("b", "r2", `${OLD}-10`, { cost: "99", model: "huge", status: "error" }), id: "b.again" },
    ])
    expect(await total(OLD)).toBe(before)
    expect(await total(OLDER)).toBe("1.25")
    expect(await total(OPEN)).toBe("5.05")
    expect(await span("late")).toMatchObject({ booked: `${OPEN}-01 00:00`, began: `${OLD}-20 10:00`, cost: "0.3" })
    expect(await span("below")).toMatchObject({ is_counted: false })
    expect(await span("sum")).toMatchObject({ is_counted: true, cost: "7" })
    expect(await span("b")).toMatchObject({ cost: "2", late_events: 1, status: "error" })
    const [run] = await ledger.query((tx) => tx`select trim_scale(cost)::text as cost from runs where id = 'r2'`)
    expect(run?.cost).toBe("2.8")
    const open = await readPeriod(as("viewer"), OPEN)
    expect(open.corrections).toEqual([
      { month: OLD, cost: "0.95", calls: 3, unpriced_calls: 0 },
      { month: OLDER, cost: "0.1", calls: 1, unpriced_calls: 0 },
    ])
    const old = await readPeriod(as("viewer"), OLD)
    expect(old).toMatchObject({
      is_equal: true,
      moved_on: 1,
      kept_out: 1,
      last: { cost: "9.75", calls: 5 },
      now: { calls: 4 },
    })
    expect(await readPeriod(as("viewer"), OLDER)).toMatchObject({ is_equal: true, moved_on: 0 })
    await holds()
  })

  test("is left by pricing again, and the preview says how much that is", async () => {
    await ledger.query((tx) =>
      addPrices(tx, ledger.key.project.id, [
        {
          provider: "acme",
          model: "new",
          valid_from: "2000-01-01T00:00:00Z",
          input: "1",
          output: "1",
          source: "t",
          source_date: "t",
        },
      ]),
    )
    await reopen(OLD)
    await ledger.send([call("u1", "r6", `${OLD}-21`, { model: "nameless", usage: { input: 3 } })])
    await ledger.send([call("u2", "r7", `${OPEN}-21`, { model: "nameless", usage: { input: 4 } })])
    await close(OLD)
    await ledger.query((tx) =>
      addPrices(tx, ledger.key.project.id, [
        {
          provider: "acme",
          model: "nameless",
          valid_from: "2000-01-01T00:00:00Z",
          input: "1",
          output: "1",
          source: "t",
          source_date: "t",
        },
      ]),
    )
    const scope = { from: Date.parse(`${OLDER}-01`), to: Date.now(), provider: null, model: "nameless" }
    const project = { id: ledger.key.project.id, prefersReportedCost: true }
    const { preview, bookVersion } = await previewRepricing(project, scope, () => {})
    expect(preview).toMatchObject({ changed: 1, after: "4", closed: { calls: 1, cost: "0" } })
    const before = await total(OLD)
    await applyRepricing(
      project,
      { id: 1, scope, bookVersion },
      () => {},
      async () => {},
    )
    expect(await span("u1")).toMatchObject({ cost: null })
    expect(await readPeriod(as("viewer"), OLD)).toMatchObject({
      is_equal: true,
      moved_on: 0,
      now: { unpriced_calls: 1 },
    })
    expect(await span("u2")).toMatchObject({ cost: "4" })
    expect(await total(OLD)).toBe(before)
    await holds()
  })

  test("is closed between two events, never in the middle of one: what was taken meanwhile is in its total or in a correction", async () => {
    await reopen(OLD)
    const before = Number(await total(OLD))
    const ids = Array.from({ length: 12 }, (_, i) => `race${i}`)
    const sends = ids.map((id) => ledger.send([call(id, id, `${OLD}-25`, { cost: "1" })]))
    const [closed] = await Promise.all([close(OLD), ...sends])
    const inMonth = Number(closed.last?.cost) - before
    expect(await total(OLD)).toBe(closed.last?.cost)
    const [booked] = await ledger.query(
      (tx) => tx`select count(*)::int as calls from spans where span_id like 'race%' and began_at is not null`,
    )
    expect(inMonth + (booked?.calls as number)).toBe(ids.length)
  })

  test("has ended, is closed once, is opened again with a reason, and holds the zone; the log says who and why", async () => {
    await expect(close(addMonths(THIS, 1))).rejects.toMatchObject({ code: "conflict" })
    await expect(close(OLD)).rejects.toMatchObject({ code: "conflict" })
    await expect(reopen(OPEN)).rejects.toMatchObject({ code: "conflict" })
    await expect(
      changePeriod(as("operator"), { month: OPEN, act: "close", reason: "x" }, ORIGIN),
    ).rejects.toMatchObject({ code: "forbidden" })
    const rezone = () => updateProject(as("admin"), { zone: "UTC" }, async () => {}, ORIGIN)
    await expect(rezone()).rejects.toMatchObject({ code: "conflict" })
    expect(await reopen(OLD)).toMatchObject({ last: { act: "reopened", reason: "an error" }, is_equal: null })
    const late = await span("late")
    await ledger.send([{ ...call("late", "r2", `${OLD}-20`, { cost: "0.3", status: "error" }), id: "late.again" }])
    expect(await span("late"), "what was booked elsewhere stays there").toEqual({ ...late, status: "error" })
    await reopen(OLDER)
    await rezone()
    const { items } = await readPeriods(as("viewer"), null)
    expect(items.map(({ month, act }) => [month, act]).slice(-2)).toEqual([
      [OLD, "closed"],
      [OLDER, "closed"],
    ])
    const log = await ledger.query(
      (tx) => tx`select action, target, reason from audit_log where action like 'period.%' order by id`,
    )
    expect(log.at(0)).toMatchObject({ action: "period.closed", target: `month:${OLDER}`, reason: "books are done" })
    await expect(ledger.query((tx) => tx`update periods set cost = 0`)).rejects.toThrow()
  })
})
