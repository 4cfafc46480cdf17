"use client"

import type { ReactNode } from "react"
import type { Draft } from "@/components/ui/drafts"
import { NoteField } from "@/components/ui/note-field"
import { SheetForm } from "@/components/ui/sheet-form"

type ReasonSheetProps = {
  title: string
  /** What will happen, in one or two sentences. */
  says?: ReactNode
  /** Characters; what the route takes. */
  maxLength?: number
  hint: string
  word: string
  isDangerous?: boolean
  /** Where the reason is kept until it is sent. */
  draft?: Draft
  isPending: boolean
  /** There is nothing left to do; `says` or the children say why. */
  isBarred?: boolean
  close: () => void
  act: (reason: string) => void
  /** What else must be filled in, inside the form. */
  children?: ReactNode
}

/** Asks for the reason of an act that others will read about: the button is within reach of a thumb. */
export function ReasonSheet(props: ReasonSheetProps) {
  const { says, hint, maxLength = 2000, draft, act, children, ...sheet } = props
  const submit = (form: FormData) => {
    const reason = String(form.get("reason") ?? "").trim()
    if (reason !== "") act(reason)
  }
  return (
    <SheetForm {...sheet} submit={submit}>
      {says === undefined ? null : <p className="break-words">{says}</p>}
      {children}
      <NoteField label={hint} name="reason" rows={4} maxLength={maxLength} draft={draft} />
    </SheetForm>
  )
}
