"use client"

import { type FormEvent, useId } from "react"
import { Sheet } from "@/components/ui/sheet"

type NoteSheetProps = {
  title: string
  hint: string
  word: string
  isPending: boolean
  close: () => void
  write: (note: string) => void
}

export function NoteSheet({ title, hint, word, isPending, close, write }: NoteSheetProps) {
  const id = useId()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const note = String(new FormData(event.currentTarget).get("note") ?? "").trim()
    if (note !== "") write(note)
  }
  return (
    <Sheet
      title={title}
      open
      onClose={close}
      footer={
        <>
          <button type="submit" form={id} className="button button-primary grow" aria-disabled={isPending}>
            {word}
          </button>
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
        </>
      }
    >
      <form id={id} onSubmit={submit}>
        <label className="flex flex-col gap-1 text-label text-ink-11">
          {hint}
          <textarea name="note" className="field" rows={5} maxLength={4000} required />
        </label>
      </form>
    </Sheet>
  )
}
