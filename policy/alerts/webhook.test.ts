import { createHmac, timingSafeEqual } from "node:crypto"
import { expect, it } from "vitest"
import { aMessage, anItem, HOSTILE } from "./testing"
import { webhookBody, webhookHeaders } from "./webhook"

it("our own body", () => {
  expect(JSON.parse(webhookBody(aMessage(), "andon"))).toEqual({
    type: "alert.triggered",
    timestamp: "2026-11-20T14:02:41.000Z",
    data: {
      summary: "Critical: Run halted: invoices, cost of the run",
      project: "billing",
      total: 1,
      url: "https://andon.example.org/exceptions?project=billing",
      exceptions: [
        {
          id: "41",
          kind: "halt",
          severity: "critical",
          fingerprint: "0123456789abcdef0123456789abcdef",
          rule: "T01",
          rule_words: "T01, cost of the run",
          workflow: "invoices",
          step: "draft",
          reason: "cost is over its limit",
          observed: "54.12",
          limit: "20",
          unit: "USD",
          raised_at: "2026-11-20T14:02:31.204Z",
          escalation: 0,
          run: { id: "run-7", cost: "54.1234", unpriced_calls: 0, currency: "USD" },
          url: "https://andon.example.org/exceptions/41?project=billing",
        },
      ],
    },
  })
})

it("the body of Alertmanager, firing and resolved", () => {
  const firing = JSON.parse(webhookBody(aMessage({ total: 12 }), "alertmanager"))
  expect(firing).toEqual({
    version: "4",
    groupKey: '{}:{project="billing"}',
    truncatedAlerts: 11,
    status: "firing",
    receiver: "andon",
    groupLabels: { project: "billing" },
    commonLabels: { project: "billing" },
    commonAnnotations: {},
    externalURL: "https://andon.example.org",
    alerts: [
      {
        status: "firing",
        labels: {
          alertname: "andon_halt",
          severity: "critical",
          project: "billing",
          rule: "T01",
          workflow: "invoices",
          step: "draft",
        },
        annotations: {
          summary: "Critical: Run halted: invoices, cost of the run",
          description: "cost is over its limit",
        },
        startsAt: "2026-11-20T14:02:31.204Z",
        endsAt: "0001-01-01T00:00:00Z",
        generatorURL: "https://andon.example.org/exceptions/41?project=billing",
        fingerprint: "0123456789abcdef",
      },
    ],
  })
  const over = JSON.parse(webhookBody(aMessage({ action: "resolve" }), "alertmanager"))
  expect([over.status, over.alerts[0].status, over.alerts[0].endsAt]).toEqual([
    "resolved",
    "resolved",
    "2026-11-20T14:10:00.000Z",
  ])
  expect(
    JSON.parse(webhookBody(aMessage({ action: "test", items: [] }), "alertmanager")).alerts[0].labels.alertname,
  ).toBe("andon_test")
})

it.each(["andon", "alertmanager"] as const)("stays under 20 KB in the format of %s, whatever it is given", (format) => {
  const long = HOSTILE.repeat(500)
  const item = anItem({
    workflow: long,
    step: long,
    reason: long,
    observed: long,
    unit: long,
    run: { id: long, cost: "1", unpriced: 0 },
  })
  expect(Buffer.byteLength(webhookBody(aMessage({ items: Array(10).fill(item), total: 10 }), format))).toBeLessThan(
    20_480,
  )
})

/** As the specification of Standard Webhooks has receivers do it. */
function verify(headers: Record<string, string>, body: string, key: string): boolean {
  const secret = Buffer.from(key.slice("whsec_".length), "base64")
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`
  const expected = createHmac("sha256", secret).update(signed).digest()
  return String(headers["webhook-signature"])
    .split(" ")
    .some((one) => {
      const [version, text = ""] = one.split(",")
      const given = Buffer.from(text, "base64")
      return version === "v1" && given.length === expected.length && timingSafeEqual(given, expected)
    })
}

it("is signed with each key in force, over the very bytes", () => {
  const [old, young] = [
    `whsec_${Buffer.alloc(32, 1).toString("base64")}`,
    `whsec_${Buffer.alloc(32, 2).toString("base64")}`,
  ]
  const headers = webhookHeaders("msg_1", 1_700_000_000, "{}", [young, old])
  expect([verify(headers, "{}", old), verify(headers, "{}", young)]).toEqual([true, true])
  expect(verify(headers, "{ }", young)).toBe(false)
  expect(verify({ ...headers, "webhook-id": "msg_2" }, "{}", young)).toBe(false)
})

it("signs as the example of Standard Webhooks is signed", () => {
  const body = '{"test": 2432232314}'
  const headers = webhookHeaders("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body, [
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  ])
  expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
})
