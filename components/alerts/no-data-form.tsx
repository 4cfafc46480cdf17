"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useId } from "react"
import { changeAlertSettings, channelsQuery } from "@/components/data/alerts"
import { useScope } from "@/components/frame/project"
import { Options } from "@/components/ui/options"
import { useToast } from "@/components/ui/toast"

const CHOICES = [
  ["", "never"],
  ["5", "5 minutes"],
  ["15", "15 minutes"],
  ["60", "1 hour"],
  ["360", "6 hours"],
  ["1440", "1 day"],
] as const

/** After how long without an event silence itself is an exception. */
export function NoDataForm({ minutes, isKnown }: { minutes: number | null; isKnown: boolean }) {
  const { slug } = useScope()
  const client = useQueryClient()
  const toast = useToast()
  const id = useId()
  const save = useMutation({
    mutationFn: (no_data_minutes: number | null) => changeAlertSettings(slug, { no_data_minutes }),
    onSuccess: () => {
      toast({ text: "Saved", tone: "ok" })
      return client.invalidateQueries({ queryKey: channelsQuery(slug).queryKey })
    },
    onError: (error) => toast({ text: error.message, tone: "error" }),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get("minutes") ?? "")
    save.mutate(text === "" ? null : Number(text))
  }
  const value = String(minutes ?? "")
  // What the API was given may be none of the choices.
  const isOther = !CHOICES.some(([choice]) => choice === value)
  return (
    <form method="dialog" onSubmit={submit} className="panel flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
      <label htmlFor={id} className="text-table">
        Raise an exception when no event has come for
      </label>
      <Options
        id={id}
        name="minutes"
        className="field"
        defaultValue={value}
        options={isOther ? [...CHOICES, [value, `${value} minutes`]] : CHOICES}
        disabled={!isKnown}
      />
      <button type="submit" className="button" disabled={!isKnown || save.isPending}>
        {save.isPending ? "Saving" : "Save"}
      </button>
      <p className="basis-full text-label text-ink-10">
        It is over with the next event. A project that never had an event is not silent, but new.
      </p>
    </form>
  )
}
