"use client"

import { useState } from "react"
import type { Draft } from "@/components/ui/drafts"
import { NoteField } from "@/components/ui/note-field"
import { SheetForm } from "@/components/ui/sheet-form"

const HOUR_MS = 3_600_000
type Choice = readonly [ms: number, word: string]
const SNOOZES: readonly Choice[] = [
  [HOUR_MS / 2, "30 minutes"],
  [HOUR_MS, "1 hour"],
  [4 * HOUR_MS, "4 hours"],
  [8 * HOUR_MS, "8 hours"],
]
const SUPPRESSIONS: readonly Choice[] = [
  [24 * HOUR_MS, "1 day"],
  [7 * 24 * HOUR_MS, "7 days"],
  [30 * 24 * HOUR_MS, "30 days"],
]

type UntilSheetProps = {
  act: "snooze" | "suppress"
  /** The longest that may be chosen, milliseconds. */
  longest: number
  draft?: Draft
  isPending: boolean
  close: () => void
  choose: (until: string, note: string) => void
}

const WORDS = {
  snooze: { title: "Snooze", word: "Snooze", hint: "Why it can wait. It comes back by itself." },
  suppress: {
    title: "Suppress by design",
    word: "Suppress",
    hint: "Why this is meant to be. It comes back by itself.",
  },
}

/** For how long, and why: neither may be left out. */
export function UntilSheet({ act, longest, draft, isPending, close, choose }: UntilSheetProps) {
  const choices = (act === "snooze" ? SNOOZES : SUPPRESSIONS).filter(([ms]) => ms <= longest)
  const [chosen, setChosen] = useState(choices[0]?.[0] ?? HOUR_MS)
  const submit = (form: FormData) => {
    const note = String(form.get("note") ?? "").trim()
    if (note !== "") choose(new Date(Date.now() + chosen).toISOString(), note)
  }
  const { title, hint, word } = WORDS[act]
  return (
    <SheetForm title={title} word={word} isPending={isPending} close={close} submit={submit}>
      <fieldset className="flex flex-col">
        <legend className="text-label text-ink-11">For how long</legend>
        {choices.map(([ms, word]) => (
          <label key={ms} className="cause">
            <input type="radio" name="for" checked={chosen === ms} onChange={() => setChosen(ms)} />
            {word}
          </label>
        ))}
      </fieldset>
      <NoteField label={hint} name="note" rows={3} draft={draft} />
    </SheetForm>
  )
}
