"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { RequestError } from "@/components/data/http"
import { addPrice, beginRepricing, type OwnPriceDraft } from "@/components/data/prices"
import { useScope } from "@/components/frame/project"
import { Field, FormError } from "@/components/ui/field"
import { useToast } from "@/components/ui/toast"

const RATES = [
  ["input", "Input"],
  ["output", "Output"],
  ["cache_read", "Cache read"],
  ["cache_write", "Cache write"],
  ["reasoning", "Reasoning"],
] as const

type FormProps = {
  provider?: string
  model?: string
  /** Where calls of it lie that were not priced: they can be priced again at once. */
  past: { from: string; to: string } | null
  onDone: () => void
}

/** A price of the project's own, as price lists say it: dollars per million tokens. */
export function OwnPriceForm({ provider = "", model = "", past, onDone }: FormProps) {
  const { slug } = useScope()
  const client = useQueryClient()
  const toast = useToast()
  const [isTenfold, setTenfold] = useState(false)
  const add = useMutation({
    mutationFn: async ({ draft, again }: { draft: OwnPriceDraft; again: boolean }) => {
      await addPrice(slug, draft)
      if (again && past)
        await beginRepricing(slug, { ...past, provider: draft.provider, model: draft.model, reason: draft.reason })
      return again
    },
    onSuccess: (again) => {
      toast({ text: again ? "Price added. What it changes is being reckoned below." : "Price added", tone: "ok" })
      onDone()
    },
    onError: (error) => setTenfold(error instanceof RequestError && error.field === "confirm"),
    onSettled: () => client.invalidateQueries({ queryKey: ["settings"] }),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const text = (name: string) => String(data.get(name) ?? "").trim()
    const rates = Object.fromEntries(RATES.flatMap(([name]) => (text(name) === "" ? [] : [[name, text(name)]])))
    add.mutate({
      draft: {
        provider: text("provider"),
        model: text("model"),
        rates: rates as OwnPriceDraft["rates"],
        reason: text("reason"),
        confirm: data.get("confirm") === "on",
        valid_from: text("since") === "" ? null : `${text("since")}T00:00:00Z`,
      },
      again: data.get("again") === "on",
    })
  }
  return (
    <form method="dialog" onSubmit={submit} className="flex flex-col gap-4">
      <div className="price-fields">
        <Field
          label="Provider"
          name="provider"
          defaultValue={provider}
          isRequired={false}
          hint="Empty: calls that name none"
        />
        <Field label="Model" name="model" defaultValue={model} />
      </div>
      <fieldset className="price-fields">
        <legend className="mb-1 text-label text-ink-11">Dollars per million tokens</legend>
        {RATES.map(([name, label]) => (
          <Field key={name} label={label} name={name} isRequired={name === "input" || name === "output"} />
        ))}
      </fieldset>
      <div className="price-fields">
        <Field type="date" label="Since (empty: always)" name="since" isRequired={false} />
        <Field label="Source or reason" name="reason" hint="Kept with the price and in the audit log" />
      </div>
      {past ? (
        <label className="flex items-center gap-2">
          <input type="checkbox" name="again" defaultChecked />
          Preview pricing its past calls again
        </label>
      ) : null}
      {isTenfold ? (
        <label className="flex items-center gap-2 text-alarm">
          <input type="checkbox" name="confirm" />
          The price is right, more than ten times off as it is
        </label>
      ) : null}
      <FormError text={add.error?.message ?? null} />
      <div className="flex gap-2">
        <button type="submit" className="button button-primary" disabled={add.isPending}>
          Add the price
        </button>
        <button type="button" className="button button-quiet" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  )
}
