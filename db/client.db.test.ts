import { afterAll, beforeAll, expect, it } from "vitest"
import { closePools, configureDatabase, pool, settleWithin } from "./client"
import { createTestDatabase, type TestDatabase } from "./testing"

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  configureDatabase(database.app)
})

afterAll(async () => {
  await closePools()
  await database.drop()
})

const never = () => new Promise<never>(() => {})

it("connections that were made since something was lost are not given up for it", async () => {
  const [soon, later] = [settleWithin(20, never()), settleWithin(250, never())]
  const lost = pool("ingest")
  await expect(soon).rejects.toThrow("did not answer in time")
  expect(pool("ingest"), "what was lost takes its pool with it").not.toBe(lost)
  const isAtWork = pool("ingest")`select pg_sleep(0.8)`
  await expect(later).rejects.toThrow("did not answer in time")
  await expect(isAtWork).resolves.toHaveLength(1)
})
