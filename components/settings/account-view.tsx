"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useRef, useState } from "react"
import { RequestError } from "@/components/data/http"
import { changePassword, endSession, sessionsQuery } from "@/components/data/settings"
import { browserName } from "@/components/settings/browser-name"
import { ConfirmButton } from "@/components/ui/confirm-button"
import { Field, FormError } from "@/components/ui/field"
import { When } from "@/components/ui/figures"
import { Panel } from "@/components/ui/panel"
import { ScrollBox } from "@/components/ui/scroll-box"

/** One's own password and sessions. */
export function AccountView() {
  const client = useQueryClient()
  const sessions = useQuery(sessionsQuery())
  const end = useMutation({
    mutationFn: endSession,
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery().queryKey }),
  })
  return (
    <>
      <h1 className="sr-only">Your account</h1>
      <PasswordForm />
      <FormError text={end.error?.message ?? null} />
      <Panel title="Where you are logged in" query={sessions} minHeight={120}>
        {(data) => (
          <ScrollBox label="Sessions">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">Browser</th>
                  <th scope="col">Address</th>
                  <th scope="col">Since</th>
                  <th scope="col">Last used</th>
                  <th scope="col">
                    <span className="sr-only">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.items.map((session) => (
                  <tr key={session.id}>
                    <td className="max-w-80 truncate" title={session.user_agent ?? undefined}>
                      {browserName(session.user_agent)}
                    </td>
                    <td>{session.ip ?? "unknown"}</td>
                    <td>
                      <When at={session.created_at} />
                    </td>
                    <td>
                      <When at={session.last_used_at} isRelative />
                    </td>
                    <td className="text-right">
                      {session.is_current ? (
                        <span className="text-ink-11">this one</span>
                      ) : (
                        <ConfirmButton
                          word="End"
                          question="End this session at once?"
                          act={() => end.mutate(session.id)}
                          isDangerous
                        />
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollBox>
        )}
      </Panel>
    </>
  )
}

function PasswordForm() {
  const form = useRef<HTMLFormElement>(null)
  const client = useQueryClient()
  const [mismatch, setMismatch] = useState(false)
  const change = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      form.current?.reset()
      void client.invalidateQueries({ queryKey: sessionsQuery().queryKey })
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const isSame = data.get("new") === data.get("again")
    setMismatch(!isSame)
    if (isSame) change.mutate({ current_password: String(data.get("current")), new_password: String(data.get("new")) })
  }
  const refused = change.error instanceof RequestError ? change.error : null
  return (
    <form method="dialog" ref={form} onSubmit={submit} className="panel flex max-w-[560px] flex-col gap-4 p-5">
      <h2 className="text-title">Password</h2>
      <Field
        label="Current password"
        name="current"
        type="password"
        autoComplete="current-password"
        error={refused?.field === "current_password" ? refused.message : null}
      />
      <Field
        label="New password"
        name="new"
        type="password"
        autoComplete="new-password"
        hint="At least 12 characters. All your other sessions end."
        error={refused?.field === "new_password" ? refused.message : null}
      />
      <Field
        label="New password again"
        name="again"
        type="password"
        autoComplete="new-password"
        error={mismatch ? "The two differ." : null}
      />
      <FormError text={change.error && !refused?.field ? change.error.message : null} />
      <div className="flex items-center gap-3">
        <button type="submit" className="button button-primary" disabled={change.isPending}>
          Change the password
        </button>
        <span role="status" className="text-label text-ink-11">
          {change.isSuccess ? "Changed. Other sessions have ended." : ""}
        </span>
      </div>
    </form>
  )
}
