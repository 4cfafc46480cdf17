"use client"

import { type ReactNode, useCallback, useEffect, useRef, useState } from "react"

type PopoverProps = {
  /** What stands on the button. */
  summary: ReactNode
  /** Read out instead of the summary, where that is a sign or a letter. */
  label?: string
  align?: "start" | "end"
  className?: string
  buttonClass?: string
  children: (close: () => void) => ReactNode
}

/** A box under its button. Escape, a press elsewhere and a focus that leaves close it; Escape gives the focus back. */
export function Popover({
  summary,
  label,
  align = "start",
  className = "",
  buttonClass = "button",
  children,
}: PopoverProps) {
  const box = useRef<HTMLDetailsElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  const close = useCallback(() => {
    if (box.current) box.current.open = false
  }, [])
  useEffect(() => {
    if (!isOpen) return
    const onPointer = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) close()
    }
    document.addEventListener("pointerdown", onPointer)
    return () => document.removeEventListener("pointerdown", onPointer)
  }, [isOpen, close])
  return (
    <details
      ref={box}
      className={`popover ${className}`}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
      onBlur={(event) => {
        const next = event.relatedTarget
        if (next && !event.currentTarget.contains(next)) close()
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !isOpen) return
        event.stopPropagation()
        close()
        box.current?.querySelector("summary")?.focus()
      }}
    >
      <summary className={buttonClass} aria-label={label} title={label}>
        {summary}
      </summary>
      {isOpen ? <div className={`popover-box ${align === "end" ? "right-0" : "left-0"}`}>{children(close)}</div> : null}
    </details>
  )
}
