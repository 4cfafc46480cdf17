"use client"

import { useState } from "react"
import type { Chat } from "@/components/trace/chat"
import type { ChatPart, Json } from "@/components/trace/chat-part"
import { JsonTree } from "@/components/trace/json-tree"
import { LongText } from "@/components/trace/long-text"
import { asText, isBranch } from "@/components/trace/payload"
import { formatCount, plural } from "@/lib/format"

/** A long conversation shows how it began and how it ended. */
const FIRST = 2
const LAST = 10
/** Of one message; the text view has the whole at once. */
const SHOWN = 4000

/** Who said what, in order. Text is text: no markup is read, no link made, no image fetched. */
export function ChatView({ chat, of }: { chat: Chat; of: string }) {
  const { messages, rest } = chat
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
            {message.ending ? <p className="text-label text-alarm">{message.ending}</p> : null}
            {message.rest ? <Rest rest={message.rest} of="message" /> : null}
          </li>
        )
      })}
      {rest ? (
        <li>
          <Rest rest={rest} of={of} />
        </li>
      ) : null}
    </ol>
  )
}

const WORD = { call: "calls", result: "result of", other: "part, not shown as text:" } as const

function Part({ part }: { part: ChatPart }) {
  return (
    <>
      <What part={part} />
      {part.rest ? (
        <Rest rest={part.rest} of={part.kind === "call" || part.kind === "result" ? part.kind : "part"} />
      ) : null}
    </>
  )
}

function What({ part }: { part: ChatPart }) {
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
      {isBranch(value) ? (
        <JsonTree value={value} label={part.name} />
      ) : value === undefined ? null : (
        <LongText text={asText(value)} label={part.name} />
      )}
    </div>
  )
}

const NAMED = 6

/** What a conversation does not show of the payload: named, counted where it is a list, and one press away. */
function Rest({ rest, of }: { rest: Json; of: string }) {
  const [isOpen, setIsOpen] = useState(false)
  const names = Object.keys(rest)
  const named = names
    .slice(0, NAMED)
    .map((name) => {
      const value = rest[name]
      return Array.isArray(value) ? `${name} (${formatCount(value.length)})` : name
    })
    .join(", ")
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="chat-part chat-rest">
        also in the {of}: {named}
        {names.length > NAMED ? ` and ${formatCount(names.length - NAMED)} more` : ""}
      </summary>
      {isOpen ? <JsonTree value={rest} label={`What else is in the ${of}`} /> : null}
    </details>
  )
}
