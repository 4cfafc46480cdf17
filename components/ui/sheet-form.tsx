"use client"

import { type FormEvent, type ReactNode, useEffect, useId, useRef } from "react"
import { Sheet } from "@/components/ui/sheet"

type SheetFormProps = {
  title: string
  /** On the button that sends it. */
  word: string
  isDangerous?: boolean
  isPending: boolean
  /** It cannot be sent as it is; the form says why. */
  isBarred?: boolean
  close: () => void
  submit: (form: FormData) => void
  children: ReactNode
}

/** A form in a sheet, its buttons within reach of a thumb. Who waits keeps the button in focus, and sends nothing twice. */
export function SheetForm(props: SheetFormProps) {
  const { title, word, isDangerous = false, isPending, isBarred = false, close, submit, children } = props
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  const isStill = isPending || isBarred
  // The dialog has given the focus to its first button, which closes it: who opened it by a key goes on typing. A thumb has not asked for a keyboard yet.
  useEffect(() => {
    if (window.matchMedia("(pointer: coarse)").matches) return
    const field = form.current?.querySelector<HTMLElement>("input, select, textarea")
    field?.focus()
    // Behind what was kept of a draft.
    if (field instanceof HTMLTextAreaElement) field.setSelectionRange(field.value.length, field.value.length)
  }, [])
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!isStill) submit(new FormData(event.currentTarget))
  }
  return (
    <Sheet
      title={title}
      open
      onClose={close}
      footer={
        <>
          <button
            type="submit"
            form={id}
            className={`button grow ${isDangerous ? "button-danger" : "button-primary"}`}
            aria-disabled={isStill}
          >
            {word}
          </button>
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
        </>
      }
    >
      <form
        method="dialog"
        ref={form}
        id={id}
        onSubmit={onSubmit}
        onKeyDown={(event) => {
          // In a text of several lines Enter alone begins the next.
          if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return
          // Some browsers send a form for it by themselves: once is enough.
          event.preventDefault()
          event.currentTarget.requestSubmit()
        }}
        className="flex flex-col gap-4"
      >
        {children}
      </form>
    </Sheet>
  )
}
