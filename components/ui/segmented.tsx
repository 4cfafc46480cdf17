"use client"

import { type KeyboardEvent, useRef } from "react"

type SegmentedProps<T extends string> = {
  /** What is chosen, read out before the values. */
  label: string
  value: T | null
  options: readonly (readonly [T, string])[]
  onChange: (value: T) => void
  className?: string
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

/** One of a few values, all in sight. One stop for the tab key; the arrows, Home and End choose. */
export function Segmented<T extends string>({ label, value, options, onChange, className = "" }: SegmentedProps<T>) {
  const box = useRef<HTMLDivElement>(null)
  const chosen = options.findIndex(([option]) => option === value)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return
    const step = STEPS[event.key]
    const last = options.length - 1
    const index =
      event.key === "Home"
        ? 0
        : event.key === "End"
          ? last
          : step === undefined
            ? null
            : (chosen + step + options.length) % options.length
    const option = index === null ? undefined : options[index]
    if (index === null || !option) return
    event.preventDefault()
    onChange(option[0])
    box.current?.querySelectorAll("button")[index]?.focus()
  }
  return (
    <div ref={box} role="radiogroup" aria-label={label} className={`segments ${className}`} onKeyDown={onKeyDown}>
      {options.map(([option, word], index) => (
        // biome-ignore lint/a11y/useSemanticElements: a native radio cannot hold the look of a segment, and this is its documented pattern
        <button
          key={option}
          type="button"
          role="radio"
          aria-checked={index === chosen}
          tabIndex={index === Math.max(0, chosen) ? 0 : -1}
          onClick={() => onChange(option)}
        >
          {word}
        </button>
      ))}
    </div>
  )
}
