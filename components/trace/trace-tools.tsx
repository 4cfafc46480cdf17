"use client"

import { type RefObject, useEffect } from "react"
import { isTyping } from "@/components/frame/keys"
import { Icon } from "@/components/ui/icon"
import { formatCount } from "@/lib/format"

export type TraceTool = {
  key: string
  word: string
  title: string
  act: () => void
  isPressed?: boolean
  isDisabled?: boolean
}

type TraceToolsProps = {
  tools: readonly TraceTool[]
  words: string
  setWords: (words: string) => void
  /** Which of the found spans the cursor is on, from 0; -1 for none. */
  place: number
  found: number
  step: (by: 1 | -1) => void
  input: RefObject<HTMLInputElement | null>
}

/** Search inside the run, and the ways to what matters in it. Each has its key. */
export function TraceTools({ tools, words, setWords, place, found, step, input }: TraceToolsProps) {
  useTraceKeys(tools, found, step, input)
  return (
    <div className="trace-tools">
      <search className="trace-search">
        <Icon name="retrieval" size={14} />
        <input
          ref={input}
          type="search"
          aria-label="Search in this run"
          placeholder="Search in this run"
          title="Name, model, step, error or id (s)"
          maxLength={200}
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") step(event.shiftKey ? -1 : 1)
            if (event.key === "Escape") {
              event.stopPropagation()
              if (words === "") event.currentTarget.blur()
              else setWords("")
            }
          }}
        />
        <span role="status" className="text-label text-ink-10 whitespace-nowrap">
          {words.trim() === ""
            ? ""
            : found === 0
              ? "none"
              : `${place < 0 ? "" : `${formatCount(place + 1)} of `}${formatCount(found)}`}
        </span>
      </search>
      {tools.map((tool) => (
        <button
          key={tool.key}
          type="button"
          className="button button-quiet"
          title={`${tool.title} (${tool.key})`}
          aria-pressed={tool.isPressed}
          disabled={tool.isDisabled}
          onClick={tool.act}
        >
          {tool.word}
        </button>
      ))}
    </div>
  )
}

/** Keys of the whole page; silent while somebody types, holds a modifier or has a dialog open. */
function useTraceKeys(
  tools: readonly TraceTool[],
  found: number,
  step: (by: 1 | -1) => void,
  input: RefObject<HTMLInputElement | null>,
) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      if (document.querySelector("dialog:modal")) return
      const tool = tools.find(({ key, isDisabled }) => key === event.key && !isDisabled)
      if (tool) tool.act()
      else if (event.key === "s") input.current?.focus()
      else if ((event.key === "n" || event.key === "N") && found > 0) step(event.key === "n" ? 1 : -1)
      else return
      event.preventDefault()
    }
    window.addEventListener("keydown", onKey)
    return () => window.removeEventListener("keydown", onKey)
  }, [tools, found, step, input])
}
