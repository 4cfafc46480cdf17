"use client"

import { useSearchParams } from "next/navigation"
import { useCallback, useMemo, useState } from "react"
import { pushAddress } from "@/components/data/href"

type Ahead = { since: string; query: string }

/**
 * The query of the page's address, and a way to write the address that shows at once: the router says it later, in a
 * transition, and until then a checkbox would jump back to what it was.
 */
export function useAddress(): [params: URLSearchParams, push: (href: string) => void] {
  const params = useSearchParams()
  const since = params.toString()
  const [ahead, setAhead] = useState<Ahead | null>(null)
  // The router has moved: what it says holds, also when it later comes back to where the change was made.
  if (ahead !== null && ahead.since !== since) setAhead(null)
  const push = useCallback(
    (href: string) => {
      if (pushAddress(href)) setAhead({ since, query: href.slice(`${href}?`.indexOf("?") + 1) })
    },
    [since],
  )
  const query = ahead !== null && ahead.since === since ? ahead.query : since
  return [useMemo(() => new URLSearchParams(query), [query]), push]
}
