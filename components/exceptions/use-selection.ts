"use client"

import { useCallback, useState } from "react"
import type { Exception } from "@/lib/contracts/exceptions"

/** Rows chosen for an act on many; one that leaves the list is not chosen any more. */
export function useSelection(items: readonly Exception[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const toggle = useCallback(
    (id: string) =>
      setIds((before) => {
        const next = new Set(before)
        if (!next.delete(id)) next.add(id)
        return next
      }),
    [],
  )
  const clear = useCallback(() => setIds(new Set()), [])
  return { selected: items.filter(({ id }) => ids.has(id)), has: (id: string) => ids.has(id), toggle, clear }
}
