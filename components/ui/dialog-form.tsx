"use client"

import type { FormEvent, ReactNode } from "react"
import { FormError } from "@/components/ui/field"
import { Modal } from "@/components/ui/modal"

type DialogFormProps = {
  label: string
  open: boolean
  /** On the button that sends it. */
  word: string
  /** What sending it does; what the server refused is shown, and forgotten when the form closes. */
  act: { isPending: boolean; error: Error | null; reset: () => void }
  close: () => void
  submit: (form: FormData) => void
  children: ReactNode
}

/** A short form over the page: what it asks, what was refused, and two buttons. */
export function DialogForm({ label, open, word, act, submit, children, ...props }: DialogFormProps) {
  const close = () => {
    act.reset()
    props.close()
  }
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    submit(new FormData(event.currentTarget))
  }
  return (
    <Modal open={open} onClose={close} label={label}>
      <form method="dialog" onSubmit={onSubmit} className="flex flex-col gap-4">
        {children}
        <FormError text={act.error?.message ?? null} />
        <div className="flex gap-2">
          <button type="submit" className="button button-primary" disabled={act.isPending}>
            {word}
          </button>
          <button type="button" className="button button-quiet" onClick={close}>
            Cancel
          </button>
        </div>
      </form>
    </Modal>
  )
}
