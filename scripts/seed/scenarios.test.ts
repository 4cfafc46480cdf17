import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import book from "@/db/price-book.json"
import { EventSchema, type NativeEvent } from "@/lib/contracts/events"
import { formatMoney, parseMoney } from "@/lib/money"
import { DAY_MS, parseInstant } from "@/lib/time"
import { MODELS } from "./demo/catalog"
import { demoPrices } from "./demo/prices"
import { Random } from "./random"
import type { ScenarioOptions } from "./scenario"
import { SCENARIOS } from "./scenarios"
import { CLOCK_SKEW_SUSPECTS } from "./shapes"
import { STORY_COST, STORY_PLAN, skippedStepStory } from "./skipped-step"

const UNTIL = Date.UTC(2026, 10, 20)
const options = (over: Partial<ScenarioOptions> = {}): ScenarioOptions => ({
  seed: "andon",
  until: UNTIL,
  scale: 0.05,
  ...over,
})

function* eventsOf(name: string, over: Partial<ScenarioOptions> = {}): Generator<NativeEvent> {
  for (const delivery of SCENARIOS[name]?.deliveries(options(over)) ?? []) yield* delivery.events
}
function hashOf(name: string, over: Partial<ScenarioOptions> = {}): string {
  const hash = createHash("sha256")
  for (const delivery of SCENARIOS[name]?.deliveries(options(over)) ?? []) hash.update(JSON.stringify(delivery))
  return hash.digest("hex")
}

describe.each(Object.keys(SCENARIOS))("scenario %s", (name) => {
  it("the same seed makes the same bytes, whenever it runs", () => {
    expect(hashOf(name)).toBe(hashOf(name))
  })

  it("every event passes the contract, and no id comes twice", () => {
    const ids = new Set<string>()
    let count = 0
    for (const event of eventsOf(name)) {
      const parsed = EventSchema.safeParse(event)
      expect(parsed.error?.issues ?? []).toEqual([])
      for (const field of ["at", "start", "end"] as const) {
        const text = (event as Record<string, unknown>)[field]
        if (typeof text === "string") expect(parseInstant(text)).not.toBeNull()
      }
      ids.add(event.id)
      count++
    }
    expect(ids.size).toBe(count)
  })

  it("says about how many events it has", () => {
    let count = 0
    for (const _ of eventsOf(name)) count++
    const expected = SCENARIOS[name]?.expectedEvents(options()) ?? 0
    expect(Math.abs(count - expected)).toBeLessThanOrEqual(expected * 0.25)
  })
})

