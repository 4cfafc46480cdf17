import { expect, it } from "vitest"
import { pagerdutyBodies } from "./pagerduty"
import { aMessage, anItem, HOSTILE } from "./testing"

const KEY = "k".repeat(32)
const dedup_key = "andon/andon.example.org/billing/0123456789abcdef0123456789abcdef"

it("opens an incident of its own for a fingerprint", () => {
  expect(pagerdutyBodies(aMessage(), KEY)).toEqual([
    {
      routing_key: KEY,
      client: "Andon",
      client_url: "https://andon.example.org",
      dedup_key,
      event_action: "trigger",
      payload: {
        summary: "Critical: Run halted: invoices, cost of the run",
        source: "andon.example.org",
        severity: "critical",
        timestamp: "2026-11-20T14:02:31.204Z",
        component: "invoices",
        group: "billing",
        class: "halt",
        custom_details: {
          Project: "Billing",
          Rule: "T01, cost of the run",
          Workflow: "invoices",
          Step: "draft",
          Run: "run-7",
          Observed: "54.12 USD",
          Limit: "20 USD",
          "Cost so far": "$54.12",
          Raised: "2026-11-20 14:02 UTC",
          Reason: "cost is over its limit",
        },
      },
      links: [{ href: "https://andon.example.org/exceptions/41?project=billing", text: "Open exception" }],
    },
  ])
})

it("closes the same one, and a test closes what it opened", () => {
  expect(pagerdutyBodies(aMessage({ action: "resolve" }), KEY)).toEqual([
    { routing_key: KEY, client: "Andon", client_url: "https://andon.example.org", dedup_key, event_action: "resolve" },
  ])
  const [opened, closed] = pagerdutyBodies(aMessage({ action: "test", items: [] }), KEY) as Record<string, unknown>[]
  expect([opened?.event_action, closed?.event_action, closed?.dedup_key]).toEqual([
    "trigger",
    "resolve",
    opened?.dedup_key,
  ])
})

it.each([["critical", "critical"] as const, ["high", "error"] as const, ["low", "warning"] as const])(
  "%s is %s there",
  (severity, there) => {
    const [body] = pagerdutyBodies(aMessage({ items: [anItem({ severity })] }), KEY) as {
      payload: { severity: string }
    }[]
    expect(body?.payload.severity).toBe(there)
  },
)

it("keeps within its limits, whatever it is given", () => {
  const long = HOSTILE.repeat(1_000)
  const item = anItem({ workflow: long, step: long, reason: long, observed: long, unit: long })
  const [body] = pagerdutyBodies(aMessage({ items: [item] }), KEY) as {
    dedup_key: string
    payload: { summary: string }
  }[]
  expect(body?.payload.summary.length).toBeLessThanOrEqual(1_024)
  expect(body?.dedup_key.length).toBeLessThanOrEqual(255)
  expect(JSON.stringify(body).length).toBeLessThan(20_000)
})
