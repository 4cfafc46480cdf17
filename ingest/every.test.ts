import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { every } from "./every"

const written = vi.spyOn(process.stderr, "write").mockReturnValue(true)
const logged = vi.spyOn(console, "error").mockReturnValue()
beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  written.mockClear()
  logged.mockClear()
})
const lines = () => written.mock.calls.length + logged.mock.calls.length

it("begins no turn while one is under way, tells of one that failed, and goes on", async () => {
  const turns: { end: () => void; fail: (error: Error) => void }[] = []
  const stop = every(1_000, "it failed", () => new Promise<void>((end, fail) => turns.push({ end, fail })))
  await vi.advanceTimersByTimeAsync(3_500)
  expect(turns).toHaveLength(1)
  turns[0]?.fail(new Error("no database"))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(lines()).toBe(1)
  expect(turns).toHaveLength(2)
  turns[1]?.end()
  await stop()
})

it("is stopped when its turn is over, which may fail without a word", async () => {
  let fail = (_: Error) => {}
  const work = vi.fn(() => new Promise<void>((_, reject) => (fail = reject)))
  const stop = every(1_000, "it failed", work)
  await vi.advanceTimersByTimeAsync(1_000)
  let isOver = false
  const over = stop().then(() => (isOver = true))
  await vi.advanceTimersByTimeAsync(5_000)
  expect(isOver).toBe(false)
  fail(new Error("the connection was closed"))
  await over
  await vi.advanceTimersByTimeAsync(5_000)
  expect([work.mock.calls.length, lines()]).toEqual([1, 0])
})
