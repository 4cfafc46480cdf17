"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { actOnRepricing, beginRepricing, repricingsQuery } from "@/components/data/prices"
import { useScope } from "@/components/frame/project"
import {
  difference,
  PastActs,
  PastHead,
  PastProgress,
  RangeFields,
  rangeOf,
  signed,
} from "@/components/settings/past-act"
import { Field, FormError } from "@/components/ui/field"
import { Modal } from "@/components/ui/modal"
import { Panel } from "@/components/ui/panel"
import type { Repricing, RepricingTally } from "@/lib/contracts/prices"
import { formatCount, plural } from "@/lib/format"
import { displayMoney } from "@/lib/money"

/** Pricing a past range again: what it would change, then doing it, then maybe taking it back. */
export function RepricingsPanel({ mayAct }: { mayAct: boolean }) {
  const { slug } = useScope()
  const query = useQuery(repricingsQuery(slug))
  return (
    <Panel
      title="Pricing the past again"
      query={query}
      minHeight={120}
      isEmpty={(list) => list.items.length === 0}
      empty={
        <p className="text-ink-11">
          A new price holds for what comes in from now on. Calls that are there keep theirs until somebody prices them
          again, here, with a preview; it can be undone.
        </p>
      }
      actions={mayAct ? <Begin /> : null}
    >
      {(list) => (
        <ul>
          {list.items.map((item) => (
            <Item key={item.id} item={item} mayAct={mayAct} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Begin() {
  const { slug } = useScope()
  const client = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const begin = useMutation({
    mutationFn: (draft: Parameters<typeof beginRepricing>[1]) => beginRepricing(slug, draft),
    onSuccess: () => setOpen(false),
    onSettled: () => client.invalidateQueries({ queryKey: repricingsQuery(slug).queryKey }),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const text = (name: string) => String(data.get(name) ?? "").trim()
    const orNull = (name: string) => (text(name) === "" ? null : text(name))
    begin.mutate({
      ...rangeOf(data),
      provider: orNull("provider"),
      model: orNull("model"),
      reason: text("reason"),
    })
  }
  return (
    <>
      <button type="button" className="button button-quiet" onClick={() => setOpen(true)}>
        Price a range again
      </button>
      <Modal open={isOpen} onClose={() => setOpen(false)} label="Price a range again">
        <form onSubmit={submit} className="flex flex-col gap-4">
          <h2 className="font-strong">Price a range again</h2>
          <div className="price-fields">
            <RangeFields />
            <Field label="Provider (all when empty)" name="provider" isRequired={false} />
            <Field label="Model (all when empty)" name="model" isRequired={false} />
          </div>
          <Field label="Why" name="reason" />
          <FormError text={begin.error?.message ?? null} />
          <div className="flex gap-2">
            <button type="submit" className="button button-primary" disabled={begin.isPending}>
              Preview
            </button>
            <button type="button" className="button button-quiet" onClick={() => setOpen(false)}>
              Cancel
            </button>
          </div>
        </form>
      </Modal>
    </>
  )
}

function Item({ item, mayAct }: { item: Repricing; mayAct: boolean }) {
  const { project } = useScope()
  const sums = item.state === "undone" ? item.undone : (item.result ?? item.preview)
  return (
    <li className="flex flex-col gap-2 border-t border-line p-4 first:border-t-0">
      <PastHead item={item} scope={scopeOf(item)} />
      {sums ? <Sums sums={sums} currency={project.currency} verb={item.result ? "changed" : "would change"} /> : null}
      {item.state === "previewed" && item.preview && item.preview.models.length > 0 ? (
        <Models preview={item.preview} currency={project.currency} />
      ) : null}
      <PastProgress item={item} />
      {mayAct ? <Acts item={item} /> : null}
    </li>
  )
}

function scopeOf({ provider, model }: Repricing): string {
  if (provider === null && model === null) return "All calls"
  const name = (text: string | null, none: string, all: string) => (text === null ? all : text === "" ? none : text)
  return `${name(provider, "no provider", "all providers")} / ${name(model, "no model", "all models")}`
}

function Sums({ sums, currency, verb }: { sums: RepricingTally; currency: string; verb: string }) {
  const moved = difference(sums)
  return (
    <p>
      {formatCount(sums.changed)} of {plural(sums.calls, "call")} {verb};{" "}
      <span title={`${sums.before} to ${sums.after} ${currency}`}>
        {beforeOf(sums, currency)} to {afterOf(sums, currency)}
      </span>{" "}
      <strong title={`${moved} ${currency}`}>({signed(moved, currency)})</strong>
      {sums.newly_priced > 0 ? `, ${formatCount(sums.newly_priced)} priced for the first time` : ""}
      {sums.no_longer_priced > 0 ? `, ${formatCount(sums.no_longer_priced)} no longer priced` : ""}
      {sums.still_unpriced > 0 ? `, ${formatCount(sums.still_unpriced)} without a price` : ""}
      {sums.left > 0 ? `, ${formatCount(sums.left)} left as they are` : ""}
    </p>
  )
}

function Models({ preview, currency }: { preview: NonNullable<Repricing["preview"]>; currency: string }) {
  return (
    <div className="table-scroll">
      <table className="table">
        <caption className="sr-only">What would change, by model</caption>
        <thead>
          <tr>
            <th scope="col">Provider / model</th>
            {["Calls", "Now", "Then", "Difference"].map((word) => (
              <th key={word} scope="col" className="num">
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.models.map((row) => {
            const moved = difference(row)
            return (
              <tr key={JSON.stringify([row.provider, row.model])}>
                <th scope="row" className="row-head">
                  <span className="price-name">
                    {row.provider ?? "no provider"} / {row.model ?? "no model"}
                  </span>
                </th>
                <td className="num">{formatCount(row.changed)}</td>
                <td className="num" title={row.before}>
                  {beforeOf(row, currency)}
                </td>
                <td className="num" title={row.after}>
                  {afterOf(row, currency)}
                </td>
                <td className="num" title={moved}>
                  {signed(moved, currency)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {preview.models_left > 0 ? (
        <p className="px-4 py-2 text-label text-ink-10">and {plural(preview.models_left, "more model")}</p>
      ) : null}
    </div>
  )
}

function Acts({ item }: { item: Repricing }) {
  const { slug } = useScope()
  return (
    <PastActs
      item={item}
      word="Price them again"
      applying="The costs of these calls change on every page. It is recorded, and it can be undone."
      undoing="Every call that this has priced, and nothing since, gets its earlier cost back."
      act={(what, reason) => actOnRepricing(slug, item.id, what, reason)}
      queryKey={repricingsQuery(slug).queryKey}
    />
  )
}

/** What has no price is no zero. */
function beforeOf({ before, changed, newly_priced }: RepricingTally, currency: string): string {
  return changed > 0 && newly_priced === changed ? "unpriced" : displayMoney(before, currency)
}

function afterOf({ after, changed, no_longer_priced }: RepricingTally, currency: string): string {
  return changed > 0 && no_longer_priced === changed ? "unpriced" : displayMoney(after, currency)
}
