import { createHmac } from "node:crypto"
import type { AlertAction, WebhookFormat } from "@/lib/alert-vocabulary"
import {
  type AlertItem,
  headline,
  linkOf,
  type Message,
  NAME_SHOWN,
  plain,
  queueLink,
  reasonOf,
  ruleOf,
} from "./message"

const TYPE: Record<AlertAction, string> = {
  trigger: "alert.triggered",
  resolve: "alert.resolved",
  escalate: "alert.escalated",
  test: "alert.test",
}

/** The body as text: what is signed is what is sent. Under 20 KB. */
export function webhookBody(message: Message, format: WebhookFormat): string {
  return JSON.stringify(format === "andon" ? andon(message) : alertmanager(message))
}

function andon(message: Message): object {
  const { action, at, project, items, total } = message
  return {
    type: TYPE[action],
    timestamp: at,
    data: {
      summary: headline(message, 200),
      project: project.slug,
      total,
      url: queueLink(message),
      exceptions: items.map((item) => ({
        id: item.exception,
        kind: item.kind,
        severity: item.severity,
        fingerprint: item.fingerprint,
        rule: item.rule,
        rule_words: ruleOf(item),
        workflow: short(item.workflow),
        step: short(item.step),
        reason: reasonOf(item),
        observed: short(item.observed),
        limit: short(item.limit),
        unit: short(item.unit),
        raised_at: item.raisedAt,
        escalation: item.level,
        run: item.run && {
          id: plain(item.run.id, 256),
          cost: item.run.cost,
          unpriced_calls: item.run.unpriced,
          currency: project.currency,
        },
        url: linkOf(message, item),
      })),
    },
  }
}

const short = (text: string | null) => (text === null ? null : plain(text, NAME_SHOWN))

/** As Alertmanager sends it to its receivers, version 4. */
function alertmanager(message: Message): object {
  const { action, items, total, origin, project } = message
  const status = action === "resolve" || action === "test" ? "resolved" : "firing"
  const alerts = items.length > 0 ? items.map((item) => alertOf(message, item, status)) : [testOf(message)]
  const project_label = { project: project.slug }
  return {
    version: "4",
    groupKey: `{}:{project=${JSON.stringify(project.slug)}}`,
    truncatedAlerts: Math.max(0, total - items.length),
    status,
    receiver: "andon",
    groupLabels: project_label,
    commonLabels: project_label,
    commonAnnotations: {},
    externalURL: origin,
    alerts,
  }
}

const NOT_YET = "0001-01-01T00:00:00Z"
const label = (text: string | null) => plain(text ?? "", NAME_SHOWN)

function alertOf(message: Message, item: AlertItem, status: string): object {
  const one = { ...message, items: [item], total: 1 }
  const labels = {
    alertname: `andon_${item.kind}`,
    severity: item.severity,
    project: message.project.slug,
    rule: label(item.rule),
    workflow: label(item.workflow),
    step: label(item.step),
  }
  return {
    status,
    labels: Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== "")),
    annotations: { summary: headline(one, 200), description: reasonOf(item) ?? "" },
    startsAt: item.raisedAt,
    endsAt: status === "resolved" ? item.at : NOT_YET,
    generatorURL: linkOf(message, item),
    fingerprint: item.fingerprint.slice(0, 16),
  }
}

function testOf(message: Message): object {
  return {
    status: "resolved",
    labels: { alertname: "andon_test", severity: "low", project: message.project.slug },
    annotations: { summary: headline(message, 200), description: "" },
    startsAt: message.at,
    endsAt: message.at,
    generatorURL: message.origin,
    fingerprint: "0000000000000000",
  }
}

/**
 * Headers of Standard Webhooks: the id is the same on every try, the signature is over id, time and the very bytes sent, one for each key in force.
 * @param seconds now, Unix time. @param keys `whsec_` and base64.
 */
export function webhookHeaders(
  id: string,
  seconds: number,
  body: string,
  keys: readonly string[],
): Record<string, string> {
  const signatures = keys.map((key) => {
    const secret = Buffer.from(key.replace(/^whsec_/, ""), "base64")
    return `v1,${createHmac("sha256", secret).update(`${id}.${seconds}.${body}`).digest("base64")}`
  })
  return { "webhook-id": id, "webhook-timestamp": String(seconds), "webhook-signature": signatures.join(" ") }
}