describe("the numbers behind the scenarios", () => {
  it("are pinned: a changed generator changes every demo ever shown", () => {
    const random = new Random("andon", 1)
    expect([random.int(0, 1_000_000), random.int(0, 1_000_000), random.int(0, 9)]).toEqual([486418, 787360, 1])
    expect(hashOf("demo", { seed: "other" })).not.toBe(hashOf("demo"))
  })

  it("the skipped step has at least 20 priced calls that cost 54 exactly, and a check that passed on the final output", () => {
    const events = skippedStepStory("r54", UNTIL)
    let cost = 0n
    let calls = 0
    for (const event of events) {
      if (event.type !== "span") continue
      const price = book.find(
        (row) => row.provider === event.provider && row.model === event.model && !row.prompt_above && !row.service_tier,
      )
      cost += BigInt(event.usage?.input ?? 0) * parseMoney(price?.input ?? "0")
      cost += BigInt(event.usage?.output ?? 0) * parseMoney(price?.output ?? "0")
      calls++
    }
    expect(calls).toBeGreaterThanOrEqual(20)
    expect(formatMoney(cost)).toBe(STORY_COST)

    const ran = new Set(events.flatMap((event) => (event.type === "step.started" ? [event.step] : [])))
    expect(STORY_PLAN.filter((step) => !ran.has(step))).toEqual(["enrich"])
    const end = events.at(-1)
    if (end?.type !== "run.finished") throw new Error("the story ends with its claim")
    expect(end.outcome).toBe("succeeded")
    expect(end.output?.refs).toContain("enrich")
    const check = events.find((event) => event.type === "verification")
    expect(check).toMatchObject({ outcome: "passed", artifact: end.output?.sha256 })
  })

  it("the demo has all that it promises", () => {
    const seen = {
      workflows: new Set(),
      teams: new Set(),
      releases: new Set(),
      models: new Set(),
      reported: 0,
      costs: 0,
      halted: 0,
      open: new Set(),
    }
    for (const event of eventsOf("demo", { scale: 0.2 })) {
      if (event.type === "run.started") {
        seen.workflows.add(event.workflow)
        seen.teams.add(event.tags?.team)
        seen.releases.add(`${event.workflow} ${event.release}`)
        seen.open.add(event.run)
      }
      if (event.type === "span" && event.model) seen.models.add(`${event.provider} ${event.model}`)
      if (event.type === "span" && event.cost) seen.reported++
      if (event.type === "cost") seen.costs++
      if (event.type === "run.halted") seen.halted++
      if (event.type === "run.halted" || event.type === "run.finished") seen.open.delete(event.run)
    }
    expect(seen.workflows.size).toBe(12)
    expect(seen.teams.size).toBe(4)
    expect(seen.models.size).toBe(Object.keys(MODELS).length)
    expect(seen.releases.size).toBeGreaterThan(18)
    for (const count of [seen.reported, seen.costs, seen.halted, seen.open.size]) expect(count).toBeGreaterThan(0)
    const priced = Object.values(MODELS).filter(({ provider, model }) =>
      book.some((row) => row.provider === provider && row.model === model),
    )
    expect(priced.length).toBe(8)
    expect(new Set(priced.map((row) => row.provider)).size).toBe(4)
  })

  it("a price changes 30 days before the end of the demo, and nothing is older than 90 days", () => {
    const [before, after] = demoPrices(UNTIL)
    expect(after?.valid_from).toBe("2026-10-21T00:00:00.000Z")
    expect(parseMoney(after?.input ?? "0")).toBeGreaterThan(parseMoney(before?.input ?? "0"))
    for (const delivery of SCENARIOS.demo?.deliveries(options()) ?? []) {
      expect(delivery.receivedAt).toBeLessThanOrEqual(UNTIL)
      for (const event of delivery.events) {
        const at = parseInstant(("start" in event ? event.start : undefined) ?? event.at ?? "") as number
        expect(at).toBeGreaterThanOrEqual(UNTIL - 90 * DAY_MS)
        expect(at).toBeLessThanOrEqual(UNTIL)
      }
    }
  })

  it("the demo may end at any quarter hour: nothing lies past it, and its last hours have runs", () => {
    for (const end of ["2026-11-20T02:45:00Z", "2026-11-20T14:15:00Z"]) {
      const until = parseInstant(end) as number
      const starts: number[] = []
      let latest = 0
      for (const event of eventsOf("demo", { until, scale: 0.2 })) {
        const at = parseInstant(("start" in event ? event.start : undefined) ?? event.at ?? "") as number
        latest = Math.max(latest, at)
        if (event.type === "run.started") starts.push(at)
      }
      expect(latest).toBeLessThanOrEqual(until)
      expect(starts.filter((at) => at >= until - DAY_MS / 2).length).toBeGreaterThan(3)
    }
    const odd = { until: UNTIL + 3 * 15 * 60_000 }
    expect(hashOf("demo", odd)).toBe(hashOf("demo", odd))
  })

  it("a fifth of the skewed clocks is more than a day ahead", () => {
    let suspects = 0
    for (const delivery of SCENARIOS["clock-skew"]?.deliveries(options()) ?? [])
      for (const event of delivery.events)
        if (event.type === "span" && (parseInstant(event.start ?? "") as number) > delivery.receivedAt + DAY_MS)
          suspects++
    expect(suspects).toBe(CLOCK_SKEW_SUSPECTS)
  })

  it("the switch days in Berlin have 23 and 25 hours of quarter-hourly cents", () => {
    const hours = [...(SCENARIOS["dst-day"]?.deliveries(options()) ?? [])].map((delivery) => {
      const quarters = delivery.events.filter((event) => (parseInstant(event.at ?? "") as number) % (15 * 60_000) === 0)
      // The end of the day is one more quarter hour, the first of the next day.
      return (quarters.length - 1) / 4
    })
    expect(hours.sort()).toEqual([23, 25])
  })
})
