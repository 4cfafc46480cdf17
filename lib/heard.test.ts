import { expect, it } from "vitest"
import { tellHeard, untilHeard } from "./heard"

const never = new AbortController().signal
it("hears its own project and its own runs, and what names no run", async () => {
  const wait = () => untilHeard(1, ["r1"], 60_000, never)
  let isOver = false
  const first = wait().then(() => {
    isOver = true
  })
  tellHeard(2, ["r1"])
  tellHeard(1, ["r2"])
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(isOver).toBe(false)
  tellHeard(1, ["r2", "r1"])
  await first
  for (const tell of [() => tellHeard(1), () => tellHeard(null)]) {
    const next = wait()
    tell()
    await next
  }
})

it("ends by the clock and when nobody waits any more", async () => {
  await untilHeard(1, [], 1, never)
  const gone = new AbortController()
  const waiting = untilHeard(1, [], 60_000, gone.signal)
  gone.abort()
  await waiting
  await untilHeard(1, [], 60_000, gone.signal)
})
