import type { PagerdutyRegion } from "@/lib/alert-vocabulary"
import type { Severity } from "@/lib/vocabulary"
import { type AlertItem, factsOf, headline, linkOf, type Message, plain } from "./message"

export const PAGERDUTY_URLS: Record<PagerdutyRegion, string> = {
  us: "https://events.pagerduty.com/v2/enqueue",
  eu: "https://events.eu.pagerduty.com/v2/enqueue",
}

const SEVERITY: Record<Severity, string> = { critical: "critical", high: "error", low: "warning" }

/** The same trouble is the same incident, also when it comes back: by installation, project and fingerprint. */
function dedupKey({ origin, project }: Message, item: AlertItem): string {
  return plain(`andon/${new URL(origin).host}/${project.slug}/${item.fingerprint}`, 255)
}

/** What to post, in order. A test opens an incident and closes it. */
export function pagerdutyBodies(message: Message, routingKey: string): object[] {
  const { action, items, project, origin } = message
  const [item] = items
  const head = { routing_key: routingKey, client: "Andon", client_url: origin }
  const source = new URL(origin).host
  if (!item) {
    const test = { ...head, dedup_key: plain(`andon/${source}/${project.slug}/${message.id}`, 255) }
    const payload = { summary: headline(message, 1_024), source, severity: "info", timestamp: message.at }
    return [
      { ...test, event_action: "trigger", payload },
      { ...test, event_action: "resolve" },
    ]
  }
  const dedup_key = dedupKey(message, item)
  if (action === "resolve") return [{ ...head, dedup_key, event_action: "resolve" }]
  return [
    {
      ...head,
      dedup_key,
      event_action: "trigger",
      payload: {
        summary: headline(message, 1_024),
        source,
        severity: SEVERITY[item.severity],
        timestamp: item.raisedAt,
        component: plain(item.workflow ?? "", 200) || undefined,
        group: project.slug,
        class: item.kind,
        custom_details: {
          ...Object.fromEntries(factsOf(item, project)),
          ...(item.reason === null ? {} : { Reason: plain(item.reason, 1_000) }),
        },
      },
      links: [{ href: linkOf(message, item), text: "Open exception" }],
    },
  ]
}
