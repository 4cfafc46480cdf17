import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { ProjectActor } from "@/access/actor"
import { actorOf } from "@/access/testing"
import { withProject } from "@/db/client"
import { listPolicies, listPolicyVersions, readPolicyList } from "@/db/queries/policies"
import { openLedger } from "@/ingest/testing"
import type { PolicyInput } from "@/lib/contracts/policies"
import { AppError } from "@/lib/errors"
import type { Role } from "@/lib/vocabulary"
import { approvePolicy, savePolicy } from "./_lib/save"

const ORIGIN = { requestId: "test", remoteIp: null }
const AT = "2026-11-18T10:00:00.000Z"
let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger()
  await ledger.send([
    { id: "e1", type: "run.started", run: "r1", at: AT, workflow: "invoices" },
    { id: "e2", type: "step.started", run: "r1", at: AT, step: "fetch" },
    { id: "e3", type: "run.started", run: "r2", at: AT, workflow: "<b>orders</b>" },
  ])
})
afterAll(() => ledger.close())

const as = (role: Role, name: string = role) => actorOf(ledger.key.project, role, name)
const input = (document: unknown, base_version: number, workflow = "invoices"): PolicyInput => ({
  ...{ workflow, document, base_version, reason: "a night of loops" },
})
const save = (document: unknown, base: number, workflow?: string, who = as("operator")) =>
  savePolicy(who, input(document, base, workflow), ORIGIN)
const inProject = <T>(work: Parameters<typeof withProject<T>>[1]) => withProject(ledger.key.project.id, work)
const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(AppError)
  return error as AppError
}

describe("policies", () => {
  test("are listed for every workflow that runs, before anybody wrote one", async () => {
    expect(await inProject(listPolicies)).toEqual([
      { workflow: "", policy: null },
      { workflow: "<b>orders</b>", policy: null },
      { workflow: "invoices", policy: null },
    ])
    expect((await inProject(readPolicyList)).count).toEqual({ value: 2, is_capped: false })
  })

  test("are saved as versions with author and reason, in the audit log too; the old ones stay", async () => {
    expect(await save({ max_cost_run: "5.00" }, 0)).toMatchObject({ version: 1, author: "user:operator@example.com" })
    expect(await save({ max_cost_run: "8.00", steps: [{ id: "fetch" }] }, 1)).toMatchObject({ version: 2 })
    await save({ max_steps: 9 }, 0, "")
    const { items } = await inProject((tx) => listPolicyVersions(tx, "invoices", null))
    expect(items.map(({ version, document }) => [version, document.max_cost_run])).toEqual([
      [2, "8.00"],
      [1, "5.00"],
    ])
    const older = await inProject((tx) => listPolicyVersions(tx, "invoices", 2))
    expect(older).toMatchObject({ items: [{ version: 1 }], next_cursor: null })
    const log = await ledger.query((tx) => tx`select action, target, reason from audit_log order by id`)
    expect(log.map(({ action, target }) => `${action} ${target}`)).toEqual([
      "policy.saved policy:invoices",
      "policy.saved policy:invoices",
      "policy.saved policy of the project",
    ])
  })

  test("that are wrong are refused with path and reason, and the old version stays", async () => {
    const wrong = await refusal(save({ max_steps: 0, stpes: [] }, 2))
    expect([wrong.code, wrong.field]).toEqual(["invalid_input", "max_steps"])
    expect(wrong.message).toBe("max_steps: more than 0; stpes: unknown key.")
    const unseen = await refusal(save({ steps: [{ id: "fecht" }] }, 2))
    expect(unseen.message).toContain("no run of this workflow ever had a step “fecht”")
    expect((await refusal(save({ max_cost_run: "8.00", steps: [{ id: "fetch" }] }, 2))).message).toContain(
      "says the same",
    )
    expect(await save({ steps: [{ id: "fecht" }] }, 0, "not run yet")).toMatchObject({ version: 1 })
    await refusal(save({ max_steps: 5 }, 2, "invoices", as("finance")))
    const [, , invoices] = await inProject(listPolicies)
    expect(invoices).toMatchObject({ workflow: "invoices", policy: { version: 2 } })
  })

  test("of two who save at once one wins, and the other is told what is there now", async () => {
    const both = await Promise.allSettled([
      save({ max_cost_run: "9.00", steps: [{ id: "fetch" }] }, 2, "invoices", as("operator", "ann")),
      save({ max_cost_run: "7.00", steps: [{ id: "fetch" }] }, 2, "invoices", as("admin", "bob")),
    ])
    const lost = both.find((one) => one.status === "rejected") as PromiseRejectedResult
    const won = both.find((one) => one.status === "fulfilled") as PromiseFulfilledResult<{ author: string }>
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    const error = lost.reason as AppError
    expect(error.code).toBe("conflict")
    expect(error.message).toContain(`${won.value.author.slice(5)} saved version 3 before you did. Cost of a run: `)
    expect(error.current).toEqual(won.value)
  })

  test("are approved by somebody else, once", async () => {
    const { version } = (await inProject((tx) => listPolicyVersions(tx, "", null))).items[0] as { version: number }
    const approve = (who: ProjectActor, of = version) =>
      approvePolicy(who, { workflow: "", version: of, reason: "looked at it" }, ORIGIN)
    expect((await refusal(approve(as("operator")))).code).toBe("forbidden")
    expect(await approve(as("admin", "ann"))).toMatchObject({
      ...{ version: version + 1, author: "user:operator@example.com", approver: "user:ann@example.com" },
    })
    expect((await refusal(approve(as("admin", "bob")))).code).toBe("conflict")
    expect((await refusal(approve(as("admin", "bob"), version + 1))).message).toContain("approved it already")
  })
})
