import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { readRepricing, readRepricings } from "@/access/repricings"
import { actorOf } from "@/access/testing"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { openLedger } from "@/ingest/testing"
import type { OwnPriceInput } from "@/lib/contracts/prices"
import type { Role } from "@/lib/vocabulary"
import { importPrices } from "./_lib/import"
import { addDiscount, addOwnPrice } from "./_lib/own-price"
import { applyAct, beginRepricing, undoAct } from "./_lib/repricings"

const ORIGIN = { requestId: "test", remoteIp: null }
const AT = "2026-11-18T10:00:00.000Z"
const RANGE = { from: "2026-11-18T00:00:00.000Z", to: "2026-11-20T00:00:00.000Z", provider: null, model: null }
let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.close())

const as = (role: Role) => actorOf(ledger.key.project, role)
const price = (more: Partial<OwnPriceInput> = {}): OwnPriceInput => ({
  ...{ provider: "acme", model: "mystery", service_tier: "standard", prompt_above: 0, valid_from: null },
  ...{ rates: { input: "1.5", output: "4" }, reason: "their price list of May", confirm: false },
  ...more,
})
const spent = async () => {
  const [row] = await ledger.query(
    (tx) => tx`select trim_scale(coalesce(sum(cost), 0))::text as cost from spend_rollup where grain = 15`,
  )
  return row?.cost as string
}
const settled = async (id: number) =>
  await vi.waitFor(
    async () => {
      const found = await readRepricing(as("viewer"), id)
      expect(["previewing", "running", "undoing"]).not.toContain(found.state)
      return found
    },
    { timeout: 20_000, interval: 20 },
  )
const logged = async () =>
  await ledger.query((tx) => tx`select actor, action, reason, target, after from audit_log order by id`)

describe("an unknown model, from the unpriced list to its price and back", () => {
  test("pricing it moves exactly that amount, undoing moves it back, and the log says who and why", async () => {
    await ledger.send([
      {
        id: "s1",
        type: "span",
        run: "r",
        span: "s1",
        kind: "llm",
        start: AT,
        provider: "acme",
        model: "mystery",
        usage: { input: 2000, output: 500 },
      },
      { id: "s2", type: "cost", at: AT, model: "nameless", usage: { input: 1000 } },
    ])
    expect(await spent()).toBe("0")
    await addOwnPrice(as("finance"), price(), ORIGIN)
    await addOwnPrice(as("finance"), price({ provider: "", model: "nameless" }), ORIGIN)
    const { id } = await beginRepricing(as("finance"), { ...RANGE, reason: "priced at last" }, ORIGIN)
    const shown = await settled(id)
    expect(shown).toMatchObject({
      state: "previewed",
      preview: { calls: 2, newly_priced: 2, before: "0", after: "0.0065" },
    })
    expect(await spent()).toBe("0")

    await applyAct(as("finance"), id, "agreed with the team", ORIGIN)
    expect(await settled(id)).toMatchObject({
      state: "done",
      result: { changed: 2, after: "0.0065" },
      is_stopped: false,
    })
    expect(await spent()).toBe("0.0065")
    await expect(applyAct(as("finance"), id, "again", ORIGIN)).rejects.toMatchObject({ code: "conflict" })

    await undoAct(as("admin"), id, "wrong list", ORIGIN)
    expect(await settled(id)).toMatchObject({ state: "undone", undone: { changed: 2, before: "0.0065", after: "0" } })
    expect(await spent()).toBe("0")
    const report = await withOwner(ledger.database.owner, (sql) => audit(sql, { projectId: ledger.key.project.id }))
    expect(report.differences).toEqual([])
    expect((await logged()).map(({ actor, action, reason }) => [actor, action, reason])).toEqual([
      ["user:finance@example.com", "price.added", "their price list of May"],
      ["user:finance@example.com", "price.added", "their price list of May"],
      ["user:finance@example.com", "repricing.previewed", "priced at last"],
      ["user:finance@example.com", "repricing.applied", "agreed with the team"],
      ["user:finance@example.com", "repricing.finished", null],
      ["user:admin@example.com", "repricing.undone", "wrong list"],
      ["user:admin@example.com", "repricing.finished", null],
    ])
    expect((await readRepricings(as("viewer"))).items.map((item) => item.id)).toEqual([id])
  })

  test("an act that nobody is at any more can be gone on with", async () => {
    const { id } = await beginRepricing(as("finance"), { ...RANGE, reason: "once more" }, ORIGIN)
    await settled(id)
    await ledger.query(
      (tx) => tx`update repricings set state = 'running', updated_at = now() - interval '1 hour' where id = ${id}`,
    )
    expect(await readRepricing(as("viewer"), id)).toMatchObject({ state: "running", is_stopped: true })
    await applyAct(as("finance"), id, "the server was restarted", ORIGIN)
    expect(await settled(id)).toMatchObject({ state: "done", result: { changed: 2 } })
  })

  test("is for finance and administrators", async () => {
    for (const role of ["viewer", "operator"] as const) {
      await expect(addOwnPrice(as(role), price(), ORIGIN)).rejects.toMatchObject({ code: "forbidden" })
      await expect(beginRepricing(as(role), { ...RANGE, reason: "why not" }, ORIGIN)).rejects.toMatchObject({
        code: "forbidden",
      })
      await expect(undoAct(as(role), 1, "why not", ORIGIN)).rejects.toMatchObject({ code: "forbidden" })
    }
    await expect(
      importPrices(as("finance"), "{}", { asOf: "2026-11-20", digest: null, isConfirmed: false }, ORIGIN),
    ).rejects.toMatchObject({ code: "forbidden" })
  })

  test("a price more than ten times off the one in force asks twice", async () => {
    const slip = price({ rates: { input: "1.5", output: "4000" } })
    await expect(addOwnPrice(as("finance"), slip, ORIGIN)).rejects.toMatchObject({ code: "conflict", field: "confirm" })
    expect((await addOwnPrice(as("finance"), { ...slip, confirm: true }, ORIGIN)).id).toBeGreaterThan(0)
    await addOwnPrice(as("finance"), price({ confirm: true }), ORIGIN)
  })

  test("a discount holds for list prices from its date on", async () => {
    const { items } = await addDiscount(
      as("finance"),
      { provider: "anthropic", percent: "12.5", valid_from: "2026-01-01T00:00:00Z", reason: "contract 7" },
      ORIGIN,
    )
    expect(items).toMatchObject([
      { provider: "anthropic", percent: "12.5", is_in_force: true, created_by: "user:finance@example.com" },
    ])
  })
})

