"use client"

import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from "react"
import { Icon } from "@/components/ui/icon"

export type Toast = {
  text: string
  tone?: "ok" | "error"
  /** What the reader may still do about it, such as taking it back. */
  action?: { word: string; act: () => void }
}
type Shown = Toast & { id: number }

const SHOWN_MS = 5000
const MOST_SHOWN = 3
const ToastContext = createContext<(toast: Toast) => void>(() => {})

/** Says in a corner that something was done or refused. `toast({ text: "Acknowledged", tone: "ok" })`. */
export function useToast(): (toast: Toast) => void {
  return useContext(ToastContext)
}

/**
 * Holds the toasts of the page. Errors are an alert, the rest a status; both regions stand in the page from the start, because a region that
 * appears with its text is not read out.
 */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<readonly Shown[]>([])
  const nextId = useRef(0)
  const region = useRef<HTMLElement>(null)
  const toast = useCallback((given: Toast) => {
    nextId.current += 1
    const added = { ...given, id: nextId.current }
    setShown((before) => [...before, added].slice(-MOST_SHOWN))
  }, [])
  const dismiss = useCallback((id: number) => setShown((before) => before.filter((one) => one.id !== id)), [])

  useEffect(() => {
    // Above an open dialog, which otherwise hides everything that is not in the top layer with it.
    if (shown.length === 0 || !document.querySelector("dialog:modal")) return
    const box = region.current
    if (box?.matches(":popover-open")) box.hidePopover()
    box?.showPopover()
  }, [shown])
  useEffect(() => region.current?.showPopover(), [])

  const list = (tone: "ok" | "error") =>
    shown
      .filter((one) => (one.tone ?? "ok") === tone)
      .map((one) => <ToastBox key={one.id} toast={one} dismiss={() => dismiss(one.id)} />)
  return (
    <ToastContext value={toast}>
      {children}
      <section ref={region} popover="manual" className="toasts" aria-label="Messages">
        <div role="status">{list("ok")}</div>
        <div role="alert">{list("error")}</div>
      </section>
    </ToastContext>
  )
}

/** Goes by itself after five seconds, unless somebody points at it or has the focus in it. */
function ToastBox({ toast, dismiss }: { toast: Shown; dismiss: () => void }) {
  const [isHeld, setIsHeld] = useState(false)
  const leave = useRef(dismiss)
  leave.current = dismiss
  useEffect(() => {
    if (isHeld) return
    const timer = window.setTimeout(() => leave.current(), SHOWN_MS)
    return () => window.clearTimeout(timer)
  }, [isHeld])
  const { action } = toast
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at it only keeps it longer; what can be done has buttons
    <div
      className="toast"
      data-tone={toast.tone ?? "ok"}
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
      onKeyDown={(event) => event.key === "Escape" && dismiss()}
    >
      <p className="min-w-0 grow break-words">{toast.text}</p>
      {action ? (
        <button
          type="button"
          className="link"
          onClick={() => {
            action.act()
            dismiss()
          }}
        >
          {action.word}
        </button>
      ) : null}
      <button type="button" className="icon-button" aria-label="Dismiss this message" onClick={dismiss}>
        <Icon name="close" size={14} />
      </button>
    </div>
  )
}
