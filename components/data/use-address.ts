"use client"

import { usePathname, useSearchParams } from "next/navigation"
import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react"
import { pushAddress } from "@/components/data/href"
import { withQuery } from "@/components/data/http"

type Ahead = { since: string; query: string }

/** What was written while the router still said `since`, a path and its query. One for the page, as its address is: what writes next starts from it. */
let ahead: Ahead | null = null
const readers = new Set<() => void>()

function setAhead(next: Ahead | null): void {
  if (ahead === next) return
  ahead = next
  for (const reader of readers) reader()
}

const forget = () => setAhead(null)

function subscribe(reader: () => void): () => void {
  readers.add(reader)
  // Who goes back meanwhile is where the browser says.
  window.addEventListener("popstate", forget)
  return () => {
    readers.delete(reader)
    if (readers.size === 0) window.removeEventListener("popstate", forget)
  }
}

/**
 * The query of the page's address, and a way to write the address that shows at once: the router says it later, in a
 * transition, and until then a checkbox would jump back to what it was.
 */
export function useAddress(): [params: URLSearchParams, push: (href: string) => void] {
  const routed = useSearchParams().toString()
  const since = withQuery(usePathname(), routed)
  const written = useSyncExternalStore(
    subscribe,
    () => ahead,
    () => null,
  )
  // The router has moved: what it says holds, also when it later comes back to where the change was made.
  useEffect(() => {
    if (ahead !== null && ahead.since !== since) forget()
  }, [since])
  const push = useCallback(
    (href: string) => {
      if (pushAddress(href)) setAhead({ since, query: href.slice(`${href}?`.indexOf("?") + 1) })
    },
    [since],
  )
  const query = written !== null && written.since === since ? written.query : routed
  return [useMemo(() => new URLSearchParams(query), [query]), push]
}
