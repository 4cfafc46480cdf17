"use client"

import { type ReactNode, useId } from "react"
import { Icon } from "@/components/ui/icon"
import { Modal } from "@/components/ui/modal"

type SheetProps = {
  title: string
  open: boolean
  /** Called once whichever way it closes: button, Escape, a press beside it. */
  onClose: () => void
  /** Stays at the lower edge while the content scrolls: the buttons of a form. */
  footer?: ReactNode
  children: ReactNode
}

/** A panel at the right of a desk, a sheet from the bottom on a phone. */
export function Sheet({ title, open, onClose, footer, children }: SheetProps) {
  const id = useId()
  return (
    <Modal open={open} onClose={onClose} className="sheet" labelledBy={id}>
      <div className="sheet-box">
        <header className="sheet-head">
          <h2 id={id} className="min-w-0 truncate text-title">
            {title}
          </h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <div className="sheet-body">{children}</div>
        {footer ? <footer className="sheet-foot">{footer}</footer> : null}
      </div>
    </Modal>
  )
}
