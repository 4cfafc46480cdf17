"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type { FormEvent } from "react"
import { addDiscount, discountsQuery } from "@/components/data/prices"
import { useScope } from "@/components/frame/project"
import { Field, FormError } from "@/components/ui/field"
import { When } from "@/components/ui/figures"
import { Panel } from "@/components/ui/panel"
import { toIso } from "@/lib/time"
import { whoOf } from "@/lib/who"
import { startOfDay } from "@/lib/zoned-day"

/** What the project pays less than the list, by provider and date. */
export function DiscountsPanel({ mayAct }: { mayAct: boolean }) {
  const { project, slug } = useScope()
  const client = useQueryClient()
  const query = useQuery(discountsQuery(slug))
  const add = useMutation({
    mutationFn: (draft: Parameters<typeof addDiscount>[1]) => addDiscount(slug, draft),
    onSuccess: (list) => client.setQueryData(discountsQuery(slug).queryKey, list),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const data = new FormData(form)
    const text = (name: string) => String(data.get(name) ?? "").trim()
    add.mutate(
      {
        provider: text("provider"),
        percent: text("percent"),
        valid_from: toIso(startOfDay(text("since"), project.zone)),
        reason: text("reason"),
      },
      { onSuccess: () => form.reset() },
    )
  }
  return (
    <Panel title="Discounts" query={query} minHeight={96}>
      {(list) => (
        <>
          {list.items.length === 0 ? (
            <p className="p-4 text-ink-11">
              None: what we compute is the list price. A discount is off the list price of a provider; own prices are
              net.
            </p>
          ) : (
            <div className="table-scroll">
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">Provider</th>
                    <th scope="col" className="num">
                      Off
                    </th>
                    <th scope="col">Since</th>
                    <th scope="col">Why, by whom</th>
                  </tr>
                </thead>
                <tbody>
                  {list.items.map((row) => (
                    <tr key={row.id} className={row.is_in_force ? "" : "text-ink-10"}>
                      <th scope="row" className="row-head">
                        <span className="price-name">{row.provider}</span>
                      </th>
                      <td className="num">{row.percent} %</td>
                      <td className="whitespace-nowrap">
                        <When at={row.valid_from} />
                      </td>
                      <td className="max-w-64 truncate" title={row.reason}>
                        {row.reason}, {whoOf(row.created_by)}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {mayAct ? (
            <details className="border-t border-line">
              <summary className="cursor-pointer px-4 py-3">Add a discount</summary>
              <form method="dialog" onSubmit={submit} className="flex max-w-[720px] flex-col gap-4 p-4 pt-0">
                <div className="price-fields">
                  <Field label="Provider" name="provider" />
                  <Field label="Percent off the list price" name="percent" hint="0 ends a discount" />
                  <Field type="date" label={`Since (${project.zone})`} name="since" />
                  <Field label="Contract or reason" name="reason" />
                </div>
                <FormError text={add.error?.message ?? null} />
                <div>
                  <button type="submit" className="button button-primary" disabled={add.isPending}>
                    Add the discount
                  </button>
                </div>
              </form>
            </details>
          ) : null}
        </>
      )}
    </Panel>
  )
}
