"use client"

import { useState } from "react"
import type { ChatMessage, ChatPart } from "@/components/trace/chat"
import { JsonTree } from "@/components/trace/json-tree"
import { LongText } from "@/components/trace/long-text"
import { asText } from "@/components/trace/payload"
import { formatCount, plural } from "@/lib/format"

/** A long conversation shows how it began and how it ended. */
const FIRST = 2
const LAST = 10
/** Of one message; the text view has the whole at once. */
const SHOWN = 4000

/** Who said what, in order. Text is text: no markup is read, no link made, no image fetched. */
export function ChatView({ messages }: { messages: readonly ChatMessage[] }) {
  const [isWhole, setIsWhole] = useState(messages.length <= FIRST + LAST + 1)
  const left = isWhole ? [] : messages.slice(FIRST, -LAST)
  return (
    <ol className="chat">
      {messages.map((message, i) => {
        if (!isWhole && i === FIRST)
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: messages have no id and never change their order
            <li key={i} className="text-label text-ink-11">
              {plural(left.length, "message")} between are not shown, {formatCount(messages.length)} in all.{" "}
              <button type="button" className="link" onClick={() => setIsWhole(true)}>
                Show all
              </button>
            </li>
          )
        if (!isWhole && i > FIRST && i < messages.length - LAST) return null
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: messages have no id and never change their order
          <li key={i} data-role={message.role}>
            <p className="chat-role">
              {message.role}
              {message.name ? <span className="text-ink-10"> {message.name}</span> : null}
            </p>
            {message.parts.length === 0 ? <p className="text-label text-ink-10">nothing</p> : null}
            {message.parts.map((part, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <Part key={n} part={part} />
            ))}
          </li>
        )
      })}
    </ol>
  )
}

const WORD = { call: "calls", result: "result of", other: "part, not shown as text:" } as const

function Part({ part }: { part: ChatPart }) {
  if (part.kind === "text") return <LongText text={part.text} label="the message" shown={SHOWN} />
  if (part.kind === "thought")
    return (
      <details>
        <summary className="chat-part">thought, {plural(part.text.length, "character")}</summary>
        <LongText text={part.text} label="the thought" />
      </details>
    )
  const { value } = part
  return (
    <div>
      <p className="chat-part" title={part.kind === "other" ? undefined : (part.id ?? undefined)}>
        {part.kind === "result" && part.name === "result" ? (
          "result"
        ) : (
          <>
            {WORD[part.kind]} <code>{part.name}</code>
          </>
        )}
      </p>
      {typeof value === "object" && value !== null ? (
        <JsonTree value={value} label={part.name} />
      ) : value === undefined ? null : (
        <LongText text={asText(value)} label={part.name} />
      )}
    </div>
  )
}
