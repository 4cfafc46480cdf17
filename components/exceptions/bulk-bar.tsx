"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { actOnMany } from "@/components/data/exceptions"
import { AssignSheet, ResolveSheet, UntilSheet } from "@/components/exceptions/sheets"
import { Where } from "@/components/exceptions/where"
import { useScope } from "@/components/frame/project"
import { Sheet } from "@/components/ui/sheet"
import { useToast } from "@/components/ui/toast"
import type { BulkAnswer, BulkInput, Exception } from "@/lib/contracts/exceptions"
import { longestUntil } from "@/lib/exception-states"
import { plural } from "@/lib/format"

type Told = { outcomes: BulkAnswer["outcomes"]; of: ReadonlyMap<string, Exception> }

/** Acts on what is selected. Each row's outcome is told: one that is refused stops no other, and stays selected. */
export function BulkBar({ selected, clear }: { selected: readonly Exception[]; clear: () => void }) {
  const { slug } = useScope()
  const client = useQueryClient()
  const toast = useToast()
  const [open, setOpen] = useState<"assign" | "snooze" | "resolve" | null>(null)
  const [told, setTold] = useState<Told | null>(null)
  const act = useMutation({
    mutationFn: (input: Omit<BulkInput, "items">) =>
      actOnMany(slug, { ...input, items: selected.map(({ id, version }) => ({ id, version })) }),
    onSuccess: ({ outcomes }) => {
      setOpen(null)
      const refused = outcomes.filter(({ is_done }) => !is_done).length
      if (refused > 0) setTold({ outcomes, of: new Map(selected.map((one) => [one.id, one])) })
      else toast({ text: `Done for ${plural(outcomes.length, "exception")}.`, tone: "ok" })
      clear()
    },
    onError: (error) => toast({ text: error.message, tone: "error" }),
    onSettled: () => void client.invalidateQueries({ queryKey: ["halts"] }),
  })
  const send = (input: Omit<BulkInput, "items">) => {
    if (!act.isPending) act.mutate(input)
  }
  // What holds for the most critical of them holds for all.
  const longest = Math.min(...selected.map(({ severity }) => longestUntil("snooze", severity)))
  const kinds = new Set(selected.map(({ kind }) => kind))
  return (
    <>
      {selected.length === 0 ? null : (
        <section className="bulk-bar" aria-label="Selected exceptions" aria-busy={act.isPending}>
          <span className="text-table" aria-live="polite">
            {selected.length} selected
          </span>
          <button type="button" className="button" onClick={() => send({ act: "acknowledge" })}>
            Acknowledge all
          </button>
          <button type="button" className="button" onClick={() => setOpen("assign")}>
            Assign all
          </button>
          {selected.some(({ acts }) => acts.includes("snooze")) ? (
            <button type="button" className="button" onClick={() => setOpen("snooze")}>
              Snooze all
            </button>
          ) : null}
          <button type="button" className="button" onClick={() => setOpen("resolve")}>
            Resolve all
          </button>
          <button type="button" className="button button-quiet bulk-none" onClick={clear}>
            Unselect
          </button>
        </section>
      )}
      {selected.length === 0 ? null : <div className="bulk-room" aria-hidden="true" />}
      {open === "assign" && selected.length > 0 ? (
        <AssignSheet
          isPending={act.isPending}
          close={() => setOpen(null)}
          choose={(assignee) => send({ act: "assign", assignee })}
        />
      ) : null}
      {open === "snooze" && selected.length > 0 ? (
        <UntilSheet
          act="snooze"
          longest={longest}
          isPending={act.isPending}
          close={() => setOpen(null)}
          choose={(until, note) => send({ act: "snooze", until, note })}
        />
      ) : null}
      {open === "resolve" && selected.length > 0 ? (
        <ResolveSheet
          kind={kinds.size === 1 ? ([...kinds][0] ?? null) : null}
          isPending={act.isPending}
          close={() => setOpen(null)}
          resolve={(cause, note) => send({ act: "resolve", cause, ...(note ? { note } : {}) })}
        />
      ) : null}
      {told === null ? null : (
        <Sheet title="What was done" open onClose={() => setTold(null)}>
          <ul>
            {told.outcomes.map(({ id, is_done, error }) => {
              const of = told.of.get(id)
              return (
                <li key={id} className="log-entry">
                  <p className="font-strong wrap-anywhere">
                    {of ? <Where kind={of.kind} workflow={of.workflow} step={of.step} /> : `number ${id}`}
                  </p>
                  <p className={is_done ? "text-ink-11" : "text-failed"}>{is_done ? "Done." : error}</p>
                </li>
              )
            })}
          </ul>
        </Sheet>
      )}
    </>
  )
}
