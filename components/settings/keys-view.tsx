"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { latestOf } from "@/components/data/latest"
import { createKey, type KeyDraft, keysQuery, revokeKey, rotateKey } from "@/components/data/settings"
import { useScope } from "@/components/frame/project"
import { NewKeyForm } from "@/components/settings/new-key-form"
import { keysSentence } from "@/components/settings/sentences"
import { ConfirmButton } from "@/components/ui/confirm-button"
import { Copy } from "@/components/ui/copy-button"
import { FormError } from "@/components/ui/field"
import { When } from "@/components/ui/figures"
import { Panel } from "@/components/ui/panel"
import { ScrollBox } from "@/components/ui/scroll-box"
import type { Key, NewKey } from "@/lib/contracts/access"
import { plural } from "@/lib/format"
import { whoOf } from "@/lib/who"

/** Keys that programs send with: made and rotated here, shown whole once, revoked within a second. */
export function KeysView() {
  const { slug } = useScope()
  const client = useQueryClient()
  const keys = useQuery(keysQuery(slug))
  const refresh = () => client.invalidateQueries({ queryKey: keysQuery(slug).queryKey })
  // The latest that was made, by whichever of the two: it is shown this once.
  const [shown, show] = useState<NewKey | null>(null)
  const made = { onSuccess: show, onSettled: refresh }
  const make = useMutation({ mutationFn: (draft: KeyDraft) => createKey(slug, draft), ...made })
  const rotate = useMutation({ mutationFn: (id: number) => rotateKey(slug, id), ...made })
  const revoke = useMutation({ mutationFn: (id: number) => revokeKey(slug, id), onSettled: refresh })
  const { error } = latestOf(make, rotate, revoke)
  return (
    <>
      <h1 className="text-title">{keys.data ? keysSentence(keys.data.items) : "Ingest keys"}</h1>
      {shown ? <Secret made={shown} /> : null}
      <FormError text={error?.message ?? null} />
      <NewKeyForm make={(draft) => make.mutate(draft)} isPending={make.isPending} isDone={make.isSuccess} />
      <Panel
        title="Ingest keys"
        query={keys}
        minHeight={200}
        isEmpty={(data) => data.items.length === 0}
        empty={<p className="text-ink-11">No key yet. Without one nothing can be sent to this project.</p>}
      >
        {(data) => (
          <ScrollBox label="List of keys">
            <table className="table table-cards">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Key</th>
                  <th scope="col">May</th>
                  <th scope="col">State</th>
                  <th scope="col">Last used</th>
                  <th scope="col">Expires</th>
                  <th scope="col">Made by</th>
                  <th scope="col">
                    <span className="sr-only">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.items.map((key) => (
                  <KeyRow
                    key={key.id}
                    of={key}
                    rotate={() => rotate.mutate(key.id)}
                    revoke={() => revoke.mutate(key.id)}
                    isPending={rotate.isPending || revoke.isPending}
                  />
                ))}
              </tbody>
            </table>
          </ScrollBox>
        )}
      </Panel>
    </>
  )
}

function Secret({ made }: { made: NewKey }) {
  return (
    <section className="verdict bg-verified-tint" aria-label="The new key" role="status">
      <div className="flex min-w-0 flex-col gap-2">
        <p>
          <strong>{made.key.name}</strong>: copy it now, it is shown this once and stored nowhere.
        </p>
        <code className="break-all select-all">{made.secret}</code>
        <Copy text={made.secret} label="Copy the key" isQuiet={false} />
      </div>
    </section>
  )
}

type KeyRowProps = { of: Key; rotate: () => void; revoke: () => void; isPending: boolean }

function KeyRow({ of: key, rotate, revoke, isPending }: KeyRowProps) {
  return (
    <tr className={key.state === "active" ? "" : "text-ink-10"}>
      <td data-label="Name" className="max-w-56 truncate" title={key.name}>
        {key.name}
        {key.environment ? <span className="text-ink-10"> {key.environment}</span> : null}
      </td>
      <td data-label="Key" className="whitespace-nowrap">
        <code>{key.hint}</code>
      </td>
      <td data-label="May">{key.scopes.join(", ")}</td>
      <td data-label="State">{key.state}</td>
      <td data-label="Last used">
        {key.last_used_at ? (
          <span title={key.last_used_ip ?? undefined}>
            <When at={key.last_used_at} isRelative />
          </span>
        ) : (
          "never"
        )}
      </td>
      <td data-label="Expires" className={key.expires_within_days === null ? "" : "text-alarm"}>
        <When at={key.expires_at} />
        {key.expires_within_days === null ? "" : `, within ${plural(key.expires_within_days, "day")}`}
      </td>
      <td data-label="Made by" className="max-w-40 truncate">
        {key.created_by ? whoOf(key.created_by) : "–"}
      </td>
      <td data-acts className="text-right whitespace-nowrap">
        {key.state === "active" ? (
          <>
            <ConfirmButton
              word="Rotate"
              question={`Make a second key "${key.name}"? The old one works on for 24 hours.`}
              act={rotate}
              isDisabled={isPending}
            />
            <ConfirmButton
              word="Revoke"
              question={`Revoke "${key.name}"? What sends with it is refused from the next second on.`}
              act={revoke}
              isDisabled={isPending}
              isDangerous
            />
          </>
        ) : null}
      </td>
    </tr>
  )
}
