import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Run } from "@/lib/contracts/read"
import { sendEvents } from "@/scripts/lib/send-events"
import { type Booted, bootServer } from "@/server/testing"
import { STORY_COST, skippedStepStory } from "./skipped-step"

let server: Booted
beforeAll(async () => {
  server = await bootServer()
})
afterAll(() => server?.dispose())

describe("the story that Andon exists for, told over HTTP", () => {
  it("within a second of its last event it is unproven, the skipped step is named, and its cost is exactly 54", async () => {
    const events = skippedStepStory("story-54", Date.now() - 20 * 60_000)
    expect(events.filter((event) => event.type === "span" && event.usage).length).toBeGreaterThanOrEqual(20)
    const target = { url: server.url, key: server.key }
    for (const event of events.slice(0, -1)) await sendEvents(target, [event])
    const last = events.slice(-1)
    const ask = async () => {
      const headers = { authorization: `Bearer ${server.key}` }
      return Run.parse(await (await fetch(`${server.url}/api/v1/runs/story-54`, { headers })).json())
    }
    // The first who asks waits for the code of the route, too.
    expect(await ask()).toMatchObject({ status: "running", proof: "pending" })
    const told = performance.now()
    expect(await sendEvents(target, last)).toMatchObject({ accepted: 1 })
    const run = await ask()
    expect(performance.now() - told).toBeLessThan(1_000)

    expect(run).toMatchObject({ status: "succeeded", proof: "unproven", cost: STORY_COST, unpriced_calls: 0 })
    expect(run.calls).toBeGreaterThanOrEqual(20)
    expect(run.proof_reasons.some((reason) => reason.step === "enrich" && reason.text.includes("enrich"))).toBe(true)
    expect(run.plan.find((step) => step.step === "enrich")?.state).toBe("never_ran")
  })
})
