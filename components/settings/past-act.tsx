"use client"

import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useScope } from "@/components/frame/project"
import { DialogForm } from "@/components/ui/dialog-form"
import { Field } from "@/components/ui/field"
import { When } from "@/components/ui/figures"
import type { Repricing } from "@/lib/contracts/prices"
import { plural } from "@/lib/format"
import { displayMoney } from "@/lib/money"
import { toIso } from "@/lib/time"
import { whoOf } from "@/lib/who"
import { startOfDay } from "@/lib/zoned-day"

/** What acts upon the past have in common: of other prices, or of mended mappings. */
export type Past = Omit<Repricing, "provider" | "model" | "preview" | "result" | "undone"> & {
  preview: { changed: number } | null
}

const STATES: Record<Past["state"], string> = {
  previewing: "reckoning what would change",
  previewed: "not done yet",
  running: "being done",
  done: "done",
  undoing: "being undone",
  undone: "undone",
  failed: "the preview failed",
}

/** Which calls, how far it is, who wanted it and why. */
export function PastHead({ item, scope }: { item: Past; scope: string }) {
  return (
    <>
      <p className="flex flex-wrap items-baseline gap-x-3">
        <strong>{scope}</strong>
        <span role="status" className={item.is_stopped || item.state === "failed" ? "text-alarm" : "text-ink-11"}>
          {item.is_stopped ? "stopped on the way" : STATES[item.state]}
        </span>
        <span className="text-label text-ink-10">
          <When at={item.from} /> to <When at={item.to} />, by {whoOf(item.created_by)}
        </span>
      </p>
      <p className="text-ink-11 break-words">{item.reason}</p>
    </>
  )
}

export function PastProgress({ item: { progress, state, message } }: { item: Past }) {
  const total = progress?.total ?? null
  return (
    <>
      {progress ? (
        <progress
          className="progress"
          aria-label={STATES[state]}
          {...(total === null || total === 0 ? {} : { value: progress.done, max: total })}
        />
      ) : null}
      {message ? <p className="text-alarm">{message}</p> : null}
    </>
  )
}

type ClosedNoteProps = { closed: { calls: number; cost: string } | undefined; currency: string }

/** What of the range no act reaches. */
export function ClosedNote({ closed, currency }: ClosedNoteProps) {
  if (!closed || closed.calls === 0) return null
  const { calls, cost } = closed
  return (
    <p className="text-ink-11">
      {plural(calls, "call")} of the range, <span title={`${cost} ${currency}`}>{displayMoney(cost, currency)}</span>,{" "}
      {calls === 1 ? "lies in a closed month and stays" : "lie in closed months and stay"} as{" "}
      {calls === 1 ? "it is" : "they are"}.
    </p>
  )
}

/** Days of the project's zone, as its reports cut them. */
export function RangeFields() {
  const { zone } = useScope().project
  return (["from", "to"] as const).map((name) => (
    <Field key={name} type="date" label={`${name === "from" ? "First" : "Last"} day (${zone})`} name={name} />
  ))
}

/** The last day is part of it. */
export function rangeOf(data: FormData, zone: string): { from: string; to: string } {
  const next = new Date(`${data.get("to")}T00:00:00Z`)
  next.setUTCDate(next.getUTCDate() + 1)
  return {
    from: toIso(startOfDay(String(data.get("from")), zone)),
    to: toIso(startOfDay(next.toISOString().slice(0, 10), zone)),
  }
}

type Props = {
  item: Past
  /** What doing it is called. */
  word: string
  applying: string
  undoing: string
  act: (what: "apply" | "undo", reason: string) => Promise<unknown>
  queryKey: QueryKey
}

/** Do it, go on with it, take it back: each asked why. */
export function PastActs({ item, word, applying, undoing, queryKey, ...props }: Props) {
  const client = useQueryClient()
  const [asked, ask] = useState<"apply" | "undo" | null>(null)
  const act = useMutation({
    mutationFn: ({ what, reason }: { what: "apply" | "undo"; reason: string }) => props.act(what, reason),
    onSuccess: () => ask(null),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
  const stopped = item.is_stopped
  const mayApply =
    (item.state === "previewed" && (item.preview?.changed ?? 0) > 0) || (stopped && item.state === "running")
  const mayUndo = item.state === "done" || (stopped && (item.state === "running" || item.state === "undoing"))
  if (!mayApply && !mayUndo) return null
  const doing = stopped ? "Go on" : word
  const chosen = asked === "undo" ? "Undo it" : doing
  return (
    <div className="flex gap-2">
      {mayApply ? (
        <button type="button" className="button" onClick={() => ask("apply")}>
          {doing}
        </button>
      ) : null}
      {mayUndo ? (
        <button type="button" className="button button-quiet" onClick={() => ask("undo")}>
          Undo
        </button>
      ) : null}
      <DialogForm
        label={chosen}
        open={asked !== null}
        word={chosen}
        act={act}
        close={() => ask(null)}
        submit={(form) => {
          if (asked) act.mutate({ what: asked, reason: String(form.get("reason")).trim() })
        }}
      >
        <p>{asked === "undo" ? undoing : applying}</p>
        <Field label="Why" name="reason" defaultValue={asked === "apply" ? item.reason : ""} />
      </DialogForm>
    </div>
  )
}
