"use client"

import { type ReactNode, useEffect, useRef } from "react"

type ModalProps = {
  open: boolean
  /** Called once whichever way it closes. */
  onClose: () => void
  className?: string
  /** Names the dialog where it holds no heading; else give `labelledBy`. */
  label?: string
  labelledBy?: string
  children: ReactNode
}

/** A native modal dialog that follows a state: focus kept inside and given back, Escape and a press beside it close. */
export function Modal({ open, onClose, className = "dialog", label, labelledBy, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const box = dialog.current
    if (open && box && !box.open) box.showModal()
    if (!open && box?.open) box.close()
  }, [open])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own key
    <dialog
      ref={dialog}
      className={className}
      aria-label={label}
      aria-labelledby={labelledBy}
      onClose={() => open && onClose()}
      onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}
    >
      {open ? children : null}
    </dialog>
  )
}
