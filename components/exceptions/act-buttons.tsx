"use client"

import { useState } from "react"
import { AssignSheet, NoteSheet, ResolveSheet, UntilSheet } from "@/components/exceptions/sheets"
import { useAct } from "@/components/exceptions/use-act"
import { useScope } from "@/components/frame/project"
import type { Exception } from "@/lib/contracts/exceptions"
import { longestUntil } from "@/lib/exception-states"

type Open = "assign" | "resolve" | "comment" | "reopen" | "snooze" | "suppress" | null

/** What may be done with an exception now, each with its key; nothing for who may only look. */
export function ActButtons({ exception }: { exception: Exception }) {
  const { project } = useScope()
  const { may, isPending, draftOf, act } = useAct(exception)
  const [open, setOpen] = useState<Open>(null)
  if (!may) return null
  const can = new Set(exception.acts)
  const close = () => setOpen(null)
  return (
    <div className="exception-acts" aria-busy={isPending}>
      {can.has("acknowledge") ? (
        <ActButton word="Acknowledge" keyName="a" isPending={isPending} isFirst act={() => act("acknowledge")} />
      ) : null}
      {can.has("resolve") ? (
        <ActButton word="Resolve" keyName="e" isPending={isPending} act={() => setOpen("resolve")} />
      ) : null}
      {can.has("reopen") ? (
        <ActButton word="Reopen" keyName="o" isPending={isPending} act={() => setOpen("reopen")} />
      ) : null}
      {can.has("assign") ? (
        <ActButton word="Assign" keyName="m" isPending={isPending} act={() => setOpen("assign")} />
      ) : null}
      {can.has("snooze") ? (
        <ActButton word="Snooze" keyName="z" isPending={isPending} act={() => setOpen("snooze")} />
      ) : null}
      {can.has("suppress") && project.role === "admin" ? (
        <ActButton word="Suppress" keyName="u" isPending={isPending} act={() => setOpen("suppress")} />
      ) : null}
      {can.has("comment") ? (
        <ActButton word="Note" keyName="n" isPending={isPending} act={() => setOpen("comment")} />
      ) : null}
      {open === "assign" ? (
        <AssignSheet
          now={exception.assignee}
          isPending={isPending}
          close={close}
          choose={(assignee) => act("assign", { assignee }, close)}
        />
      ) : null}
      {open === "resolve" ? (
        <ResolveSheet
          isPending={isPending}
          kind={exception.kind}
          draft={draftOf("resolve")}
          close={close}
          resolve={(cause, note) => act("resolve", { cause, ...(note ? { note } : {}) }, close)}
        />
      ) : null}
      {open === "snooze" || open === "suppress" ? (
        <UntilSheet
          act={open}
          longest={longestUntil(open, exception.severity)}
          draft={draftOf(open)}
          isPending={isPending}
          close={close}
          choose={(until, note) => act(open, { until, note }, close)}
        />
      ) : null}
      {open === "comment" || open === "reopen" ? (
        <NoteSheet
          maxLength={4000}
          title={open === "comment" ? "Add a note" : "Reopen"}
          hint={open === "comment" ? "For whoever looks next." : "Why it is not done."}
          word={open === "comment" ? "Add" : "Reopen"}
          draft={draftOf(open)}
          isPending={isPending}
          close={close}
          act={(note) => act(open, { note }, close)}
        />
      ) : null}
    </div>
  )
}

type ActButtonProps = { word: string; keyName: string; isPending: boolean; isFirst?: boolean; act: () => void }

function ActButton({ word, keyName, isPending, isFirst = false, act }: ActButtonProps) {
  return (
    <button
      type="button"
      className={`button ${isFirst ? "button-primary" : ""}`}
      // Not `disabled`: the focus would be lost to the page while the answer is on its way.
      aria-disabled={isPending}
      aria-keyshortcuts={keyName}
      data-act-key={keyName}
      title={`${word} (${keyName})`}
      onClick={act}
    >
      {word}
    </button>
  )
}
