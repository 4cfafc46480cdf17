"use client"

import { useMemo } from "react"
import { readChat } from "@/components/trace/chat"
import { ChatView } from "@/components/trace/chat-view"
import { JsonTree } from "@/components/trace/json-tree"
import { LongText } from "@/components/trace/long-text"
import { asStructure, lastOf, textOf } from "@/components/trace/payload"
import { SpanEvents } from "@/components/trace/span-events"
import { usePayloadView } from "@/components/trace/use-payload-view"
import { Copy } from "@/components/ui/copy-button"
import { Segmented } from "@/components/ui/segmented"
import type { SpanDetail } from "@/lib/contracts/read"

/** What went in and came out, as a conversation, a structure or plain text, and the events that said so. */
export function SpanPayload({ run, span }: { run: string | null; span: SpanDetail }) {
  const bodies = span.events.map((event) => event.body)
  const error = lastOf(bodies, "error")
  return (
    <>
      <Payload title="Input" param="in" value={lastOf(bodies, "input")} />
      <Payload title="Output" param="out" value={lastOf(bodies, "output")} />
      {error !== null && typeof error === "object" ? <Payload title="Error" param="err" value={error} /> : null}
      <Payload title="Attributes" param="attr" value={lastOf(bodies, "attributes")} />
      <SpanEvents run={run} span={span} />
    </>
  )
}

type View = "chat" | "json" | "text"
const WORDS: Record<View, string> = { chat: "Chat", json: "JSON", text: "Text" }

type PayloadProps = { title: string; param: string; value: unknown }

function Payload({ title, param, value }: PayloadProps) {
  const read = useMemo(() => {
    const structure = asStructure(value)
    return { structure, chat: structure ? readChat(structure) : null, text: textOf(value, structure) }
  }, [value])
  const [chosen, choose] = usePayloadView(param)
  if (value === undefined || value === null) return null
  const { structure, chat, text } = read
  const views: View[] = [...(chat ? ["chat" as const] : []), ...(structure ? ["json" as const] : []), "text"]
  const view = views.find((one) => one === chosen) ?? views[0] ?? "text"
  const name = title.toLowerCase()
  return (
    <section className="border-b border-line" aria-label={title}>
      <header className="flex min-h-10 items-center gap-2 px-4 pt-1">
        <h3 className="text-label text-ink-10">{title}</h3>
        {views.length > 1 ? (
          <Segmented
            label={`${title} as`}
            value={view}
            options={views.map((one) => [one, WORDS[one]] as const)}
            onChange={choose}
            className="ml-auto"
          />
        ) : null}
        {text === "" ? null : (
          <span className={views.length > 1 ? undefined : "ml-auto"}>
            <Copy text={text} label={`Copy the whole ${name}`} />
          </span>
        )}
      </header>
      {view === "chat" && chat ? (
        <ChatView chat={chat} of={name} />
      ) : view === "json" && structure ? (
        <JsonTree value={structure} label={title} />
      ) : text === "" ? (
        <p className="px-4 pb-3 text-label text-ink-10">An empty text.</p>
      ) : (
        <LongText text={text} label={name} isCopied={false} />
      )}
    </section>
  )
}
