"use client"

import { useState } from "react"
import { lengthBeforeCut } from "@/components/trace/payload"
import { Copy } from "@/components/ui/copy-button"
import { formatCount } from "@/lib/format"

const SHOWN = 20_000

type LongTextProps = {
  text: string
  label: string
  shown?: number
  /** False where what stands around it has the button that copies it. */
  isCopied?: boolean
}

/** Text as it is: nothing in it is ever read as markup. What is left out is counted, with the way to it. */
export function LongText({ text, label, shown = SHOWN, isCopied = true }: LongTextProps) {
  const [isWhole, setIsWhole] = useState(false)
  const isCut = text.length > shown && !isWhole
  const sent = lengthBeforeCut(text)
  return (
    <div className="long-text">
      {isCopied ? (
        <span className="long-text-copy">
          <Copy text={text} label={`Copy ${label}`} />
        </span>
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard */}
      <pre className="payload" tabIndex={0} dir="auto">
        {isCut ? text.slice(0, shown) : text}
      </pre>
      {isCut ? (
        <p className="long-text-note text-ink-11">
          Shows the first {formatCount(shown)} of {formatCount(text.length)} characters.{" "}
          <button type="button" className="link" onClick={() => setIsWhole(true)}>
            Show all
          </button>
        </p>
      ) : null}
      {sent !== null ? (
        <p className="long-text-note text-alarm">
          {formatCount(sent)} characters were sent and the first 65,536 kept; the rest is only where it was made.
        </p>
      ) : null}
    </div>
  )
}
