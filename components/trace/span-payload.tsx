"use client"

import { useState } from "react"
import { readChat } from "@/components/trace/chat"
import { ChatView } from "@/components/trace/chat-view"
import { JsonTree } from "@/components/trace/json-tree"
import { LongText } from "@/components/trace/long-text"
import { asStructure, asText, lastOf } from "@/components/trace/payload"
import { SpanEvents } from "@/components/trace/span-events"
import { Segmented } from "@/components/ui/segmented"
import type { SpanDetail } from "@/lib/contracts/read"

/** What went in and came out, as a conversation, a structure or plain text, and the events that said so. */
export function SpanPayload({ run, span }: { run: string | null; span: SpanDetail }) {
  const bodies = span.events.map((event) => event.body)
  const error = lastOf(bodies, "error")
  return (
    <>
      <Payload title="Input" value={lastOf(bodies, "input")} />
      <Payload title="Output" value={lastOf(bodies, "output")} />
      {error !== null && typeof error === "object" ? <Payload title="Error" value={error} /> : null}
      <Payload title="Attributes" value={lastOf(bodies, "attributes")} />
      <SpanEvents run={run} span={span} />
    </>
  )
}

type View = "chat" | "json" | "text"
const WORDS: Record<View, string> = { chat: "Chat", json: "JSON", text: "Text" }

function Payload({ title, value }: { title: string; value: unknown }) {
  const structure = asStructure(value)
  const messages = structure ? readChat(structure) : null
  const views: View[] = [...(messages ? ["chat" as const] : []), ...(structure ? ["json" as const] : []), "text"]
  const [chosen, setChosen] = useState<View | null>(null)
  if (value === undefined || value === null) return null
  const view = chosen ?? views[0]
  return (
    <section className="border-b border-line" aria-label={title}>
      <header className="flex min-h-10 items-center px-4 pt-1">
        <h3 className="text-label text-ink-10">{title}</h3>
        {views.length > 1 ? (
          <Segmented
            label={`${title} as`}
            value={view ?? "text"}
            options={views.map((one) => [one, WORDS[one]] as const)}
            onChange={setChosen}
            className="ml-auto"
          />
        ) : null}
      </header>
      {view === "chat" && messages ? (
        <ChatView messages={messages} />
      ) : view === "json" && structure ? (
        <JsonTree value={structure} label={title} />
      ) : (
        <LongText text={structure ? asText(structure) : asText(value)} label={title.toLowerCase()} />
      )}
    </section>
  )
}
