import { describe, expect, it } from "vitest"
import { CHANNEL_KINDS } from "@/lib/alert-vocabulary"
import { ChannelChange, ChannelInput } from "@/lib/contracts/alerts"
import { EXCEPTION_KINDS } from "@/lib/vocabulary"
import { draftOf } from "./draft"

function form(fields: Record<string, string>): FormData {
  const data = new FormData()
  const all = { name: " #ops ", min_severity: "critical", escalation_level: "0", workflows: "", ...fields }
  for (const [name, value] of Object.entries(all)) data.set(name, value)
  return data
}
const TARGETS = {
  slack: { url: "https://hooks.slack.com/services/T/B/x" },
  pagerduty: { routing_key: "0123456789abcdef0123456789abcdef", region: "eu" },
  webhook: { url: "https://example.org/hook", body_format: "alertmanager" },
  email: { to: "a@example.org, b@example.org;c@example.org\nA@example.org" },
}

describe("what a form of a channel says", () => {
  it("makes of every kind what the API takes, new and as a change", () => {
    for (const kind of CHANNEL_KINDS) {
      const { input, change } = draftOf(kind, form(TARGETS[kind]))
      expect(ChannelInput.parse(input), kind).toMatchObject({ kind, name: "#ops", min_severity: "critical" })
      expect(ChannelChange.parse({ version: 3, ...change }), kind).toMatchObject({ version: 3, name: "#ops" })
    }
  })

  it("leaves an address or a key alone that was not typed", () => {
    for (const kind of CHANNEL_KINDS) {
      const { change } = draftOf(kind, form({}))
      expect(Object.keys(change)).not.toContain("url")
      expect(Object.keys(change)).not.toContain("routing_key")
      expect(Object.keys(change)).not.toContain("to")
    }
  })

  it("takes all kinds ticked, and none, for all there are and will be", () => {
    const ticked = (kinds: readonly string[]) =>
      draftOf("slack", form(Object.fromEntries(kinds.map((kind) => [`kind-${kind}`, "on"])))).change.kinds
    expect(ticked(EXCEPTION_KINDS)).toEqual([])
    expect(ticked([])).toEqual([])
    expect(ticked(["halt", "budget"])).toEqual(["halt", "budget"])
  })

  it("reads workflows line by line, each once: a name may hold a comma", () => {
    const { input } = draftOf("slack", form({ workflows: " a, b \r\n\nc\nc " }))
    expect(input.workflows).toEqual(["a, b", "c"])
  })

  it("asks for a new signing secret only where it was ticked", () => {
    expect(draftOf("webhook", form({})).change.rotate_secret).toBeUndefined()
    expect(draftOf("webhook", form({ rotate_secret: "on" })).change.rotate_secret).toBe(true)
  })
})
