"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { type ImportOrder, sendPriceFile } from "@/components/data/prices"
import { useScope } from "@/components/frame/project"
import { Field, FormError, Labelled } from "@/components/ui/field"
import { useToast } from "@/components/ui/toast"
import type { ImportPreview } from "@/lib/contracts/prices"
import { formatCount, plural } from "@/lib/format"
import { displayMoney } from "@/lib/money"

/** List prices from LiteLLM's file: first what it would change, then, when somebody has looked, writing it. */
export function ImportPanel() {
  const { slug } = useScope()
  const client = useQueryClient()
  const toast = useToast()
  const [chosen, choose] = useState<{ file: File; asOf: string } | null>(null)
  const [isConfirmed, confirm] = useState(false)
  const send = useMutation({
    mutationFn: ({ file, order }: { file: File; order: ImportOrder }) => sendPriceFile(slug, file, order),
    onSuccess: (preview) => {
      if (preview.written === null) return
      toast({ text: `${plural(preview.written, "price")} written`, tone: "ok" })
      choose(null)
      return client.invalidateQueries({ queryKey: ["settings", "prices"] })
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const file = data.get("file")
    const asOf = String(data.get("as-of"))
    if (!(file instanceof File)) return
    choose({ file, asOf })
    confirm(false)
    send.mutate({ file, order: { asOf } })
  }
  const preview = send.data?.written === null ? send.data : null
  return (
    <details className="panel">
      <summary className="cursor-pointer px-4 py-3 leading-6 font-strong">Import list prices</summary>
      <div className="flex flex-col gap-4 p-4 pt-0">
        <p className="max-w-[640px] text-ink-11">
          LiteLLM keeps prices of most providers in <code>model_prices_and_context_window.json</code> (MIT licence). The
          file is compared with the list; nothing is written before you have looked. For all projects.
        </p>
        <form method="dialog" onSubmit={submit} className="flex flex-wrap items-end gap-4">
          <Labelled label="File">
            {(ties) => (
              <input {...ties} type="file" name="file" accept=".json,application/json" required className="field" />
            )}
          </Labelled>
          <Field type="date" label="Prices as of (UTC)" name="as-of" />
          <button type="submit" className="button" disabled={send.isPending}>
            Compare
          </button>
        </form>
        <FormError text={send.error?.message ?? null} />
        {preview && chosen ? (
          <>
            <Preview preview={preview} />
            {preview.tenfold > 0 ? (
              <label className="flex items-center gap-2 text-alarm">
                <input type="checkbox" checked={isConfirmed} onChange={(event) => confirm(event.target.checked)} />
                {plural(preview.tenfold, "rate")} of it {preview.tenfold === 1 ? "changes" : "change"} more than
                tenfold, and that is right
              </label>
            ) : null}
            <div>
              <button
                type="button"
                className="button button-primary"
                disabled={
                  send.isPending ||
                  (preview.tenfold > 0 && !isConfirmed) ||
                  preview.added.count + preview.changed.count === 0
                }
                onClick={() =>
                  send.mutate({
                    file: chosen.file,
                    order: { asOf: chosen.asOf, digest: preview.digest, confirm: isConfirmed },
                  })
                }
              >
                Write these prices
              </button>
            </div>
          </>
        ) : null}
      </div>
    </details>
  )
}

function Preview({ preview }: { preview: ImportPreview }) {
  const { added, changed, missing } = preview
  return (
    <div className="flex flex-col gap-3">
      <p>
        {plural(preview.rows, "price")} in the file: {formatCount(added.count)} new, {formatCount(changed.count)}{" "}
        changed, {plural(missing.count, "model")} of the list not in it (they stay in force).
      </p>
      {changed.items.length > 0 ? (
        <div className="table-scroll max-h-96">
          <table className="table">
            <caption className="sr-only">Changed prices, per million tokens</caption>
            <thead>
              <tr>
                <th scope="col">Changed</th>
                <th scope="col">Rate</th>
                <th scope="col" className="num">
                  Now
                </th>
                <th scope="col" className="num">
                  Then
                </th>
              </tr>
            </thead>
            <tbody>
              {changed.items.flatMap((row) =>
                row.changes.map((change) => (
                  <tr
                    key={JSON.stringify([row.provider, row.model, row.service_tier, row.prompt_above, change.rate])}
                    className={change.is_tenfold ? "text-alarm" : ""}
                  >
                    <th scope="row" className="row-head">
                      <span className="price-name">
                        {row.provider} / {row.model}
                        {row.service_tier === "standard" ? "" : `, ${row.service_tier}`}
                        {row.prompt_above > 0 ? `, above ${formatCount(row.prompt_above)}` : ""}
                      </span>
                    </th>
                    <td>
                      {change.rate.replaceAll("_", " ")}
                      {change.is_tenfold ? ", more than tenfold" : ""}
                    </td>
                    <td className="num">{change.before === null ? "–" : displayMoney(change.before)}</td>
                    <td className="num">{change.after === null ? "–" : displayMoney(change.after)}</td>
                  </tr>
                )),
              )}
            </tbody>
          </table>
        </div>
      ) : null}
      <Names title={`New: ${formatCount(added.count)}`} items={added.items} count={added.count} />
      <Names title={`Not in the file: ${formatCount(missing.count)}`} items={missing.items} count={missing.count} />
    </div>
  )
}

function Names({
  title,
  items,
  count,
}: {
  title: string
  items: { provider: string; model: string }[]
  count: number
}) {
  if (count === 0) return null
  const names = [...new Set(items.map(({ provider, model }) => `${provider} / ${model}`))]
  return (
    <details>
      <summary className="cursor-pointer text-label text-ink-11">{title}</summary>
      <p className="mt-1 text-label break-words text-ink-11">
        {names.join(", ")}
        {count > items.length ? ` and ${formatCount(count - items.length)} more` : ""}
      </p>
    </details>
  )
}
