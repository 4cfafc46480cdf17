"use client"

import { usePathname, useSearchParams } from "next/navigation"
import { type FormEvent, useRef } from "react"
import { withQuery } from "@/components/data/http"
import { defaultLast } from "@/components/frame/pages"
import { useClock } from "@/components/ui/clock"

const PRESETS = [
  ["24h", "24 h"],
  ["7d", "7 d"],
  ["30d", "30 d"],
  ["90d", "90 d"],
  ["mtd", "Month"],
] as const
const MORE_PRESETS = [
  ["1h", "Last hour"],
  ["6h", "Last 6 hours"],
  ["today", "Today"],
  ["last_month", "Last month"],
  ["365d", "Last 365 days"],
] as const

/** Presets stay presets in the address; a range of one's own is two dates in the reporting zone, the last one included. */
export function RangePicker() {
  const path = usePathname()
  const params = useSearchParams()
  const { zone } = useClock()
  const details = useRef<HTMLDetailsElement>(null)
  const otherwise = defaultLast(path)
  if (otherwise === null) return null
  const from = params.get("from")
  const last = from ? null : (params.get("last") ?? otherwise)

  const write = (range: Record<string, string>) => {
    const next = new URLSearchParams(params)
    for (const name of ["last", "from", "to", "cursor", "span"]) next.delete(name)
    for (const [name, value] of Object.entries(range)) next.set(name, value)
    next.sort()
    window.history.pushState(null, "", withQuery(path, next.toString()))
    if (details.current) details.current.open = false
  }
  const applyDates = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    // Two dates are a range in either order.
    const [first = "", final = ""] = [String(form.get("first")), String(form.get("final"))].sort()
    write({ from: first, to: dayAfter(final) })
  }
  const extra = MORE_PRESETS.find(([value]) => value === last)
  return (
    <div className="flex items-center gap-2">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row with a legend */}
      <div role="group" aria-label="Range" className="segments max-md:hidden">
        {PRESETS.map(([value, word]) => (
          <button key={value} type="button" aria-pressed={last === value} onClick={() => write({ last: value })}>
            {word}
          </button>
        ))}
      </div>
      <select
        aria-label="Range"
        className="field w-24 md:hidden"
        value={last ?? "custom"}
        onChange={(event) => write({ last: event.target.value })}
      >
        {[...PRESETS, ...MORE_PRESETS].map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
        {last === null ? <option value="custom">Dates</option> : null}
      </select>
      <details ref={details} className="popover max-md:hidden">
        <summary className="button">{from ? `${from.slice(0, 10)} …` : extra ? extra[1] : "More"}</summary>
        <div className="popover-box w-72">
          <ul className="flex flex-col">
            {MORE_PRESETS.map(([value, word]) => (
              <li key={value}>
                <button
                  type="button"
                  className="menu-item"
                  aria-pressed={last === value}
                  onClick={() => write({ last: value })}
                >
                  {word}
                </button>
              </li>
            ))}
          </ul>
          <form onSubmit={applyDates} className="flex flex-col gap-2 border-t border-line p-3">
            <label className="flex items-center justify-between gap-2 text-label text-ink-11">
              First day <input className="field" type="date" name="first" required />
            </label>
            <label className="flex items-center justify-between gap-2 text-label text-ink-11">
              Last day <input className="field" type="date" name="final" required />
            </label>
            <button type="submit" className="button">
              Show these days
            </button>
            <p className="text-label text-ink-10">Days of {zone}.</p>
          </form>
        </div>
      </details>
    </div>
  )
}

/** The day after a `YYYY-MM-DD`: ranges are half-open. */
function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}
