"use client"

import { useState } from "react"
import { type Draft, keepDraft, readDraft } from "@/components/ui/drafts"
import { Labelled } from "@/components/ui/field"

type NoteFieldProps = {
  label: string
  name: string
  rows: number
  maxLength?: number
  isRequired?: boolean
  /** Where what is typed is kept until it is sent: a form closes with one key, or one press beside it. */
  draft?: Draft
}

/** A text of several lines that others will read. */
export function NoteField({ label, name, rows, maxLength = 4000, isRequired = true, draft }: NoteFieldProps) {
  const [kept] = useState(() => (draft ? readDraft(draft) : undefined))
  return (
    <Labelled label={label}>
      {(ties) => (
        <textarea
          {...ties}
          name={name}
          className="field"
          rows={rows}
          maxLength={maxLength}
          required={isRequired}
          defaultValue={kept}
          onChange={draft && ((event) => keepDraft(draft, event.target.value))}
        />
      )}
    </Labelled>
  )
}
