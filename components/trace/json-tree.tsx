"use client"

import { useState } from "react"
import { LongText } from "@/components/trace/long-text"
import { entriesOf, isBranch, leafText } from "@/components/trace/payload"
import { Icon } from "@/components/ui/icon"
import { formatCount, plural } from "@/lib/format"

/** Children of one node that are drawn, and how many each press brings. */
const PAGE = 200
const LINE = 160
const OPEN_LEVELS = 2
const OPEN_CHILDREN = 20

/** A structure, folded below its second level; what is folded is not drawn, what is long is counted. */
export function JsonTree({ value, label }: { value: object; label: string }) {
  return (
    <ul className="json-tree" aria-label={label}>
      <Children value={value} level={0} />
    </ul>
  )
}

function Children({ value, level }: { value: object; level: number }) {
  const [limit, setLimit] = useState(PAGE)
  const { entries, count } = entriesOf(value, limit)
  return (
    <>
      {entries.map(({ key, value: child }) => (
        <JsonNode key={key} name={key} value={child} level={level} isItem={Array.isArray(value)} />
      ))}
      {count > entries.length ? (
        <li className="text-label text-ink-11">
          Shows {formatCount(entries.length)} of {plural(count, "item")}.{" "}
          <button type="button" className="link" onClick={() => setLimit(limit + PAGE)}>
            Show {formatCount(Math.min(PAGE, count - entries.length))} more
          </button>
        </li>
      ) : null}
      {count === 0 ? <li className="text-label text-ink-10">empty</li> : null}
    </>
  )
}

type JsonNodeProps = { name: string; value: unknown; level: number; isItem: boolean }

function JsonNode({ name, value, level, isItem }: JsonNodeProps) {
  const count = isBranch(value) ? entriesOf(value, 0).count : 0
  const [isOpen, setIsOpen] = useState(isBranch(value) && level < OPEN_LEVELS && count <= OPEN_CHILDREN)
  const [isLong, setIsLong] = useState(false)
  const key = <span className={isItem ? "text-ink-10" : "json-key"}>{name}</span>
  if (isBranch(value))
    return (
      <li>
        <button type="button" className="json-fold" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          <Icon name="right" size={12} />
          {key}
          <span className="text-ink-10 whitespace-nowrap">
            {Array.isArray(value) ? `[${formatCount(count)}]` : `{${formatCount(count)}}`}
          </span>
        </button>
        {isOpen ? (
          <ul>
            <Children value={value} level={level + 1} />
          </ul>
        ) : null}
      </li>
    )
  if (typeof value === "string" && (value.length > LINE || value.includes("\n")))
    return (
      <li>
        <button type="button" className="json-fold" aria-expanded={isLong} onClick={() => setIsLong(!isLong)}>
          <Icon name="right" size={12} />
          {key}
          <span className="min-w-0 truncate">{JSON.stringify(value.slice(0, LINE))}</span>
          <span className="text-ink-10 whitespace-nowrap">{plural(value.length, "character")}</span>
        </button>
        {isLong ? <LongText text={value} label={name} /> : null}
      </li>
    )
  return (
    <li className="json-leaf">
      {key}
      <span className={typeof value === "string" ? "json-text" : "json-value"}>{leafText(value)}</span>
    </li>
  )
}
