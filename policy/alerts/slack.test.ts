import { expect, it } from "vitest"
import { slackBody } from "./slack"
import { aMessage, anItem, HOSTILE } from "./testing"

type Block = {
  type: string
  text?: { type: string; text: string }
  fields?: { text: string }[]
  elements?: { text: unknown; url?: string }[]
}
const blocks = (body: object) => (body as { blocks: Block[] }).blocks

it("one exception: what, why, its facts and a button", () => {
  expect(slackBody(aMessage())).toEqual({
    text: "Critical: Run halted: invoices, cost of the run",
    blocks: [
      {
        type: "header",
        text: { type: "plain_text", text: "Critical: Run halted: invoices, cost of the run", emoji: false },
      },
      { type: "section", text: { type: "mrkdwn", text: "cost is over its limit" } },
      {
        type: "section",
        fields: [
          "*Project*\nBilling",
          "*Rule*\nT01, cost of the run",
          "*Workflow*\ninvoices",
          "*Step*\ndraft",
          "*Run*\nrun-7",
          "*Observed*\n54.12 USD",
          "*Limit*\n20 USD",
          "*Cost so far*\n$54.12",
          "*Raised*\n2026-11-20 14:02 UTC",
        ].map((text) => ({ type: "mrkdwn", text })),
      },
      {
        type: "actions",
        elements: [
          {
            type: "button",
            text: { type: "plain_text", text: "Open exception", emoji: false },
            url: "https://andon.example.org/exceptions/41?project=billing",
          },
        ],
      },
    ],
  })
})

it("what agents say wakes nobody and is no markup", () => {
  const item = anItem({
    workflow: HOSTILE,
    step: HOSTILE,
    reason: HOSTILE,
    run: { id: HOSTILE, cost: null, unpriced: 1 },
  })
  for (const message of [aMessage({ items: [item] }), aMessage({ items: [item, item] })]) {
    const { text, blocks: all } = slackBody(message) as { text: string; blocks: Block[] }
    const marked = [text, ...JSON.stringify(all.filter(({ type }) => type !== "header")).split(/<https[^|>]*\|/)]
    for (const part of marked) expect(part).not.toMatch(/<[!@#a-z]/i)
    expect(JSON.stringify(all)).toContain("&lt;!channel&gt; &amp;")
  }
})

it("keeps within Slack's limits, whatever it is given", () => {
  const long = "&".repeat(10_000)
  const item = anItem({
    workflow: long,
    step: long,
    reason: long,
    observed: long,
    run: { id: long, cost: null, unpriced: 1 },
  })
  for (const message of [aMessage({ items: [item] }), aMessage({ items: Array(10).fill(item), total: 5_000 })]) {
    const body = slackBody(message)
    expect(blocks(body).length).toBeLessThanOrEqual(50)
    expect(JSON.stringify(blocks(body)).length).toBeLessThan(13_000)
    for (const { type, text, fields } of blocks(body)) {
      expect(text?.text.length ?? 0).toBeLessThanOrEqual(type === "header" ? 150 : 3_000)
      for (const field of fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2_000)
    }
  }
})

it("many: ten of them by name, and how many more", () => {
  const body = slackBody(aMessage({ items: Array(10).fill(anItem()), total: 1_234 }))
  expect(blocks(body)).toHaveLength(13)
  expect(blocks(body)[1]?.text?.text).toBe(
    "<https://andon.example.org/exceptions/41?project=billing|Run halted: invoices, cost of the run>\ncost is over its limit",
  )
  expect(blocks(body)[11]).toEqual({ type: "context", elements: [{ type: "mrkdwn", text: "and 1,224 more" }] })
  expect(blocks(body)[12]?.elements?.[0]?.url).toBe("https://andon.example.org/exceptions?project=billing")
})
