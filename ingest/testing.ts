import type { TransactionSql } from "postgres"
import type { KeyActor } from "@/access/actor"
import { closePools, configureDatabase, pool } from "@/db/client"
import { seeProjects } from "@/db/see"
import { createTestDatabase } from "@/db/testing"
import { forgetPolicies } from "@/policy/apply-policies"
import { acceptEvents } from "./accept"
import { forgetPartitions } from "./partitions"
import { addPrices, invalidateBook, type ListPrice } from "./price-book"

/** A database of its own with one project, as ingest sees it. Call in `beforeAll`, `close` in `afterAll`. */
export async function openLedger(options: { zone?: string; prices?: ListPrice[] } = {}) {
  const database = await createTestDatabase()
  await closePools()
  configureDatabase(database.app)
  resetCaches()
  const key = await addProject("main", options.zone ?? "UTC")
  if (options.prices) await scopedWrite(key.project.id, (tx) => addPrices(tx, null, options.prices as ListPrice[]))
  let request = 0
  return {
    key,
    database,
    addProject,
    send: (events: unknown[], more: { receivedAt?: number; key?: KeyActor } = {}) =>
      acceptEvents({
        key: more.key ?? key,
        events,
        receivedAt: more.receivedAt ?? Date.now(),
        requestId: `test-${request++}`,
      }),
    query: <T>(work: (tx: TransactionSql) => Promise<T>, projectId = key.project.id) => scopedWrite(projectId, work),
    close: async () => {
      cancelAnnouncement()
      await closePools()
      await database.drop()
    },
  }
}

async function addProject(slug: string, zone = "UTC"): Promise<KeyActor> {
  const [row] = await pool("ingest")<
    { id: number }[]
  >`insert into projects (slug, name, zone) values (${slug}, ${slug}, ${zone}) returning id`
  const id = row?.id as number
  return {
    kind: "key",
    keyId: id,
    keyName: "test",
    publicId: "testtest",
    scopes: ["ingest"],
    environment: null,
    project: { id, slug, name: slug, zone, currency: "USD", prefersReportedCost: true, isDemo: false },
  }
}

async function scopedWrite<T>(projectId: number, work: (tx: TransactionSql) => Promise<T>): Promise<T> {
  return (await pool("ingest").begin(async (tx) => {
    await seeProjects(tx, [projectId])
    return await work(tx)
  })) as T
}

/** A notice that fires while the pools close would open a connection only to lose it. */
function cancelAnnouncement(): void {
  const { andonAnnounce } = globalThis as typeof globalThis & {
    andonAnnounce?: { pending: Map<number, unknown>; timer: NodeJS.Timeout | undefined }
  }
  if (!andonAnnounce) return
  clearTimeout(andonAnnounce.timer)
  andonAnnounce.timer = undefined
  andonAnnounce.pending.clear()
}

/** What a process remembers of its database must not outlive that database. */
function resetCaches(): void {
  forgetPartitions()
  forgetPolicies()
  invalidateBook()
  const process = globalThis as typeof globalThis & {
    andonDimensions?: Map<string, number>
    andonNames?: Map<string, unknown>
  }
  process.andonDimensions?.clear()
  process.andonNames?.clear()
}
