import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { addFact, deriveRun, NO_FACTS } from "./run-facts"
import { toLedger } from "./testing-events"

const part = (n: number, extra: object) => ({
  id: `p${n}`,
  type: "run.updated",
  run: "r",
  at: `2026-11-20T10:00:0${n}Z`,
  ...extra,
})
const derive = (events: readonly object[]) => deriveRun(toLedger(events).reduce(addFact, NO_FACTS))

describe("a run told in parts", () => {
  const parts = [
    part(1, { start: "2026-11-20T09:59:59Z", workflow: "draft", tags: { team: "a", x: "1" } }),
    part(2, { workflow: "final", environment: "staging", tags: { team: "b" } }),
    part(3, { start: "2026-11-20T10:00:00Z", release: "r2" }),
    part(4, { outcome: "succeeded" }),
    part(5, { outcome: "failed", error: "late" }),
  ]

  it("takes each field from the latest part that names it, and the earliest start", () => {
    const { start, end, status, placement, notes } = derive(parts)
    expect(placement).toEqual({
      workflow: "final",
      environment: "staging",
      release: "r2",
      team: "b",
      customer: null,
    })
    expect(start).toMatchObject({ at: Date.parse("2026-11-20T09:59:59Z"), tags: { team: "b", x: "1" } })
    expect([status, end?.error, end?.at, notes]).toEqual(["failed", "late", Date.parse("2026-11-20T10:00:05Z"), []])
  })

  it("comes to the same in every order, of parts at one instant too", () => {
    const same = parts.map((event) => ({ ...event, at: "2026-11-20T10:00:00Z" }))
    for (const events of [parts, same]) {
      const wanted = derive(events)
      fc.assert(
        fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (order) => {
          expect(derive(order)).toEqual(wanted)
        }),
      )
    }
  })

  it("is partial until something names a start, and claims no end by itself", () => {
    expect(derive([part(1, { workflow: "w" })])).toMatchObject({ start: null, status: "running" })
  })

  it("adds to a start of the run's own, and a halt before its claim still counts", () => {
    const own = { id: "s", type: "run.started", run: "r", at: "2026-11-20T10:00:00Z", workflow: "own", plan: ["a"] }
    const halted = { id: "h", type: "run.halted", run: "r", at: "2026-11-20T10:00:02Z", reason: "limit" }
    const { start, status, notes } = derive([own, halted, ...parts])
    expect(start).toMatchObject({ id: "s", workflow: "final", plan: ["a"] })
    expect(status).toBe("halted")
    expect(notes.map(({ code }) => code)).toEqual(["finished_after_halt"])
  })

  it("keeps a bounded number of tags, the same whatever the order", () => {
    const many = Array.from({ length: 30 }, (_, n) =>
      part(n % 10, {
        id: `t${n}`,
        start: "2026-11-20T10:00:00Z",
        tags: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${n}-${i}`, "v"])),
      }),
    )
    const tags = derive(many).start?.tags ?? {}
    expect(Object.keys(tags)).toHaveLength(256)
    expect(derive([...many].reverse()).start?.tags).toEqual(tags)
  })
})
