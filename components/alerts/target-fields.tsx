"use client"

import { Field, Select } from "@/components/ui/field"
import type { ChannelKind } from "@/lib/alert-vocabulary"
import type { Channel } from "@/lib/contracts/alerts"

type TargetFieldsProps = {
  kind: ChannelKind
  channel: Channel | null
  /** What the server refuses about a field. */
  refused: (field: string) => string | null
}

/** Where a channel leads. Of one that stands, empty keeps what is there. */
export function TargetFields({ kind, channel, refused }: TargetFieldsProps) {
  const kept = channel ? `Leave empty to keep ${channel.target}. ` : ""
  const isRequired = channel === null
  switch (kind) {
    case "slack":
      return (
        <Field
          label="Address of the incoming webhook"
          name="url"
          autoComplete="off"
          isRequired={isRequired}
          hint={`${kept}Made in Slack under Apps, Incoming Webhooks: https://hooks.slack.com/services/…`}
          error={refused("url")}
        />
      )
    case "pagerduty":
      return (
        <>
          <Field
            label="Integration key"
            name="routing_key"
            autoComplete="off"
            isRequired={isRequired}
            hint={`${kept}Of an Events API v2 integration of the service: 32 letters and digits.`}
            error={refused("routing_key")}
          />
          <Select
            label="Region"
            name="region"
            value={channel?.region ?? "us"}
            options={[
              ["us", "United States"],
              ["eu", "Europe"],
            ]}
          />
        </>
      )
    case "webhook":
      return (
        <>
          <Field
            label="Address"
            name="url"
            autoComplete="off"
            isRequired={isRequired}
            hint={`${kept}Https, reachable from the internet. Signed as Standard Webhooks says.`}
            error={refused("url")}
          />
          <Select
            label="Body"
            name="body_format"
            value={channel?.body_format ?? "andon"}
            options={[
              ["andon", "Andon's own"],
              ["alertmanager", "As Alertmanager sends it"],
            ]}
          />
          {channel ? (
            <label className="flex min-h-8 items-center gap-2 text-table">
              <input type="checkbox" name="rotate_secret" />
              Make a new signing secret; the old one signs beside it for 24 hours
            </label>
          ) : null}
        </>
      )
    case "email":
      return (
        <Field
          label="To"
          name="to"
          autoComplete="off"
          isRequired={isRequired}
          hint={`${kept}Up to 20 addresses, with a comma between them.`}
          error={refused("to")}
        />
      )
    default:
      return kind satisfies never
  }
}
