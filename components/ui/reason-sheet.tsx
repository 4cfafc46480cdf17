"use client"

import type { ReactNode } from "react"
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
  const { says, hint, maxLength = 2000, act, children, ...sheet } = props
  const submit = (form: FormData) => {
    const reason = String(form.get("reason") ?? "").trim()
    if (reason !== "") act(reason)
  }
  return (
    <SheetForm {...sheet} submit={submit}>
      {says === undefined ? null : <p className="break-words">{says}</p>}
      {children}
      <label className="flex flex-col gap-1 text-label text-ink-11">
        {hint}
        <textarea name="reason" className="field" rows={4} maxLength={maxLength} required />
      </label>
    </SheetForm>
  )
}
