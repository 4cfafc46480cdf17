"use client"

import { type FormEvent, useId, useState } from "react"
import { CAUSE_WORDS } from "@/components/exceptions/words"
import { Sheet } from "@/components/ui/sheet"
import { type ExceptionKind, RESOLVE_CAUSES, type ResolveCause } from "@/lib/vocabulary"

type ResolveSheetProps = {
  isPending: boolean
  /** Null = of several kinds. */
  kind: ExceptionKind | null
  close: () => void
  resolve: (cause: ResolveCause, note: string) => void
}

/** A sample is looked at for what the rules miss; nothing else can have been missed by them. */
function causesOf(kind: ExceptionKind | null): ResolveCause[] {
  if (kind === "audit_sample") return ["false_alarm", "rules_missed", "other"]
  return RESOLVE_CAUSES.filter((cause) => cause !== "rules_missed")
}

/** Why it happened, from a closed list, and what was done about it. */
export function ResolveSheet({ isPending, kind, close, resolve }: ResolveSheetProps) {
  const [cause, setCause] = useState<ResolveCause | null>(null)
  const id = useId()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const note = String(new FormData(event.currentTarget).get("note") ?? "").trim()
    if (cause) resolve(cause, note)
  }
  return (
    <Sheet
      title="Resolve"
      open
      onClose={close}
      footer={
        <>
          <button type="submit" form={id} className="button button-primary grow" aria-disabled={isPending}>
            {isPending ? "Resolving" : "Resolve"}
          </button>
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
        </>
      }
    >
      <form method="dialog" id={id} onSubmit={submit} className="flex flex-col gap-4">
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
        <label className="flex flex-col gap-1 text-label text-ink-11">
          {cause === "other" ? "What it was" : "What was done about it (may stay empty)"}
          <textarea name="note" className="field" rows={3} maxLength={4000} required={cause === "other"} />
        </label>
      </form>
    </Sheet>
  )
}
