import { expect, test } from "vitest"
import { AppError } from "@/lib/errors"
import { writeDeliveries } from "./write"

const stored = { accepted: 1, duplicates: 0, conflicts: 0, rejected: 0, results: [] }
const deliveries = [{ events: [], receivedAt: 0 }]

test("what the data store has no time for is sent again, under the same number", async () => {
  const numbers: number[] = []
  const written = await writeDeliveries(
    deliveries,
    async (_events, _receivedAt, number) => {
      numbers.push(number)
      if (numbers.length === 1) throw new AppError("database_unavailable", "The data store did not answer in time.")
      if (numbers.length === 2) throw Object.assign(new Error("terminating connection"), { code: "57P01" })
      return stored
    },
    () => {},
  )
  expect([written.accepted, numbers]).toEqual([1, [1, 1, 1]])
})

test("any other failure ends it at once", async () => {
  let attempts = 0
  const writing = writeDeliveries(
    deliveries,
    async () => {
      attempts++
      throw new Error("a bug")
    },
    () => {},
  )
  await expect(writing).rejects.toThrow("a bug")
  expect(attempts).toBe(1)
})
