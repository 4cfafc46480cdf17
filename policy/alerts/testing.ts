import type { AlertItem, Message } from "./message"

/** A halt of an invoice run, as the worker writes it down. */
export function anItem(change: Partial<AlertItem> = {}): AlertItem {
  return {
    exception: "41",
    kind: "halt",
    severity: "critical",
    fingerprint: "0123456789abcdef0123456789abcdef",
    workflow: "invoices",
    rule: "T01",
    step: "draft",
    reason: "cost is over its limit",
    observed: "54.12",
    limit: "20",
    unit: "USD",
    raisedAt: "2026-11-20T14:02:31.204Z",
    at: "2026-11-20T14:10:00.000Z",
    level: 0,
    run: { id: "run-7", cost: "54.1234", unpriced: 0 },
    ...change,
  } as AlertItem
}

export function aMessage(change: Partial<Message> = {}): Message {
  const items = change.items ?? [anItem()]
  return {
    id: "msg_1",
    action: "trigger",
    at: "2026-11-20T14:02:41.000Z",
    origin: "https://andon.example.org",
    project: { name: "Billing", slug: "billing", currency: "USD" },
    items,
    total: items.length,
    ...change,
  } as Message
}

/** What an agent may call itself. */
export const HOSTILE = "<!channel> & <script>alert(1)</script> \r\nBcc: x@evil.example\u202e\u0000 *b* `c` 😀"
