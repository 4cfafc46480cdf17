"use client"

import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useEffect, useRef } from "react"
import { boardQuery, todaysQuality } from "@/components/data/board"
import { BOARD_DEFAULTS } from "@/components/data/defaults"
import { useLive } from "@/components/data/live"
import { qualityQuery } from "@/components/data/quality"
import { useFilters } from "@/components/data/use-filters"

/** The board sums up a whole project: it follows the stream at this pace, and the clock at the next. */
const LIVE_MS = 5_000
const CLOCK_MS = 60_000

export function useBoard() {
  const { filters, change } = useFilters(BOARD_DEFAULTS)
  const client = useQueryClient()
  const board = useQuery({ ...boardQuery(filters), refetchInterval: CLOCK_MS })
  const quality = useQuery(qualityQuery(todaysQuality(filters)))
  const { heardAt } = useLive()
  const timer = useRef<number | null>(null)
  const seen = useRef<number | null>(null)

  useEffect(() => {
    // The first word from the stream is that it is open: the data came with the page.
    const isFirst = seen.current === null
    seen.current = heardAt
    if (heardAt === null || isFirst) return
    timer.current ??= window.setTimeout(() => {
      timer.current = null
      // Nobody looks: it is read when somebody does again.
      const refetchType = document.visibilityState === "visible" ? "active" : "none"
      void client.invalidateQueries({ queryKey: ["board"], refetchType })
    }, LIVE_MS)
  }, [heardAt, client])
  useEffect(
    () => () => {
      if (timer.current !== null) window.clearTimeout(timer.current)
    },
    [],
  )
  return { filters, change, board, quality }
}
