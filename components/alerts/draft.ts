import { type ChannelKind, PAGERDUTY_REGIONS, WEBHOOK_FORMATS } from "@/lib/alert-vocabulary"
import type { ChannelChange, ChannelInput } from "@/lib/contracts/alerts"
import { EXCEPTION_KINDS, SEVERITIES } from "@/lib/vocabulary"

/** Fields that say themselves what is refused about them; the rest is said below the form. */
export const FIELDS = ["name", "url", "routing_key", "to", "workflows"]

type Draft = { input: ChannelInput; change: Omit<ChannelChange, "version"> }

/** What a form says, as a new channel and as a change: in a change an address or key that was not typed stays as it is. */
export function draftOf(kind: ChannelKind, form: FormData): Draft {
  const text = (name: string) => String(form.get(name) ?? "").trim()
  const among = <T extends string>(name: string, words: readonly T[], otherwise: T): T =>
    words.find((word) => word === text(name)) ?? otherwise
  const lines = (name: string) =>
    [
      ...new Set(
        text(name)
          .split(/\r?\n/)
          .map((line) => line.trim()),
      ),
    ].filter(Boolean)
  const level = text("escalation_level")
  const escalation_level: 0 | 1 | 2 = level === "1" ? 1 : level === "2" ? 2 : 0
  const kinds = EXCEPTION_KINDS.filter((one) => form.get(`kind-${one}`) === "on")
  const routing = {
    name: text("name"),
    min_severity: among("min_severity", SEVERITIES, "high"),
    // All of them means all there will be, too.
    kinds: kinds.length === EXCEPTION_KINDS.length ? [] : kinds,
    workflows: lines("workflows"),
    escalation_level,
  }
  const typed = <K extends string>(name: K): { [key in K]?: string } =>
    text(name) === "" ? {} : ({ [name]: text(name) } as { [key in K]?: string })
  const url = text("url")
  switch (kind) {
    case "slack":
      return { input: { kind, ...routing, url }, change: { ...routing, ...typed("url") } }
    case "pagerduty": {
      const region = among("region", PAGERDUTY_REGIONS, "us")
      return {
        input: { kind, ...routing, routing_key: text("routing_key"), region },
        change: { ...routing, region, ...typed("routing_key") },
      }
    }
    case "webhook": {
      const body_format = among("body_format", WEBHOOK_FORMATS, "andon")
      const rotates = form.get("rotate_secret") === "on" ? ({ rotate_secret: true } as const) : {}
      return {
        input: { kind, ...routing, url, body_format },
        change: { ...routing, body_format, ...typed("url"), ...rotates },
      }
    }
    case "email": {
      const to = [...new Set(text("to").split(/[\s,;]+/))].filter(Boolean)
      return { input: { kind, ...routing, to }, change: { ...routing, ...(to.length === 0 ? {} : { to }) } }
    }
    default:
      return kind satisfies never
  }
}
