"use client"

import { useEffect, useRef, useState } from "react"

type CopyProps = {
  text: string
  /** What is copied, for who cannot see what stands beside it. */
  label: string
  /** The icon alone. */
  isQuiet?: boolean
}

const SAID_MS = 1500

/** Copies a text and says whether it worked, without changing its size. */
export function Copy({ text, label, isQuiet = true }: CopyProps) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle")
  const timer = useRef<number | undefined>(undefined)
  useEffect(() => () => window.clearTimeout(timer.current), [])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setState("copied")
    } catch {
      // Clipboards need https or localhost and a permission; the text is there to be selected.
      setState("failed")
    }
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(() => setState("idle"), SAID_MS)
  }
  const word = state === "copied" ? "Copied" : state === "failed" ? "Select and copy" : "Copy"
  return (
    <button
      type="button"
      onClick={() => void copy()}
      aria-label={state === "idle" ? label : word}
      title={word}
      className={isQuiet ? "copy-quiet" : "button"}
    >
      <svg
        width="14"
        height="14"
        viewBox="0 0 14 14"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.3"
        aria-hidden="true"
      >
        {state === "copied" ? (
          <path d="m2.5 7.5 3 3 6-7" />
        ) : state === "failed" ? (
          <path d="m3 3 8 8m0-8-8 8" />
        ) : (
          <path d="M5 4.5h6.5v7H5zM8.5 4.5v-2H2v7h3" />
        )}
      </svg>
      {isQuiet ? null : <span aria-live="polite">{word}</span>}
    </button>
  )
}
