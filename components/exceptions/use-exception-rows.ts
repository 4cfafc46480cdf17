"use client"

import { type FocusEvent, type KeyboardEvent, useEffect, useRef } from "react"
import { pressActKey } from "@/components/exceptions/act-keys"
import { useRowKeys } from "@/components/ui/row-keys"

/** Keys of the list: j and k between its rows, x to select, letters for the acts of the row that has the focus. */
export function useExceptionRows(ids: readonly string[], select: (id: string) => void) {
  const ref = useRef<HTMLUListElement>(null)
  const focused = useRef<{ id: string; index: number } | null>(null)
  const rowKeys = useRowKeys()
  const shown = ids.join()
  // A row that leaves the list while it has the focus hands it to the one that takes its place: the next key goes on where the last one was.
  useEffect(() => {
    const last = focused.current
    const list = shown.split(",")
    if (last === null || list.includes(last.id) || document.activeElement !== document.body) return
    const rows = ref.current?.querySelectorAll<HTMLElement>("[data-row]") ?? []
    rows[Math.min(last.index, rows.length - 1)]?.querySelector("a")?.focus()
  }, [shown])
  return {
    ref,
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const row = (event.target as HTMLElement).closest<HTMLElement>("[data-exception]")
      if (row && event.key === "x" && !event.metaKey && !event.ctrlKey && !event.altKey) {
        event.preventDefault()
        select(row.dataset.exception ?? "")
      } else if (row && pressActKey(event, row)) event.preventDefault()
      else rowKeys(event)
    },
    onFocus: (event: FocusEvent<HTMLElement>) => {
      const row = (event.target as HTMLElement).closest<HTMLElement>("[data-exception]")
      const index = row ? [...(ref.current?.children ?? [])].indexOf(row) : -1
      if (row) focused.current = { id: row.dataset.exception ?? "", index }
    },
  }
}