describe("the import of a price file", () => {
  const file = (models: Record<string, object>) => JSON.stringify(models)
  const chat = (input: number, output: number, more: object = {}) => ({
    ...{ litellm_provider: "openai", mode: "chat", input_cost_per_token: input, output_cost_per_token: output },
    ...more,
  })
  const ask = (text: string, more: { asOf?: string; digest?: string; isConfirmed?: boolean } = {}) =>
    importPrices(as("admin"), text, { asOf: "2026-11-20", digest: null, isConfirmed: false, ...more }, ORIGIN)

  test("shows what is new, changed and gone, asks twice for tenfold, and writes dated rows beside the old ones", async () => {
    const first = file({
      a: chat(1e-6, 2e-6),
      b: chat(1e-6, 2e-6, { input_cost_per_token_above_200k_tokens: 2e-6 }),
      gone: chat(1e-6, 2e-6),
    })
    const shown = await ask(first, { asOf: "2026-10-01" })
    expect(shown).toMatchObject({ rows: 4, added: { count: 4 }, changed: { count: 0 }, tenfold: 0, written: null })
    expect((await ask(first, { asOf: "2026-10-01", digest: shown.digest })).written).toBe(4)

    const second = file({
      a: chat(1.1e-5, 2e-6),
      b: chat(1e-6, 3e-6, { input_cost_per_token_above_200k_tokens: 2e-6 }),
      c: chat(5e-7, 1e-6),
    })
    const diff = await ask(second)
    expect(diff).toMatchObject({
      added: { count: 1 },
      changed: { count: 3 },
      missing: { count: 1, items: [{ model: "gone" }] },
      tenfold: 1,
    })
    expect(diff.changed.items[0]).toMatchObject({
      model: "a",
      changes: [{ rate: "input", before: "1", after: "11", is_tenfold: true }],
    })
    await expect(ask(second, { digest: diff.digest })).rejects.toMatchObject({ code: "conflict", field: "confirm" })
    await expect(ask(first, { digest: diff.digest })).rejects.toMatchObject({ code: "conflict" })
    expect((await ask(second, { digest: diff.digest, isConfirmed: true })).written).toBe(4)
    expect(await ask(second)).toMatchObject({ added: { count: 0 }, changed: { count: 0 } })

    const call = (id: string, at: string, model: string) => ({
      ...{ id, type: "cost", at, provider: "openai", model, usage: { input: 1000 } },
    })
    await ledger.send([
      call("i1", "2026-11-19T23:59:59Z", "a"),
      call("i2", "2026-11-20T00:00:00Z", "a"),
      call("i3", "2026-11-01T00:00:00Z", "c"),
      call("i4", "2026-11-20T00:00:00Z", "gone"),
    ])
    const costs = await ledger.query(
      (tx) => tx`select trim_scale(cost)::text as cost from spans where span_id like 'cost:i%' order by span_id`,
    )
    expect(costs.map((row) => row.cost)).toEqual(["0.001", "0.011", "0.0005", "0.001"])
  })

  test("what is no price file is refused", async () => {
    for (const bad of [
      "",
      "[]",
      "{}",
      "{",
      '{"a":3}',
      '{"a":{"litellm_provider":"x","mode":"chat","input_cost_per_token":"x"}}',
    ])
      await expect(ask(bad)).rejects.toMatchObject({ code: "invalid_input" })
  })
})
