import { describe, expect, it } from "vitest"
import type { Channel, Delivery } from "@/lib/contracts/alerts"
import { deliveryLight } from "@/lib/lights"
import { alertsSentence, testWords, toldWords } from "./words"

const CHANNEL: Channel = {
  id: 1,
  version: 1,
  name: "#ops",
  kind: "slack",
  target: "hooks.slack.com/…x9f2",
  region: null,
  body_format: null,
  min_severity: "high",
  kinds: [],
  workflows: [],
  escalation_level: 0,
  state: "active",
  disabled_reason: null,
  disabled_at: null,
  created_by: "user:ada@example.com",
  created_at: "2026-11-20T10:00:00Z",
  failing_since: null,
  last_error: null,
  last_delivered_at: null,
  waiting: 0,
  parked: 0,
}
const failing = (name: string): Channel => ({ ...CHANNEL, name, failing_since: "2026-11-20T12:03:00Z" })
const off: Channel = { ...CHANNEL, state: "disabled" }
const at = (instant: string) => instant.slice(11, 16)

describe("the sentence of the page", () => {
  it.each<[string, Channel[]]>([
    ["Nobody is told of anything: there is no channel.", []],
    ["1 channel, none failing.", [CHANNEL]],
    ["2 channels: alerts to #night have failed since 12:03.", [CHANNEL, failing("#night")]],
    ["2 channels: alerts to #a and 1 other have failed since 12:03.", [failing("#a"), failing("#b")]],
    ["2 channels, 1 of them disabled.", [CHANNEL, off]],
    ["Nobody is told of anything: 1 channel, disabled.", [off]],
  ])("%s", (sentence, items) => {
    expect(alertsSentence(items, at)).toBe(sentence)
  })
})

describe("what a channel is told", () => {
  it("names least severity, kinds and workflows; of an escalation that alone decides", () => {
    expect(toldWords(CHANNEL)).toBe("High and critical")
    expect(toldWords({ ...CHANNEL, kinds: ["halt", "budget"], workflows: ["a", "b"] })).toBe(
      "High and critical; halts, budgets; of 2 workflows",
    )
    expect(toldWords({ ...CHANNEL, min_severity: "low", escalation_level: 2, workflows: ["a"] })).toBe(
      "When a critical one is unseen for 15 min; of a",
    )
  })
})

describe("what came of a test", () => {
  const delivery = (attempts: Delivery["attempts"], state: Delivery["state"] = "delivered") =>
    ({ state, attempts, reason: null }) as Delivery
  const attempt = { n: 1, at: "2026-11-20T10:00:00Z", ms: 143, status: 200, error: null, excerpt: "ok\n" }

  it("says how long it took and what was answered, or why it did not arrive", () => {
    expect(testWords(delivery([attempt]))).toEqual({ isGood: true, text: "Delivered in 143 ms, answered 200 ok" })
    expect(testWords(delivery([{ ...attempt, status: 500, error: "It answered 500.", excerpt: "no" }]))).toEqual({
      isGood: false,
      text: "Not delivered. It answered 500. It said: no",
    })
    expect(testWords(delivery([], "pending")).isGood).toBe(false)
  })

  it("a message that failed before and is tried again does not look like one on its way", () => {
    expect(deliveryLight({ state: "pending", tries: 0 }).word).toBe("on its way")
    expect(deliveryLight({ state: "pending", tries: 2 }).word).toBe("trying again")
    expect(deliveryLight({ state: "parked", tries: 7 }).word).toBe("given up")
  })
})
