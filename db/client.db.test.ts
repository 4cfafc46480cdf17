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

it("what is under way ends well when something else was lost and the connections are given up for it", async () => {
  const isLost = settleWithin(200, never())
  const before = pool("ingest")
  const isAtWork = before.begin(async (tx) => {
    await tx`select pg_sleep(0.5)`
    return await tx`select 1 as one`
  })
  await expect(isLost).rejects.toThrow("did not answer in time")
  expect(pool("ingest"), "what comes next has connections of its own").not.toBe(before)
  await expect(isAtWork).resolves.toMatchObject([{ one: 1 }])
})
