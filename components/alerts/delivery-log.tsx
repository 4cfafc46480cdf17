"use client"

import { useInfiniteQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { DeliveryLine } from "@/components/alerts/delivery-line"
import { deliveriesQuery, logOf } from "@/components/data/alerts"
import { withQuery } from "@/components/data/http"
import { useAddress } from "@/components/data/use-address"
import { useParam } from "@/components/data/use-filters"
import { useScope } from "@/components/frame/project"
import { Choose } from "@/components/ui/choose"
import { FilteredOut, Panel } from "@/components/ui/panel"
import { ShowMore } from "@/components/ui/show-more"
import { DELIVERY_STATES } from "@/lib/alert-vocabulary"
import type { Channel } from "@/lib/contracts/alerts"
import { DELIVERY_LIGHTS } from "@/lib/lights"

/** Every message, newest first, with each try and what was answered. What it shows is in the address. */
export function DeliveryLog({ channels }: { channels: readonly Channel[] }) {
  const { slug } = useScope()
  const [params, push] = useAddress()
  const of = useMemo(() => logOf(Object.fromEntries(params)), [params])
  const [, setChannel] = useParam("channel")
  const [, setDelivery] = useParam("delivery")
  const query = useInfiniteQuery(deliveriesQuery(slug, of))
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data])
  const isNarrowed = of.channel !== null || of.state !== null || of.exception !== null
  const clear = () => {
    const next = new URLSearchParams(params)
    for (const name of ["channel", "delivery", "exception"]) next.delete(name)
    push(withQuery(window.location.pathname, next.toString()))
  }
  const ofChannel = channels.map(({ id, name }) => [String(id), name] as const)
  // The address may name one that is gone; its messages are kept.
  const isGone = of.channel !== null && !ofChannel.some(([id]) => id === of.channel)
  return (
    <Panel
      title="What was sent"
      query={{ ...query, data: rows, isPlaceholderData: false }}
      minHeight={240}
      isEmpty={(list) => list.length === 0}
      empty={
        isNarrowed ? (
          <FilteredOut what="messages" filters="this channel, state and exception" clear={clear} />
        ) : (
          <p className="text-ink-11">Nothing was sent yet. Each message will stand here with every try.</p>
        )
      }
      actions={
        <div className="delivery-filters">
          {of.exception === null ? null : (
            <button type="button" className="chip" onClick={clear}>
              exception {of.exception}, show all
            </button>
          )}
          <Choose
            label="Channel"
            value={of.channel ?? ""}
            options={[["", "all"], ...ofChannel, ...(isGone ? [[of.channel ?? "", "a removed one"] as const] : [])]}
            onChange={(value) => setChannel(value || null)}
          />
          <Choose
            label="State"
            value={of.state ?? ""}
            options={[["", "all"], ...DELIVERY_STATES.map((state) => [state, DELIVERY_LIGHTS[state].word] as const)]}
            onChange={(value) => setDelivery(value || null)}
          />
        </div>
      }
    >
      {(list) => (
        <>
          <ul>
            {list.map((delivery) => (
              <li key={delivery.id} className="border-b border-line last:border-b-0">
                <DeliveryLine delivery={delivery} />
              </li>
            ))}
          </ul>
          <ShowMore query={query} />
        </>
      )}
    </Panel>
  )
}
