"use client"

import { type FormEvent, useEffect, useId, useRef } from "react"
import type { KeyDraft } from "@/components/data/settings"
import { Field } from "@/components/ui/field"
import { Options } from "@/components/ui/options"
import { KEY_SCOPES, type KeyScope } from "@/lib/vocabulary"

const MEANING: Record<KeyScope, string> = {
  ingest: "send events",
  read: "read the API of this project",
  directives: "fetch directives for runners",
}

const EXPIRIES = ["30", "90", "180", "365"].map((days) => [days, `${days} days`] as const)

export function NewKeyForm({
  make,
  isPending,
  isDone,
}: {
  make: (draft: KeyDraft) => void
  isPending: boolean
  isDone: boolean
}) {
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (isDone) form.current?.reset()
  }, [isDone])
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const environment = String(data.get("environment")).trim()
    make({
      name: String(data.get("key-name")),
      scopes: KEY_SCOPES.filter((scope) => data.get(scope) === "on"),
      environment: environment === "" ? null : environment,
      expires_in_days: Number(data.get("days")),
    })
  }
  return (
    <details className="panel">
      <summary className="cursor-pointer min-h-11 px-4 py-3 font-strong">Make a key</summary>
      <form method="dialog" ref={form} onSubmit={submit} className="flex max-w-[560px] flex-col gap-4 p-4 pt-0">
        <Field label="Name" name="key-name" hint="What sends with it, such as invoice-worker." />
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-label text-ink-11">May</legend>
          {KEY_SCOPES.map((scope) => (
            <label key={scope} className="flex items-center gap-2">
              <input type="checkbox" name={scope} defaultChecked={scope === "ingest"} />
              {scope}: <span className="text-ink-11">{MEANING[scope]}</span>
            </label>
          ))}
        </fieldset>
        <Field
          label="Environment (optional)"
          name="environment"
          isRequired={false}
          hint="A label, such as production."
        />
        <label htmlFor={id} className="flex items-center gap-2 text-label text-ink-11">
          Expires after
          <Options id={id} name="days" className="field" defaultValue="180" options={EXPIRIES} />
        </label>
        <div>
          <button type="submit" className="button button-primary" disabled={isPending}>
            Make the key
          </button>
        </div>
      </form>
    </details>
  )
}
