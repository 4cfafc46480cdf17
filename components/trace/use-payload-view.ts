"use client"

import { useSearchParams } from "next/navigation"
import { useCallback } from "react"
import { withQuery } from "@/components/data/http"

/**
 * How one kind of payload is read, in the address: chosen once, it holds from span to span and for whom the link is sent to. Passing from one look
 * to another is no stop on the way back.
 */
export function usePayloadView(name: string): [string | null, (view: string) => void] {
  const params = useSearchParams()
  const choose = useCallback(
    (view: string) => {
      const next = new URLSearchParams(window.location.search)
      next.set(name, view)
      next.sort()
      window.history.replaceState(null, "", withQuery(window.location.pathname, next.toString()))
    },
    [name],
  )
  return [params.get(name), choose]
}
