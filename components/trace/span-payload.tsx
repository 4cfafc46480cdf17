"use client"

import { useState } from "react"
import { When } from "@/components/ui/figures"
import type { SpanDetail } from "@/lib/contracts/read"
import { formatCount } from "@/lib/format"

const SHOWN = 20_000

/** What went in and came out, as plain text: nothing in it is ever read as markup, links are not made, images not fetched. */
export function SpanPayload({ span }: { span: SpanDetail }) {
  const bodies = span.events.map((event) => event.body)
  return (
    <>
      <Payload title="Input" value={lastOf(bodies, "input")} />
      <Payload title="Output" value={lastOf(bodies, "output")} />
      <details className="p-4">
        <summary className="cursor-pointer text-label text-ink-11">
          {span.events.length === 0
            ? "No event is shown"
            : `Events as they were taken (${formatCount(span.events.length)})`}
        </summary>
        {span.events.length === 0 ? (
          <p className="pt-2 text-label text-ink-11">
            Events older than the retention, and those that your role does not read, are not here.
          </p>
        ) : null}
        {span.events.map((event) => (
          <div key={event.id} className="pt-3">
            <p className="text-label text-ink-11">
              {event.type} <code>{event.id}</code>, received <When at={event.received_at} />
            </p>
            <Text text={asText(event.body)} />
          </div>
        ))}
      </details>
    </>
  )
}

function Payload({ title, value }: { title: string; value: unknown }) {
  if (value === undefined || value === null) return null
  return (
    <section className="border-b border-line" aria-label={title}>
      <h3 className="px-4 pt-3 text-label text-ink-10">{title}</h3>
      <Text text={asText(value)} />
    </section>
  )
}

function Text({ text }: { text: string }) {
  const [isWhole, setIsWhole] = useState(false)
  const isLong = text.length > SHOWN
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard */}
      <pre className="payload" tabIndex={0}>
        {isLong && !isWhole ? text.slice(0, SHOWN) : text}
      </pre>
      {isLong && !isWhole ? (
        <p className="px-4 pb-3">
          <button type="button" className="button" onClick={() => setIsWhole(true)}>
            Show all {formatCount(text.length)} characters
          </button>
        </p>
      ) : null}
    </>
  )
}

/** The last event that carries the field wins, as in the ledger. */
function lastOf(bodies: readonly unknown[], field: string): unknown {
  for (const body of bodies.toReversed())
    if (typeof body === "object" && body !== null && field in body) return (body as Record<string, unknown>)[field]
  return undefined
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2)
}
