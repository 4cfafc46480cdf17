import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { toProjectRef } from "@/access/project-ref"
import { withProject } from "@/db/client"
import { prepareDemoProject } from "@/db/demo-project"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { getRun } from "@/db/queries/run"
import { acceptEvents } from "@/ingest/accept"
import { openLedger } from "@/ingest/testing"
import { readBook } from "@/scripts/faults/book"
import { demoPrices } from "./demo/prices"
import { DEMO_PROJECT } from "./scenario"
import { SCENARIOS } from "./scenarios"
import { STORY_COST } from "./skipped-step"
import { writeDeliveries } from "./write"

let ledger: Awaited<ReturnType<typeof openLedger>>
const UNTIL = Date.UTC(2026, 10, 20)

beforeAll(async () => {
  ledger = await openLedger({ prices: await readBook() })
})
afterAll(() => ledger.close())

async function seed(name: string, scale = 1) {
  const { project, keyId, keyPublicId } = await prepareDemoProject(DEMO_PROJECT, demoPrices(UNTIL))
  const key = {
    kind: "key" as const,
    keyId,
    keyName: "seed",
    publicId: keyPublicId,
    scopes: ["ingest" as const],
    environment: null,
    project: toProjectRef(project),
  }
  const deliveries = SCENARIOS[name]?.deliveries({ seed: "andon", until: UNTIL, scale }) ?? []
  const written = await writeDeliveries(
    deliveries,
    (events, receivedAt, number) => acceptEvents({ key, events, receivedAt, requestId: `seed-${number}` }),
    () => {},
  )
  return { project, written }
}

describe("writing a scenario", () => {
  it("the skipped step ends unproven, names the step, and costs 54 to the last digit", async () => {
    const { project, written } = await seed("skipped-step")
    expect(written).toMatchObject({ rejected: 0, conflicts: 0, duplicates: 0 })
    const run = await withProject(project.id, (tx) => getRun(tx, "ledger-migration-54"))
    expect(run).toMatchObject({
      status: "succeeded",
      proof: "unproven",
      cost: STORY_COST,
      calls: 24,
      unpriced_calls: 0,
    })
    expect(run.proof_reasons.map((reason) => reason.step)).toContain("enrich")
    expect(run.plan.find((step) => step.step === "enrich")?.state).toBe("never_ran")
  })

  it("the same scenario again changes nothing", async () => {
    const { written } = await seed("skipped-step")
    expect(written).toMatchObject({ accepted: 0, duplicates: 37, conflicts: 0, rejected: 0 })
  })

  it("all that the demo sends is taken, priced before and after the change, and adds up", async () => {
    const { project, written } = await seed("demo", 0.03)
    expect(written).toMatchObject({ rejected: 0, conflicts: 0 })
    expect(written.accepted).toBeGreaterThan(3_000)
    const prices = await withOwner(
      ledger.database.owner,
      (sql) => sql<{ prices: number; unpriced: number }[]>`
        select count(distinct price_id) filter (where model = 'gpt-5-mini')::int as prices, count(*) filter (where is_call and cost is null)::int as unpriced
        from spans where project_id = ${project.id}`,
    )
    expect(prices[0]?.prices).toBe(2)
    expect(prices[0]?.unpriced).toBeGreaterThan(0)
    const report = await withOwner(ledger.database.owner, (sql) => audit(sql))
    expect(report.differences).toEqual([])
  })

  it("every other scenario is taken whole", { timeout: 60_000 }, async () => {
    for (const name of Object.keys(SCENARIOS)) {
      if (name === "demo" || name === "dst-day") continue
      const { written } = await seed(name)
      expect([name, written.rejected, written.conflicts, written.refusals]).toEqual([name, 0, 0, []])
    }
  })

  it("a project that holds anything else is refused, and its rows stay as they are", async () => {
    await ledger.send([{ id: "real-1", type: "cost", at: "2026-11-19T10:00:00Z", provider: "openai", cost: "1" }])
    await expect(prepareDemoProject({ slug: "main", name: "main", zone: "UTC" }, demoPrices(UNTIL))).rejects.toThrow(
      "no demo data",
    )
    const [prices] = await withOwner(
      ledger.database.owner,
      (sql) =>
        sql<{ count: number }[]>`select count(*)::int as count from prices where project_id = ${ledger.key.project.id}`,
    )
    expect(prices?.count).toBe(0)
  })

  it("a project that it makes says that its data is made up, and its key opens nothing", async () => {
    const { project } = await prepareDemoProject(DEMO_PROJECT, [])
    expect(project.is_demo).toBe(true)
    const [key] = await withOwner(
      ledger.database.owner,
      (sql) => sql<{ secret_hmac: string; revoked_at: string | null; scopes: string[] }[]>`
        select secret_hmac, revoked_at::text, scopes from ingest_keys where project_id = ${project.id}`,
    )
    expect(key).toMatchObject({ secret_hmac: "", scopes: [] })
    expect(key?.revoked_at).not.toBeNull()
  })
})
