"use client"

import { useQueryClient } from "@tanstack/react-query"
import { useCallback, useEffect, useRef } from "react"
import { runSpanQuery } from "@/components/data/run"
import { useScope } from "@/components/frame/project"

/** Less than the panel waits before it follows the cursor, more than a key that is held or a pointer that passes takes for a row. */
const REST_MS = 60

export type FetchAhead = (span: string | null) => void

/** Fetches a span before it is opened: the one that the pointer or the cursor rests on. Null: neither does. */
export function useAhead(run: string): FetchAhead {
  const { slug } = useScope()
  const client = useQueryClient()
  const timer = useRef<number | undefined>(undefined)
  useEffect(() => () => window.clearTimeout(timer.current), [])
  return useCallback(
    (span) => {
      window.clearTimeout(timer.current)
      if (span === null) return
      timer.current = window.setTimeout(() => void client.prefetchQuery(runSpanQuery(slug, run, span)), REST_MS)
    },
    [client, slug, run],
  )
}
