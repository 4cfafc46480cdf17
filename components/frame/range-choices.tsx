"use client"

import type { FormEvent } from "react"
import { shiftDay } from "@/components/frame/range-words"

type RangeChoicesProps = {
  presets: readonly (readonly [string, string])[]
  /** The preset in force, null when dates are. */
  last: string | null
  from: string | null
  to: string | null
  zone: string
  write: (range: Record<string, string>) => void
}

/** Presets stay presets in the address; a range of one's own is two dates in the reporting zone, the last one included. */
export function RangeChoices({ presets, last, from, to, zone, write }: RangeChoicesProps) {
  const applyDates = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    // Two dates are a range in either order.
    const [first = "", final = ""] = [String(form.get("first")), String(form.get("final"))].sort()
    write({ from: first, to: shiftDay(final, 1) })
  }
  return (
    <>
      <ul className="menu range-menu">
        {presets.map(([value, word]) => (
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
      <form method="dialog" onSubmit={applyDates} className="flex flex-col gap-2 border-t border-line p-3">
        <label className="flex items-center justify-between gap-2 text-label text-ink-11">
          First day
          <input className="field" type="date" name="first" required defaultValue={from?.slice(0, 10)} />
        </label>
        <label className="flex items-center justify-between gap-2 text-label text-ink-11">
          Last day
          <input className="field" type="date" name="final" required defaultValue={lastDay(to)} />
        </label>
        <button type="submit" className="button">
          Show these days
        </button>
        <p className="text-label text-ink-10">Days of {zone}.</p>
      </form>
    </>
  )
}

/** The last day that a half-open end leaves in. */
function lastDay(to: string | null): string | undefined {
  return to === null ? undefined : to.length === 10 ? shiftDay(to, -1) : to.slice(0, 10)
}
