"use client"

import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { type Past, PastHead, PastProgress, RangeFields } from "@/components/settings/past-act"
import { difference, signed } from "@/components/settings/past-money"
import { DialogForm } from "@/components/ui/dialog-form"
import { Field } from "@/components/ui/field"
import { Panel, type PanelQuery } from "@/components/ui/panel"
import { formatCount } from "@/lib/format"

type PastPanelProps<T> = {
  title: string
  query: PanelQuery<{ items: T[] }>
  /** What it is for, while nobody has done it yet. */
  empty: string
  /** The button and form that begin one; null for who may only look. */
  begin: ReactNode
  children: (item: T) => ReactNode
}

/** Acts upon the past of one sort, the newest first, and the way to begin another. */
export function PastPanel<T extends { id: string | number }>(props: PastPanelProps<T>) {
  return (
    <Panel
      title={props.title}
      query={props.query}
      minHeight={72}
      isEmpty={(list) => list.items.length === 0}
      empty={<p className="text-ink-11">{props.empty}</p>}
      actions={props.begin}
    >
      {(list) => (
        <ul>
          {list.items.map((item) => (
            <li key={item.id} className="flex flex-col gap-2 border-t border-line p-4 first:border-t-0">
              {props.children(item)}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

type PastItemProps = {
  item: Past
  /** What it is of, in words. */
  scope: string
  sums: ReactNode
  table: ReactNode
  /** What may be done with it; null for who may only look. */
  acts: ReactNode
}

export function PastItem({ item, scope, sums, table, acts }: PastItemProps) {
  return (
    <>
      <PastHead item={item} scope={scope} />
      {sums}
      {table}
      <PastProgress item={item} />
      {acts}
    </>
  )
}

type PastBeginProps = {
  word: string
  /** What narrows the range, beside its days. */
  fields: ReactNode
  begin: (data: FormData) => Promise<unknown>
  queryKey: QueryKey
}

/** Asks for a range and a reason, and has the preview made. */
export function PastBegin({ word, fields, begin, queryKey }: PastBeginProps) {
  const client = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const beginning = useMutation({
    mutationFn: begin,
    onSuccess: () => setOpen(false),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
  return (
    <>
      <button type="button" className="button button-quiet" onClick={() => setOpen(true)}>
        {word}
      </button>
      <DialogForm
        label={word}
        open={isOpen}
        word="Preview"
        act={beginning}
        close={() => setOpen(false)}
        submit={beginning.mutate}
      >
        <h2 className="font-strong">{word}</h2>
        <div className="price-fields">
          <RangeFields />
          {fields}
        </div>
        <Field label="Why" name="reason" />
      </DialogForm>
    </>
  )
}

type PastRow = {
  key: string
  name: string
  /** Between the name and the numbers, where there is more to say. */
  note?: string
  changed: number
  before: string
  after: string
  /** Before and after as they are shown. */
  words: readonly [string, string]
}
type PastTableProps = { caption: string; heads: readonly string[]; unit: string; rows: PastRow[]; currency: string }

/** What would change, part by part: how many, from what to what. @param heads of the columns before the numbers. */
export function PastTable({ caption, heads, unit, rows, currency }: PastTableProps) {
  return (
    <div className="table-scroll">
      <table className="table">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {heads.map((word) => (
              <th key={word} scope="col">
                {word}
              </th>
            ))}
            {[unit, "Now", "Then", "Difference"].map((word) => (
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
              <tr key={row.key}>
                <th scope="row" className="row-head">
                  <span className="price-name">{row.name}</span>
                </th>
                {row.note === undefined ? null : <td>{row.note}</td>}
                <td className="num">{formatCount(row.changed)}</td>
                <td className="num" title={row.before}>
                  {row.words[0]}
                </td>
                <td className="num" title={row.after}>
                  {row.words[1]}
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
