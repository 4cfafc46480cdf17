import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { withProject } from "@/db/client"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { appendBudgetVersion, insertBudget } from "@/db/queries/budget-writes"
import { getLineGate } from "@/db/queries/gates"
import { BudgetInput } from "@/lib/contracts/budgets"
import { parseMoney } from "@/lib/money"
import { forgetCaps } from "./cap-state"
import { rebuild } from "./rebuild"
import { openLedger } from "./testing"

let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(async () => await ledger.close())

let count = 0
/** A project of its own with a budget, as ingest sees both. */
async function capped(given: Partial<BudgetInput>) {
  const key = await ledger.addProject(`capped-${++count}`)
  const { id: project } = key.project
  const input = BudgetInput.parse({
    name: "cap",
    scope: "project",
    amount: "10",
    period: "day",
    reason: "a test",
    ...given,
  })
  const id = await withProject(project, (tx) => insertBudget(tx, input, "user:f@example.com"))
  let n = 0
  const at = () => new Date().toISOString()
  const started = (run: string, more = {}) => ({ id: `${run}:${n++}`, type: "run.started", run, at: at(), ...more })
  const call = (run: string, cost: string) => ({
    id: `${run}:${n++}`,
    type: "span",
    run,
    span: `s${n}`,
    kind: "llm",
    name: "call",
    start: at(),
    end: at(),
    model: "m",
    cost,
    status: "ok",
  })
  const send = async (...events: object[]) => {
    const answer = await ledger.send(events, { key })
    expect(answer.rejected).toBe(0)
    return answer.directives.map((told) => `${told.run} ${told.action} ${told.rule} ${told.observed}/${told.limit}`)
  }
  const rows = <T extends object>(text: string) => ledger.query((tx) => tx.unsafe<T[]>(text, [project]), project)
  const statuses = async () =>
    (await rows<{ id: string; status: string }>("select id, status from runs where project_id = $1 order by id")).map(
      (run) => `${run.id} ${run.status}`,
    )
  const change = async (more: object, version: number) => {
    await withProject(project, (tx) => appendBudgetVersion(tx, id, { version, reason: "a test", ...more }, "user:x"))
    forgetCaps(project)
  }
  return { project, started, call, send, rows, statuses, change }
}

const isSound = async () =>
  expect(await withOwner(ledger.database.owner, async (sql) => (await audit(sql)).differences)).toEqual([])

describe("a hard cap", () => {
  test("is in tolerance at its amount; above it new runs are halted in the answer to their first batch, running ones go on", async () => {
    const { project, started, call, send, rows, statuses } = await capped({ cap: "new_runs" })
    expect(await send(started("a"), call("a", "10"))).toEqual([])
    expect(await withProject(project, (tx) => getLineGate(tx, "w"))).toMatchObject({ open: true, code: null })
    expect(await send(call("a", "0.000000000001"))).toEqual([])
    expect(await send(started("b"))).toEqual(["b halt T18 10.000000000001/10"])
    expect(await send(call("a", "1"))).toEqual([])
    // Told again as long as it holds, and once each.
    expect(await send(call("b", "1"))).toEqual(["b halt T18 10.000000000001/10"])
    expect(await statuses()).toEqual(["a running", "b halting"])
    const [log] = await rows<{ decisions: number; findings: number; exceptions: number }>(
      `select (select count(*)::int from decisions where project_id = $1) as decisions, (select count(*)::int from run_findings where project_id = $1) as findings,
        (select count(*)::int from exceptions where project_id = $1 and rule = 'T18') as exceptions`,
    )
    expect(log).toEqual({ decisions: 1, findings: 1, exceptions: 1 })
    expect(await withProject(project, (tx) => getLineGate(tx, "w"))).toMatchObject({
      open: false,
      code: "budget_cap",
      state: "live",
      actor: "andon",
      reason: "the budget “cap” is used up ($12.00 of $10.00 a day)",
    })
    // A rebuild keeps what no event tells; every total holds before and after.
    await isSound()
    await rebuild(project)
    await isSound()
    expect(await statuses()).toEqual(["a running", "b halting"])
  })

  test("stops running ones too where it says so, of its scope alone", async () => {
    const { started, call, send } = await capped({ cap: "all_runs", scope: "workflow", scope_value: "w" })
    expect(await send(started("a", { workflow: "w" }), started("x", { workflow: "other" }), call("x", "99"))).toEqual(
      [],
    )
    expect(await send(call("a", "11"), call("x", "1"))).toEqual(["a halt T18 11/10"])
    expect(await send(started("y", { workflow: "other" }))).toEqual([])
  })

  test("by model and key stops the runs that use them", async () => {
    const model = await capped({ cap: "all_runs", scope: "model", scope_value: "m" })
    expect(await model.send(model.started("idle"), model.started("a"), model.call("a", "11"))).toEqual([
      "a halt T18 11/10",
    ])
    const unknown = await capped({ cap: "all_runs", scope: "key", scope_value: "nobody" })
    expect(await unknown.send(unknown.started("a"), unknown.call("a", "11"))).toEqual([])
  })

  test("with a larger amount lets new runs begin, and never undoes a halt", async () => {
    const { started, call, send, statuses, change } = await capped({ cap: "new_runs" })
    await send(started("a"), call("a", "11"))
    expect(await send(started("b"))).toHaveLength(1)
    await change({ amount: "20" }, 1)
    expect(await send(started("c"))).toEqual([])
    await send(call("c", "10"))
    // It began before this amount was passed.
    expect(await send(call("c", "1"))).toEqual([])
    expect(await send(started("d"))).toHaveLength(1)
    await change({ is_ended: true }, 2)
    expect(await send(started("e"))).toEqual([])
    expect(await statuses()).toEqual(["a running", "b halting", "c running", "d halting", "e running"])
  })

  test("passed by a hundred parallel runs is overshot by less than one step of each", async () => {
    const { started, call, send, rows } = await capped({ cap: "all_runs" })
    const runs = Array.from({ length: 100 }, (_, i) => `r${i}`)
    await send(...runs.map((run) => started(run)))
    let steps = 0
    await Promise.all(
      runs.map(async (run) => {
        for (let step = 0; step < 50; step++) {
          steps++
          if ((await send(call(run, "0.05"))).length > 0) return
        }
      }),
    )
    const [spent] = await rows<{ used: string; halting: number }>(
      `select trim_scale(sum(cost))::text as used, count(*) filter (where status = 'halting')::int as halting from runs where project_id = $1`,
    )
    const overshoot = parseMoney(spent?.used as string) - parseMoney("10")
    expect(spent?.halting).toBe(100)
    await isSound()
    expect(overshoot).toBeGreaterThan(0n)
    expect(overshoot).toBeLessThanOrEqual(parseMoney("5"))
    expect(steps).toBeLessThanOrEqual(300)
  })
})
