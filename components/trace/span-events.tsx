"use client"

import { useInfiniteQuery } from "@tanstack/react-query"
import { useState } from "react"
import { spanEventsQuery } from "@/components/data/run"
import { useScope } from "@/components/frame/project"
import { JsonTree } from "@/components/trace/json-tree"
import { LongText } from "@/components/trace/long-text"
import { asText } from "@/components/trace/payload"
import { usePayloadView } from "@/components/trace/use-payload-view"
import { When } from "@/components/ui/figures"
import { Failure } from "@/components/ui/panel"
import { Segmented } from "@/components/ui/segmented"
import type { SpanDetail, SpanEvent } from "@/lib/contracts/read"
import { formatCount } from "@/lib/format"

/** The events that the span was made of, as they were taken. The first come with the span, the rest page by page. */
export function SpanEvents({ run, span }: { run: string | null; span: SpanDetail }) {
  const { slug } = useScope()
  const [isAll, setIsAll] = useState(false)
  const [chosen, setView] = usePayloadView("events")
  const view = chosen === "text" ? "text" : "json"
  const more = useInfiniteQuery({ ...spanEventsQuery(slug, run ?? "", span.id), enabled: isAll && run !== null })
  const events = more.data?.pages.flatMap((page) => page.items) ?? span.events
  const hasMore = more.data ? more.hasNextPage : span.event_count > events.length && events.length > 0
  return (
    <details className="p-4">
      <summary className="cursor-pointer text-label text-ink-11">
        {events.length === 0 ? "No event is shown" : `Events as they were taken (${formatCount(span.event_count)})`}
      </summary>
      {events.length === 0 ? (
        <p className="pt-2 text-label text-ink-11">
          It was made of {formatCount(span.event_count)}. Events older than the retention, and those that your role does
          not read, are not here.
        </p>
      ) : (
        <Segmented
          label="Events as"
          value={view}
          options={[
            ["json", "JSON"],
            ["text", "Text"],
          ]}
          onChange={setView}
          className="mt-2"
        />
      )}
      {events.map((event) => (
        <Event key={event.id} event={event} view={view} />
      ))}
      {more.error ? (
        <Failure what="The other events" error={more.error} retry={() => void more.refetch()} />
      ) : hasMore && run !== null ? (
        <p className="pt-3 text-label text-ink-11">
          Shows {formatCount(events.length)} of {formatCount(span.event_count)} events.{" "}
          <button
            type="button"
            className="link"
            disabled={more.isFetching}
            onClick={() => (isAll ? void more.fetchNextPage() : setIsAll(true))}
          >
            {more.isFetching ? "Reading more" : "Show more"}
          </button>
        </p>
      ) : null}
    </details>
  )
}

function Event({ event, view }: { event: SpanEvent; view: "json" | "text" }) {
  const { body } = event
  return (
    <div className="pt-3">
      <p className="break-words text-label text-ink-11">
        {event.type} <code>{event.id}</code>, received <When at={event.received_at} />
      </p>
      {body === null || body === undefined ? (
        <p className="text-label text-ink-10">Your role does not read what it carried.</p>
      ) : view === "json" && typeof body === "object" ? (
        <JsonTree value={body} label={`Event ${event.id}`} />
      ) : (
        <LongText text={asText(body)} label="the event" />
      )}
    </div>
  )
}
