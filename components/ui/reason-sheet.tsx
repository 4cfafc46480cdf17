"use client"

import { type FormEvent, type ReactNode, useId } from "react"
import { Sheet } from "@/components/ui/sheet"

type ReasonSheetProps = {
  title: string
  /** What will happen, in one or two sentences. */
  says?: ReactNode
  /** Characters; what the route takes. */
  maxLength?: number
  hint: string
  word: string
  isDangerous?: boolean
  isPending: boolean
  close: () => void
  act: (reason: string) => void
  /** What else must be filled in, inside the form. */
  children?: ReactNode
}

/** Asks for the reason of an act that others will read about: the button is within reach of a thumb. */
export function ReasonSheet(props: ReasonSheetProps) {
  const { title, says, hint, word, isDangerous = false, maxLength = 2000, isPending, close, act, children } = props
  const id = useId()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get("reason") ?? "").trim()
    if (reason !== "") act(reason)
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
            aria-disabled={isPending}
          >
            {word}
          </button>
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
        </>
      }
    >
      <form method="dialog" id={id} onSubmit={submit} className="flex flex-col gap-4">
        {says === undefined ? null : <p className="break-words">{says}</p>}
        {children}
        <label className="flex flex-col gap-1 text-label text-ink-11">
          {hint}
          <textarea name="reason" className="field" rows={4} maxLength={maxLength} required />
        </label>
      </form>
    </Sheet>
  )
}
