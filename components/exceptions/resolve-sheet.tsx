"use client"

import { useState } from "react"
import { CAUSE_WORDS } from "@/components/exceptions/words"
import type { Draft } from "@/components/ui/drafts"
import { NoteField } from "@/components/ui/note-field"
import { SheetForm } from "@/components/ui/sheet-form"
import { RESOLVE_CAUSES, type ResolveCause } from "@/lib/exception-causes"
import type { ExceptionKind } from "@/lib/vocabulary"

type ResolveSheetProps = {
  isPending: boolean
  /** Null = of several kinds. */
  kind: ExceptionKind | null
  draft?: Draft
  close: () => void
  resolve: (cause: ResolveCause, note: string) => void
}

/** A sample is looked at for what the rules miss; nothing else can have been missed by them. */
function causesOf(kind: ExceptionKind | null): ResolveCause[] {
  if (kind === "audit_sample") return ["false_alarm", "rules_missed", "other"]
  return RESOLVE_CAUSES.filter((cause) => cause !== "rules_missed")
}

/** Why it happened, from a closed list, and what was done about it. */
export function ResolveSheet({ isPending, kind, draft, close, resolve }: ResolveSheetProps) {
  const [cause, setCause] = useState<ResolveCause | null>(null)
  const submit = (form: FormData) => {
    if (cause) resolve(cause, String(form.get("note") ?? "").trim())
  }
  return (
    <SheetForm
      title="Resolve"
      word={isPending ? "Resolving" : "Resolve"}
      isPending={isPending}
      close={close}
      submit={submit}
    >
      <fieldset className="flex flex-col">
        <legend className="text-label text-ink-11">Why it happened</legend>
        {causesOf(kind).map((one) => (
          <label key={one} className="cause">
            <input
              type="radio"
              name="cause"
              value={one}
              required
              checked={cause === one}
              onChange={() => setCause(one)}
            />
            {CAUSE_WORDS[one]}
          </label>
        ))}
      </fieldset>
      <NoteField
        label={cause === "other" ? "What it was" : "What was done about it (may stay empty)"}
        name="note"
        rows={3}
        isRequired={cause === "other"}
        draft={draft}
      />
    </SheetForm>
  )
}
