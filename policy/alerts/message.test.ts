import { expect, it } from "vitest"
import { factsOf, headline, linkOf, plain } from "./message"
import { aMessage, anItem, HOSTILE } from "./testing"

it("text becomes one line that shows as what it is, cut with an ellipsis and never inside a character", () => {
  expect(plain(HOSTILE, 200)).toBe("<!channel> & <script>alert(1)</script> Bcc: x@evil.example *b* `c` 😀")
  expect(plain("a".repeat(200), 10)).toBe(`${"a".repeat(9)}…`)
  expect(plain("aaaa😀😀", 6)).toBe("aaaa…")
  expect(plain("😀\ud800x", 9)).toBe("😀x")
})

it("says what it is in a line", () => {
  expect(headline(aMessage(), 150)).toBe("Critical: Run halted: invoices, cost of the run")
  expect(headline(aMessage({ action: "resolve" }), 150)).toBe("Over: Run halted: invoices, cost of the run")
  expect(headline(aMessage({ action: "escalate", items: [anItem({ level: 2 })] }), 150)).toBe(
    "Nobody has looked for 15 minutes: Run halted: invoices, cost of the run",
  )
  expect(headline(aMessage({ action: "test", items: [] }), 150)).toBe("A test from Andon for Billing: nothing is wrong")
  expect(headline(aMessage({ total: 1_200 }), 150)).toBe("1,200 exceptions in Billing, the worst critical")
  const budget = anItem({
    kind: "budget",
    workflow: null,
    rule: null,
    severity: "high",
    reason: "Budget “May”: 80 % used",
  })
  expect(headline(aMessage({ items: [budget] }), 150)).toBe("High: Budget: Budget “May”: 80 % used")
  expect(headline(aMessage({ items: [anItem({ workflow: "w".repeat(10_000) })] }), 150).length).toBeLessThanOrEqual(150)
})

it("names what is known, and nothing that is not", () => {
  expect(factsOf(anItem(), aMessage().project)).toEqual([
    ["Project", "Billing"],
    ["Rule", "T01, cost of the run"],
    ["Workflow", "invoices"],
    ["Step", "draft"],
    ["Run", "run-7"],
    ["Observed", "54.12 USD"],
    ["Limit", "20 USD"],
    ["Cost so far", "$54.12"],
    ["Raised", "2026-11-20 14:02 UTC"],
  ])
  const cost = (run: ReturnType<typeof anItem>["run"]) =>
    factsOf(anItem({ run }), aMessage().project).find(([label]) => label === "Cost so far")?.[1]
  expect(cost({ id: "r", cost: null, unpriced: 3 })).toBe("unpriced")
  expect(cost({ id: "r", cost: "1.5", unpriced: 1 })).toBe("$1.50, and 1 call without a price")
  expect(cost({ id: "r", cost: null, unpriced: 0 })).toBeUndefined()
  expect(
    factsOf(
      anItem({ rule: null, workflow: "", step: null, run: null, observed: null, limit: null }),
      aMessage().project,
    ),
  ).toEqual([
    ["Project", "Billing"],
    ["Raised", "2026-11-20 14:02 UTC"],
  ])
})

it("gives numbers their unit, and words none", () => {
  const facts = factsOf(anItem({ observed: "validate", limit: "success", unit: "step before it" }), aMessage().project)
  expect(facts.filter(([label]) => label === "Observed" || label === "Limit")).toEqual([
    ["Observed", "validate"],
    ["Limit", "success"],
  ])
})

it("leads to the exception in its project", () => {
  const message = aMessage({ project: { name: "x", slug: "a&b", currency: "USD" } })
  expect(linkOf(message, anItem())).toBe("https://andon.example.org/exceptions/41?project=a%26b")
})
