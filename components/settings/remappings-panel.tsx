"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { actOnRemapping, beginRemapping, remappingsQuery } from "@/components/data/remappings"
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
import type { Remapping, RemappingTally } from "@/lib/contracts/remappings"
import { formatCount, plural } from "@/lib/format"
import { displayMoney } from "@/lib/money"

/** Reading what sources sent again, by the mappings of today: what it would change, then doing it, then maybe taking it back. */
export function RemappingsPanel({ mayAct }: { mayAct: boolean }) {
  const { slug } = useScope()
  const query = useQuery(remappingsQuery(slug))
  return (
    <Panel
      title="Reading the past again"
      query={query}
      minHeight={120}
      isEmpty={(list) => list.items.length === 0}
      empty={
        <p className="p-4 text-ink-11">
          What OpenTelemetry and Langfuse clients send is read into kinds, models, tokens and teams. When a release
          mends that reading, spans that are there keep the old one until an admin has them read again, here, with a
          preview; it can be undone.
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
    mutationFn: (draft: Parameters<typeof beginRemapping>[1]) => beginRemapping(slug, draft),
    onSuccess: () => setOpen(false),
    onSettled: () => client.invalidateQueries({ queryKey: remappingsQuery(slug).queryKey }),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const convention = String(data.get("convention") ?? "").trim()
    const reason = String(data.get("reason") ?? "").trim()
    begin.mutate({ ...rangeOf(data), convention: convention === "" ? null : convention, reason })
  }
  return (
    <>
      <button type="button" className="button button-quiet" onClick={() => setOpen(true)}>
        Read a range again
      </button>
      <Modal open={isOpen} onClose={() => setOpen(false)} label="Read a range again">
        <form onSubmit={submit} className="flex flex-col gap-4">
          <h2 className="font-strong">Read a range again</h2>
          <div className="price-fields">
            <RangeFields />
            <Field label="Convention, as in “gen_ai” (all when empty)" name="convention" isRequired={false} />
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

function Item({ item, mayAct }: { item: Remapping; mayAct: boolean }) {
  const { slug, project } = useScope()
  const sums = item.state === "undone" ? item.undone : (item.result ?? item.preview)
  const { preview } = item
  return (
    <li className="flex flex-col gap-2 border-t border-line p-4 first:border-t-0">
      <PastHead item={item} scope={item.convention ?? "All conventions"} />
      {sums ? <Sums sums={sums} currency={project.currency} verb={item.result ? "changed" : "would change"} /> : null}
      {item.state === "previewed" && preview && preview.conventions.length > 0 ? (
        <Conventions rows={preview.conventions} currency={project.currency} />
      ) : null}
      <PastProgress item={item} />
      {mayAct ? (
        <PastActs
          item={item}
          word="Read them again"
          applying="These spans change on every page: what they are, what they used and what they cost. It is recorded, and it can be undone."
          undoing="Every span that this has read again is read, and costs, as before."
          act={(what, reason) => actOnRemapping(slug, item.id, what, reason)}
          queryKey={remappingsQuery(slug).queryKey}
        />
      ) : null}
    </li>
  )
}

function Sums({ sums, currency, verb }: { sums: RemappingTally; currency: string; verb: string }) {
  const moved = difference(sums)
  const priced = sums.unpriced_before - sums.unpriced_after
  return (
    <p>
      {formatCount(sums.changed)} of {plural(sums.spans, "span")} {verb};{" "}
      <span title={`${sums.before} to ${sums.after} ${currency}`}>
        {displayMoney(sums.before, currency)} to {displayMoney(sums.after, currency)}
      </span>{" "}
      <strong title={`${moved} ${currency}`}>({signed(moved, currency)})</strong>
      {priced > 0 ? `, ${formatCount(priced)} fewer without a price` : ""}
      {priced < 0 ? `, ${formatCount(-priced)} more without a price` : ""}
      {sums.left > 0 ? `, ${formatCount(sums.left)} left as they are, because not all that was sent is kept` : ""}
    </p>
  )
}

type Row = NonNullable<Remapping["preview"]>["conventions"][number]

function Conventions({ rows, currency }: { rows: Row[]; currency: string }) {
  return (
    <div className="table-scroll">
      <table className="table">
        <caption className="sr-only">What would change, by convention</caption>
        <thead>
          <tr>
            <th scope="col">Convention</th>
            <th scope="col">Fields</th>
            {["Spans", "Now", "Then", "Difference"].map((word) => (
              <th key={word} scope="col" className="num">
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const moved = difference(row)
            return (
              <tr key={row.convention}>
                <th scope="row" className="row-head">
                  <span className="price-name">{row.convention}</span>
                </th>
                <td>
                  {Object.entries(row.fields)
                    .map(([field, spans]) => `${field.replace("_", " ")} ${formatCount(spans)}`)
                    .join(", ")}
                </td>
                <td className="num">{formatCount(row.changed)}</td>
                <td className="num" title={row.before}>
                  {displayMoney(row.before, currency)}
                </td>
                <td className="num" title={row.after}>
                  {displayMoney(row.after, currency)}
                </td>
                <td className="num" title={moved}>
                  {signed(moved, currency)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
