import { expect, it } from "vitest"
import { emailOf } from "./email"
import { aMessage, anItem, HOSTILE } from "./testing"

it("one exception as a letter", () => {
  expect(emailOf(aMessage())).toEqual({
    subject: "[Andon] Critical: Run halted: invoices, cost of the run",
    messageId: "<msg_1@andon.example.org>",
    headers: { "auto-submitted": "auto-generated", "x-auto-response-suppress": "All" },
    text: `Critical: Run halted: invoices, cost of the run

cost is over its limit

Project: Billing
Rule: T01, cost of the run
Workflow: invoices
Step: draft
Run: run-7
Observed: 54.12 USD
Limit: 20 USD
Cost so far: $54.12
Raised: 2026-11-20 14:02 UTC

https://andon.example.org/exceptions/41?project=billing
`,
  })
})

it("no name makes a header, and none a line of its own", () => {
  const item = anItem({ workflow: HOSTILE, reason: HOSTILE, step: HOSTILE })
  const { subject, text } = emailOf(aMessage({ items: [item] }))
  expect(subject).not.toMatch(/[\r\n\0\u202e]/)
  expect(subject).toContain("Bcc: x@evil.example")
  expect(text).not.toMatch(/^Bcc:/m)
})

it("many: ten by name, and how many more", () => {
  const { text } = emailOf(aMessage({ items: Array(10).fill(anItem()), total: 15 }))
  expect(text.match(/exceptions\/41/g)).toHaveLength(10)
  expect(text).toContain("and 5 more\n\nhttps://andon.example.org/exceptions?project=billing\n")
})
