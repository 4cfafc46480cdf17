"use client"

import type { FormEvent } from "react"

/** Finds runs by a text; an emptied field takes the search back. */
export function RunSearch({ text, search }: { text: string | null; search: (text: string | null) => void }) {
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const typed = String(new FormData(event.currentTarget).get("q")).trim()
    search(typed === "" ? null : typed)
  }
  return (
    <form method="dialog" onSubmit={find} className="flex min-w-0 grow items-center gap-2 md:max-w-lg">
      <input
        key={text}
        name="q"
        type="search"
        defaultValue={text ?? ""}
        aria-label="Search runs"
        placeholder="Id, workflow, tag, model or error text"
        maxLength={800}
        className="field min-w-0 grow"
        autoComplete="off"
        spellCheck={false}
        onInput={(event) => {
          // The browser's own cross empties the field without submitting.
          if (event.currentTarget.value === "" && text !== null) search(null)
        }}
      />
      <button type="submit" className="button">
        Find
      </button>
    </form>
  )
}
