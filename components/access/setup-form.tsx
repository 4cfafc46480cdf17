"use client"

import { type FormEvent, useEffect, useState } from "react"
import { SetupReady } from "@/components/access/setup-ready"
import { RequestError, sendJson } from "@/components/data/http"
import { Field, FormError } from "@/components/ui/field"
import type { SetupDone } from "@/lib/contracts/access"

type Failure = { text: string; field: string | null }

/** The first visit: one form makes the administrator, the project and its key. The token is read from the link's fragment. */
export function SetupForm() {
  const [token, setToken] = useState<string | null>(null)
  const [zone, setZone] = useState("UTC")
  const [isSending, setSending] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [done, setDone] = useState<SetupDone | null>(null)

  useEffect(() => {
    const read = () => {
      const link = new URL(window.location.href)
      setToken(new URLSearchParams(link.hash.slice(1)).get("token") ?? link.searchParams.get("token") ?? "")
    }
    read()
    setZone(Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC")
    // The link pasted into a tab that is here already changes the fragment alone.
    window.addEventListener("hashchange", read)
    return () => window.removeEventListener("hashchange", read)
  }, [])

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setSending(true)
    setFailure(null)
    try {
      const body = {
        token: form.get("token"),
        ...Object.fromEntries(FIELDS.map((name) => [name, form.get(name)])),
      }
      const made = await sendJson<SetupDone>("POST", "/api/auth/setup", body)
      // The link is spent: it should not stay in the address bar or the history.
      window.history.replaceState(null, "", "/setup")
      setDone(made)
    } catch (error) {
      const known = error instanceof RequestError
      setFailure({ text: known ? error.message : "The set-up failed. Try again.", field: known ? error.field : null })
      setSending(false)
    }
  }

  if (done) return <SetupReady done={done} />
  const errorOf = (name: string) => (failure?.field === name ? failure.text : null)
  const isGeneral = failure !== null && (failure.field === null || !FIELDS.some((name) => name === failure.field))
  return (
    <>
      <div className="flex flex-col gap-1">
        <h1 className="text-headline font-strong">Set up Andon</h1>
        <p className="text-ink-11">
          One form: you, and the first project. Open it with the link that the server printed at its start.
        </p>
      </div>
      <form
        method="post"
        className="panel flex flex-col gap-4 p-6"
        onSubmit={(event) => void submit(event)}
        aria-busy={isSending}
      >
        {/* Always there: whether the link brings it is known only in the browser, and nothing may move then. */}
        <Field
          key={token}
          label="Set-up token"
          name="token"
          autoComplete="off"
          defaultValue={token ?? ""}
          hint={token ? "Taken from the link." : "After #token= in the printed link."}
        />
        <Field label="Your name" name="name" autoComplete="name" error={errorOf("name")} />
        <Field label="E-mail" name="email" type="email" autoComplete="username" error={errorOf("email")} />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          hint="At least 12 characters. A sentence is easy to remember."
          error={errorOf("password")}
        />
        <Field
          label="Project"
          name="project"
          hint="What your agents work for: a product, a team, a line."
          error={errorOf("project")}
        />
        <Field
          key={zone}
          label="Reporting zone"
          name="zone"
          autoComplete="off"
          defaultValue={zone}
          hint="Days and months of every figure are cut here. Guessed from your browser."
          error={errorOf("zone")}
        />
        <FormError text={isGeneral ? failure.text : null} />
        <button type="submit" className="button button-primary" disabled={isSending || token === null}>
          {isSending ? "Setting up…" : "Set up Andon"}
        </button>
      </form>
    </>
  )
}

const FIELDS = ["name", "email", "password", "project", "zone"] as const
