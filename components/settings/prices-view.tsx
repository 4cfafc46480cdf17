"use client"

import { useInfiniteQuery } from "@tanstack/react-query"
import { useEffect, useMemo, useRef, useState } from "react"
import { pricesQuery } from "@/components/data/settings"
import { useParam } from "@/components/data/use-filters"
import { useScope } from "@/components/frame/project"
import { OwnPriceForm } from "@/components/settings/own-price-form"
import { useClock } from "@/components/ui/clock"
import { Modal } from "@/components/ui/modal"
import { FilteredOut, Panel } from "@/components/ui/panel"
import type { PriceRow } from "@/lib/contracts/settings"
import { formatCount, formatExact, formatInstant } from "@/lib/format"
import { displayMoney } from "@/lib/money"

const TYPING_MS = 200
/** Rows of the price book that were always so. */
const ALWAYS = "2000-01-01T00:00:00.000Z"

/** What a call costs today, per million tokens, and where we have it from. */
export function PricesView({ mayPrice }: { mayPrice: boolean }) {
  const { slug } = useScope()
  const [q, setQ] = useParam("q")
  const query = useInfiniteQuery(pricesQuery(slug, q === "" ? null : q))
  const [isAdding, setAdding] = useState(false)
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data])
  return (
    <Panel
      title="Prices in force"
      query={{ ...query, data: rows, isPlaceholderData: query.isPlaceholderData }}
      minHeight={420}
      isEmpty={(list) => list.length === 0}
      empty={<FilteredOut what="price" filters={`"${q ?? ""}" in its name`} clear={() => setQ(null)} />}
      actions={
        <>
          {mayPrice ? (
            <button type="button" className="button button-quiet" onClick={() => setAdding(true)}>
              Add a price
            </button>
          ) : null}
          <Modal open={isAdding} onClose={() => setAdding(false)} label="Add a price">
            <h2 className="mb-3 font-strong">A price of your own</h2>
            <OwnPriceForm past={null} onDone={() => setAdding(false)} />
          </Modal>
          <Search value={q} onChange={setQ} />
        </>
      }
    >
      {(list) => (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard */}
          <section className="table-scroll" aria-label="Prices" tabIndex={0}>
            <table className="table price-table">
              <caption className="sr-only">Prices per million tokens</caption>
              <thead>
                <tr>
                  <th scope="col">Provider / model</th>
                  {["Input", "Cache read", "Cache write", "1 hour", "Output", "Reasoning"].map((word) => (
                    <th key={word} scope="col" className="num">
                      {word}
                    </th>
                  ))}
                  <th scope="col">Since</th>
                  <th scope="col">Source</th>
                </tr>
              </thead>
              <tbody>
                {list.map((row) => (
                  <Price key={row.id} row={row} />
                ))}
              </tbody>
            </table>
          </section>
          <p className="flex flex-wrap items-center justify-between gap-2 border-t border-line p-2 px-4 text-label text-ink-10">
            <span>
              Per million tokens. An empty rate is billed like input, or output for reasoning. A price is stored with
              each call: a later one changes nothing before.
            </span>
            {query.hasNextPage ? (
              <button
                type="button"
                className="button button-quiet"
                disabled={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                Show more
              </button>
            ) : null}
          </p>
        </>
      )}
    </Panel>
  )
}

function Search({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  const timer = useRef<number | undefined>(undefined)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => () => window.clearTimeout(timer.current), [])
  useEffect(() => {
    // Back and forward change the address under the field; what is being typed is left alone.
    if (input.current && document.activeElement !== input.current) input.current.value = value ?? ""
  }, [value])
  return (
    <input
      ref={input}
      type="search"
      className="field w-56"
      aria-label="Search provider or model"
      placeholder="Provider or model"
      maxLength={200}
      defaultValue={value ?? ""}
      onChange={(event) => {
        const text = event.target.value.trim()
        window.clearTimeout(timer.current)
        timer.current = window.setTimeout(() => onChange(text === "" ? null : text), TYPING_MS)
      }}
    />
  )
}

const PIECES = [
  ["image", "an image"],
  ["search", "a search"],
  ["request", "a request"],
] as const
const isZero = (rate: string): boolean => /^0(\.0*)?$/.test(rate)

function Price({ row }: { row: PriceRow }) {
  const { now, zone } = useClock()
  const { rates, currency } = row
  // A list that sells by the piece writes 0 where it has no rate for tokens.
  const isByPiece = PIECES.some(([piece]) => row.pieces[piece] !== null)
  return (
    <tr>
      <th scope="row" className="row-head" title={`${row.provider} / ${row.model}`}>
        <span className="flex min-w-0 items-baseline gap-x-2 max-md:flex-wrap max-md:py-1">
          <span className="price-name">
            <span className="text-ink-10">{row.provider} / </span>
            {row.model}
          </span>
          {row.is_own ? <span className="setting-mark">own</span> : null}
          {row.service_tier === "standard" ? null : <span className="setting-mark">{row.service_tier}</span>}
          {row.prompt_above > 0 ? (
            <span className="setting-mark" title="Holds for prompts of more tokens than this">
              above {formatCount(row.prompt_above)}
            </span>
          ) : null}
          {PIECES.map(([piece, word]) => {
            const price = row.pieces[piece]
            return price === null ? null : (
              <span key={piece} className="setting-mark" title={`${price} ${currency} ${word}`}>
                {displayMoney(price, currency)} {word}
              </span>
            )
          })}
        </span>
      </th>
      {[rates.input, rates.cache_read, rates.cache_write, rates.cache_write_1h, rates.output, rates.reasoning].map(
        (rate, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the columns are fixed
          <td key={i} className="num" title={rate === null ? undefined : `${rate} ${currency} per million tokens`}>
            {rate === null || (isByPiece && isZero(rate)) ? (
              <span className="text-ink-10">–</span>
            ) : (
              displayMoney(rate, currency)
            )}
          </td>
        ),
      )}
      <td className="whitespace-nowrap text-ink-11" title={formatExact(row.valid_from, zone)}>
        {row.valid_from === ALWAYS ? "always" : formatInstant(row.valid_from, zone, now)}
        {row.next_valid_from ? (
          <span className="block text-label text-alarm">changes {formatInstant(row.next_valid_from, zone, now)}</span>
        ) : null}
      </td>
      <td className="max-w-40 truncate text-ink-11" title={`${row.source}, ${row.source_date}`}>
        {row.source_date}, {row.source}
      </td>
    </tr>
  )
}
