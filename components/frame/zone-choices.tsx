"use client"

import { type FormEvent, useId, useState } from "react"
import { isZone } from "@/lib/time"

type ZoneChoicesProps = {
  /** The zone in force. */
  zone: string
  projectZone: string
  /** Null goes back to the project's. */
  write: (zone: string | null) => void
}

/** The project's zone, that of this browser, UTC, or any by its IANA name. Only ever drawn on demand: the server does not know the browser's zone. */
export function ZoneChoices({ zone, projectZone, write }: ZoneChoicesProps) {
  const id = useId()
  const [refused, setRefused] = useState<string | null>(null)
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  const known = [
    [projectZone, "the project's"],
    ...(own && own !== projectZone ? [[own, "this browser's"]] : []),
    ...(projectZone !== "UTC" && own !== "UTC" ? [["UTC", ""]] : []),
  ] as const
  const apply = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const wanted = String(new FormData(event.currentTarget).get("zone")).trim()
    if (/^[A-Za-z]/.test(wanted) && isZone(wanted)) write(wanted === projectZone ? null : wanted)
    else setRefused(wanted)
  }
  return (
    <>
      <ul className="menu">
        {known.map(([name = "", note]) => (
          <li key={name}>
            <button
              type="button"
              className="menu-item"
              aria-pressed={zone === name}
              onClick={() => write(name === projectZone ? null : name)}
            >
              {name} {note ? <span className="text-ink-10">({note})</span> : null}
            </button>
          </li>
        ))}
      </ul>
      <form method="dialog" onSubmit={apply} className="flex flex-col gap-2 border-t border-line p-3">
        <label className="text-label text-ink-11" htmlFor={id}>
          Another zone
        </label>
        <div className="flex gap-2">
          <input
            id={id}
            name="zone"
            className="field min-w-0 grow"
            list={`${id}-zones`}
            placeholder="Europe/Berlin"
            autoComplete="off"
            spellCheck={false}
            required
            aria-invalid={refused !== null || undefined}
            aria-describedby={`${id}-note`}
          />
          <button type="submit" className="button">
            Show
          </button>
        </div>
        <datalist id={`${id}-zones`}>
          {Intl.supportedValuesOf("timeZone").map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <p id={`${id}-note`} role="status" className="text-label text-ink-10 break-words">
          {refused === null ? "Days and hours are cut in this zone." : `There is no zone "${refused.slice(0, 60)}".`}
        </p>
      </form>
    </>
  )
}
