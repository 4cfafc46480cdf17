"use client"

import { useState } from "react"
import { useClock } from "@/components/ui/clock"
import {
  formatAgo,
  formatCompact,
  formatCount,
  formatDuration,
  formatExact,
  formatInstant,
  shortenMiddle,
} from "@/lib/format"
import { displayMoney } from "@/lib/money"

/** Money rounded for the eye, exact on hover. Unpriced is a word, never a zero. */
export function Cost({ value, currency }: { value: string | null; currency: string }) {
  if (value === null) return <span className="text-ink-10">unpriced</span>
  return <span title={`${value} ${currency}`}>{displayMoney(value, currency)}</span>
}

export function Count({ value, isCompact = false }: { value: number; isCompact?: boolean }) {
  return <span title={formatCount(value)}>{isCompact ? formatCompact(value) : formatCount(value)}</span>
}

/** An instant, relative or as date and time; the exact one with its zone on hover. */
export function When({ at, isRelative = false }: { at: string; isRelative?: boolean }) {
  const { now, zone } = useClock()
  return (
    <time dateTime={at} title={formatExact(at, zone)} className="whitespace-nowrap">
      {isRelative ? formatAgo(at, now) : formatInstant(at, zone, now)}
    </time>
  )
}

/** How long something took, or takes so far when it has no end yet. */
export function Elapsed({ from, to }: { from: string; to: string | null }) {
  const { now } = useClock()
  const text = formatDuration(Math.max(0, (to === null ? now : Date.parse(to)) - Date.parse(from)))
  return <span>{to === null ? `${text} so far` : text}</span>
}

/** An id in mono, cut in its middle, with a button that copies the whole. */
export function Id({ id, length = 22, canCopy = true }: { id: string; length?: number; canCopy?: boolean }) {
  return (
    <span className="inline-flex items-center gap-1">
      <code title={id}>{shortenMiddle(id, length)}</code>
      {canCopy ? <CopyButton text={id} label={`Copy ${id}`} isQuiet /> : null}
    </span>
  )
}

export function CopyButton({ text, label, isQuiet = false }: { text: string; label: string; isQuiet?: boolean }) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle")
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setState("copied")
    } catch {
      // Clipboards need https or localhost and a permission; the text is there to be selected.
      setState("failed")
    }
    window.setTimeout(() => setState("idle"), 1500)
  }
  const word = state === "copied" ? "Copied" : state === "failed" ? "Select and copy" : "Copy"
  return (
    <button
      type="button"
      onClick={() => void copy()}
      aria-label={state === "idle" ? label : word}
      title={word}
      className={
        isQuiet ? "inline-flex h-6 w-6 items-center justify-center rounded-base text-ink-10 hover:bg-ink-4" : "button"
      }
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
        {state === "copied" ? <path d="m2.5 7.5 3 3 6-7" /> : <path d="M5 4.5h6.5v7H5zM8.5 4.5v-2H2v7h3" />}
      </svg>
      {isQuiet ? null : <span aria-live="polite">{word}</span>}
    </button>
  )
}
