"use client"

import { useSearchParams } from "next/navigation"
import { useCallback } from "react"
import { withQuery } from "@/components/data/http"

export type SelectSpan = (span: string | null, how?: { isPassing?: boolean }) => void

/** The selected span, in the address. Passing from row to row with the panel open is no stop on the way back. */
export function useSpanParam(): [string | null, SelectSpan] {
  const params = useSearchParams()
  const select = useCallback<SelectSpan>((span, how) => {
    const next = new URLSearchParams(window.location.search)
    if (span === null) next.delete("span")
    else next.set("span", span)
    next.sort()
    const address = withQuery(window.location.pathname, next.toString())
    if (how?.isPassing) window.history.replaceState(null, "", address)
    else window.history.pushState(null, "", address)
  }, [])
  return [params.get("span"), select]
}
