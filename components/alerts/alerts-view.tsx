"use client"

import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { ChannelForm } from "@/components/alerts/channel-form"
import { ChannelRow } from "@/components/alerts/channel-row"
import { DeliveryLog } from "@/components/alerts/delivery-log"
import { NoDataForm } from "@/components/alerts/no-data-form"
import { alertsSentence } from "@/components/alerts/words"
import { channelsQuery } from "@/components/data/alerts"
import { useScope } from "@/components/frame/project"
import { useClock } from "@/components/ui/clock"
import { Copy } from "@/components/ui/copy-button"
import { Panel } from "@/components/ui/panel"
import type { Channel, ChannelSaved } from "@/lib/contracts/alerts"
import { formatInstant } from "@/lib/format"

/** Who is told of exceptions, whether it works, and every message with what was answered. */
export function AlertsView() {
  const { slug } = useScope()
  const { now, zone } = useClock()
  const query = useQuery(channelsQuery(slug))
  const [form, setForm] = useState<"new" | Channel | null>(null)
  const [saved, setSaved] = useState<ChannelSaved | null>(null)
  const { data } = query
  return (
    <>
      <h1 className="text-title wrap-anywhere">
        {data ? alertsSentence(data.items, (at) => formatInstant(at, zone, now)) : "Alerts"}
      </h1>
      {saved?.signing_secret ? <Secret name={saved.channel.name} secret={saved.signing_secret} /> : null}
      <Panel
        title="Channels"
        query={query}
        minHeight={240}
        isEmpty={(list) => list.items.length === 0}
        empty={
          <p className="max-w-[60ch] text-ink-11">
            A channel tells Slack, PagerDuty, a webhook or people by e-mail when an exception is raised, comes back,
            waits too long for somebody to look, or is over. Make one, then press Test.
          </p>
        }
        actions={
          data ? (
            <button type="button" className="button button-quiet" onClick={() => setForm("new")}>
              New channel
            </button>
          ) : null
        }
      >
        {(list) => (
          <ul className="channel-list">
            {list.items.map((channel) => (
              <li key={channel.id}>
                <ChannelRow channel={channel} edit={() => setForm(channel)} />
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <NoDataForm key={data?.no_data_minutes ?? "never"} minutes={data?.no_data_minutes ?? null} isKnown={!!data} />
      <DeliveryLog channels={data?.items ?? []} />
      {form !== null && data ? (
        <ChannelForm
          channel={form === "new" ? null : form}
          newest={form === "new" ? null : (data.items.find(({ id }) => id === form.id) ?? null)}
          hasMail={data.has_mail}
          saved={(answer) => answer.signing_secret && setSaved(answer)}
          close={() => setForm(null)}
        />
      ) : null}
    </>
  )
}

function Secret({ name, secret }: { name: string; secret: string }) {
  return (
    <section className="verdict bg-verified-tint" aria-label="The signing secret" role="status">
      <div className="flex min-w-0 flex-col items-start gap-2">
        <p className="wrap-anywhere">
          <strong>{name}</strong>: the receiver checks our signature with this. Copy it now, it is shown this once.
        </p>
        <code className="break-all select-all">{secret}</code>
        <Copy text={secret} label="Copy the secret" isQuiet={false} />
      </div>
    </section>
  )
}
