import { describe, expect, it } from "vitest"
import type { Board } from "@/lib/contracts/board"
import { boardSentence } from "./sentence"

const NOW = Date.parse("2026-11-20T10:41:00Z")
const NO_RUNS = {
  runs: 0,
  halted: 0,
  failed: 0,
  unproven: 0,
  running: 0,
  verified: 0,
  unchecked: 0,
  other: 0,
  claimed: 0,
}
const say = (
  runs: Partial<Board["runs"]>,
  halted: Partial<Board["halted"]> = {},
  last: string | null = null,
  paused = 0,
) =>
  boardSentence(
    {
      runs: { ...NO_RUNS, ...runs },
      halted: { runs: 0, oldest_at: null, cost: "0", calls: 0, unpriced_calls: 0, ...halted },
      checks: { failed: 0, broken: 0, total: 0 },
      currency: "USD",
    },
    last,
    NOW,
    paused,
  )

describe("the first line of the board", () => {
  it("says first what stands still, for how long and what is sunk", () => {
    const oldest_at = "2026-11-20T10:00:00Z"
    expect(say({ runs: 9, failed: 2 }, { runs: 3, oldest_at, cost: "83.2" })).toBe(
      "3 runs are halted, the oldest for 41 min; $83.20 sunk.",
    )
    expect(say({}, { runs: 1, oldest_at, cost: "0.5" })).toBe("1 run is halted, for 41 min; $0.50 sunk.")
  })

  it("does not call an unknown cost nothing", () => {
    expect(say({}, { runs: 2, cost: null, calls: 3, unpriced_calls: 3 })).toBe(
      "2 runs are halted; their calls have no price.",
    )
  })

  it.each([
    [
      { runs: 214, verified: 207, unproven: 5, failed: 2 },
      "Of today's 214 runs, 5 are unproven and 2 failed; nothing is halted.",
    ],
    [{ runs: 214, verified: 213, unproven: 1 }, "Of today's 214 runs, 1 is unproven; nothing is halted."],
    [{ runs: 20, verified: 18, failed: 2 }, "Of today's 20 runs, 2 failed; nothing is halted."],
    [{ runs: 1, unproven: 1 }, "Today's only run is unproven; nothing is halted."],
    [{ runs: 1, failed: 1 }, "Today's only run failed; nothing is halted."],
    [{ runs: 1, unchecked: 1 }, "Nothing needs a person: today's only run declares no check."],
    [{ runs: 1, running: 1 }, "Nothing needs a person: today's only run is not done yet."],
    [{ runs: 214, verified: 214 }, "All 214 runs of today are proven."],
    [{ runs: 1, verified: 1 }, "Today's only run is proven."],
    [
      { runs: 10, verified: 6, running: 1, unchecked: 2, other: 1 },
      "Nothing needs a person: 6 of today's 10 runs are proven, 1 still runs, 2 declare no check, 1 ended without a claim.",
    ],
    [{ runs: 2, running: 2 }, "Nothing needs a person: none of today's 2 runs is proven yet, 2 still run."],
  ])("%o", (runs, sentence) => {
    expect(say(runs)).toBe(sentence)
  })

  it("is not all well because nothing came: it says when something last did", () => {
    expect(say({})).toBe("Nothing is halted, and no run has started today.")
    expect(say({}, {}, "2026-11-20T07:41:00Z")).toBe(
      "Nothing is halted, and no run has started today. The last event came 3 h 00 min ago.",
    )
  })
  it("says which lines stand still, and then never that nothing needs a person", () => {
    expect(say({ runs: 2, running: 2 }, {}, null, 1)).toBe(
      "None of today's 2 runs is proven yet, 2 still run. 1 line is paused.",
    )
    expect(say({}, {}, null, 3)).toBe("Nothing is halted, and no run has started today. 3 lines are paused.")
  })
})
