"use client"

import { type ReactNode, useEffect, useId, useRef } from "react"
import { Icon } from "@/components/ui/icon"

type SheetProps = {
  title: string
  open: boolean
  /** Called once whichever way it closes: button, Escape, a press beside it. */
  onClose: () => void
  /** Stays at the lower edge while the content scrolls: the buttons of a form. */
  footer?: ReactNode
  children: ReactNode
}

/**
 * A panel at the right of a desk, a sheet from the bottom on a phone. A native modal dialog: the focus stays inside, and returns to where it was.
 */
export function Sheet({ title, open, onClose, footer, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const box = dialog.current
    if (open && box && !box.open) box.showModal()
    if (!open && box?.open) box.close()
  }, [open])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own key
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={id}
      onClose={() => open && onClose()}
      onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}
    >
      <div className="sheet-box">
        <header className="sheet-head">
          <h2 id={id} className="min-w-0 truncate text-title">
            {title}
          </h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        <div className="sheet-body">{open ? children : null}</div>
        {footer && open ? <footer className="sheet-foot">{footer}</footer> : null}
      </div>
    </dialog>
  )
}
