import { once } from "node:events"
import { type AddressInfo, connect, createServer } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
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
  const before = pool("ingest")
  let begin = () => {}
  const hasBegun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const isAtWork = before.begin(async (tx) => {
    begin()
    await tx`select pg_sleep(0.5)`
    return await tx`select 1 as one`
  })
  await hasBegun
  const isLost = settleWithin(200, never())
  await expect(isLost).rejects.toThrow("did not answer in time")
  expect(pool("ingest"), "what comes next has connections of its own").not.toBe(before)
  await expect(isAtWork).resolves.toMatchObject([{ one: 1 }])
})

it("a connection that was refused for a while is there as soon as the database is", async () => {
  const { path, host, port } = database.app as { path?: string; host: string; port: number }
  const front = createServer((client) => {
    const behind = path ? connect(path) : connect(port, host)
    for (const [from, to] of [[client, behind] as const, [behind, client] as const]) from.on("error", () => {}).pipe(to)
  })
  await once(front.listen(0, "127.0.0.1"), "listening")
  const at = (front.address() as AddressInfo).port
  await once(front.close(), "close")
  await closePools()
  configureDatabase({ ...database.app, path: undefined, host: "127.0.0.1", port: at } as typeof database.app)
  const ask = () => Promise.allSettled(Array.from({ length: 5 }, () => pool("ingest")`select 1 as one`))
  for (const end = performance.now() + 1000; performance.now() < end; await sleep(10))
    expect((await ask()).map(({ status }) => status)).toEqual(Array(5).fill("rejected"))
  await once(front.listen(at, "127.0.0.1"), "listening")
  const startedAt = performance.now()
  expect((await ask()).map(({ status }) => status)).toEqual(Array(5).fill("fulfilled"))
  expect(performance.now() - startedAt).toBeLessThan(1500)
  await closePools()
  configureDatabase(database.app)
  front.close()
})
