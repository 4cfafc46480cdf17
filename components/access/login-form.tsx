"use client"

import { type FormEvent, useState } from "react"
import { RequestError, sendJson } from "@/components/data/http"
import { Field, FormError } from "@/components/ui/field"

/** @param next where to go after log-in: a path of ours, checked on the server. */
export function LoginForm({ next }: { next: string }) {
  const [isSending, setSending] = useState(false)
  const [error, setError] = useState<string | null>(null)

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setSending(true)
    setError(null)
    try {
      await sendJson("POST", "/api/auth/login", { email: form.get("email"), password: form.get("password") })
      // A full load: nothing that was fetched for nobody, or for somebody else, stays in memory.
      window.location.assign(next)
    } catch (failure) {
      setError(failure instanceof RequestError ? failure.message : "The log-in failed. Try again.")
      setSending(false)
    }
  }

  return (
    <form method="post" className="flex flex-col gap-4" onSubmit={(event) => void submit(event)} aria-busy={isSending}>
      <Field label="E-mail" name="email" type="email" autoComplete="username" />
      <Field label="Password" name="password" type="password" autoComplete="current-password" />
      <FormError text={error} />
      <button type="submit" className="button button-primary" disabled={isSending}>
        {isSending ? "Logging in…" : "Log in"}
      </button>
    </form>
  )
}
