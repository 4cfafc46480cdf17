"use client"

import { type KeyboardEvent, useCallback, useEffect, useMemo, useState } from "react"
import { above, visibleRows } from "@/components/trace/read-trace"
import type { Trace, TraceNode } from "@/components/trace/tree"
import type { FetchAhead } from "@/components/trace/use-ahead"
import type { SelectSpan } from "@/components/trace/use-span-param"

/** How long the cursor must rest before the panel follows it. */
const REST_MS = 140
const PAGE = 15

export type TreeState = {
  /** Places of the rows in sight, in order. */
  rows: Int32Array
  folded: ReadonlySet<string>
  cursor: string | null
  /** Counts how often a row was asked for, so that asking twice brings it into sight twice. */
  asked: number
  /** Unfolds what hides a span, puts the cursor on it and brings it into sight. */
  reveal: (index: number, how?: { isSelected?: boolean }) => void
  fold: (span: string, isFolded: boolean) => void
  foldAll: (isFolded: boolean) => void
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
}

/** What is folded and where the cursor stands: that of one sitting, so neither is in the address. */
export function useTreeState(
  trace: Trace,
  selected: string | null,
  select: SelectSpan,
  fetchAhead: FetchAhead,
): TreeState {
  const [folded, setFolded] = useState<ReadonlySet<string>>(NONE)
  const [cursor, setCursor] = useState<string | null>(selected)
  const [asked, setAsked] = useState(0)
  const rows = useMemo(() => visibleRows(trace, folded), [trace, folded])

  const ask = useCallback((span: string) => {
    setCursor(span)
    setAsked((times) => times + 1)
  }, [])
  useEffect(() => {
    if (selected !== null) ask(selected)
  }, [selected, ask])
  const isPassing = selected !== null && cursor !== null && cursor !== selected && trace.byId.has(cursor)
  useEffect(() => {
    if (!isPassing) return
    const timer = window.setTimeout(() => select(cursor, { isPassing: true }), REST_MS)
    return () => window.clearTimeout(timer)
  }, [isPassing, cursor, select])

  const isAhead = cursor !== null && cursor !== selected && trace.byId.has(cursor)
  useEffect(() => fetchAhead(isAhead ? cursor : null), [isAhead, cursor, fetchAhead])

  const fold = useCallback((span: string, isFolded: boolean) => {
    setFolded((before) => {
      if (before.has(span) === isFolded) return before
      const next = new Set(before)
      if (isFolded) next.add(span)
      else next.delete(span)
      return next
    })
  }, [])
  const foldAll = useCallback(
    (isFolded: boolean) => {
      const parents = isFolded ? trace.nodes.filter((node) => node.childCount > 0) : []
      setFolded(new Set(parents.map((node) => node.span.id)))
    },
    [trace],
  )
  const reveal = useCallback(
    (index: number, how?: { isSelected?: boolean }) => {
      const node = trace.nodes[index]
      if (!node) return
      const hiding = above(trace, index)
      setFolded((before) =>
        hiding.some((span) => before.has(span))
          ? new Set([...before].filter((span) => !hiding.includes(span)))
          : before,
      )
      ask(node.span.id)
      if (how?.isSelected) select(node.span.id)
    },
    [trace, select, ask],
  )

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.metaKey || event.ctrlKey || event.altKey || rows.length === 0) return
    const index = cursor === null ? undefined : trace.byId.get(cursor)
    const here = index === undefined ? -1 : placeOf(rows, index)
    const node = index === undefined ? undefined : trace.nodes[index]
    const move = MOVES[event.key]
    if (move) {
      const next = rows[Math.min(rows.length - 1, Math.max(0, move(here, rows.length)))] as number
      ask((trace.nodes[next] as TraceNode).span.id)
    } else if ((event.key === "Enter" || event.key === " ") && node) {
      select(selected === node.span.id ? null : node.span.id)
    } else if (event.key === "ArrowRight" && node) {
      if (folded.has(node.span.id)) fold(node.span.id, false)
      else if (node.size > 0 && index !== undefined) ask((trace.nodes[index + 1] as TraceNode).span.id)
    } else if (event.key === "ArrowLeft" && node) {
      if (node.size > 0 && !folded.has(node.span.id)) fold(node.span.id, true)
      else if (node.parent >= 0) ask((trace.nodes[node.parent] as TraceNode).span.id)
    } else return
    event.preventDefault()
  }
  return { rows, folded, cursor, asked, reveal, fold, foldAll, onKeyDown }
}

const NONE: ReadonlySet<string> = new Set()
const down = (here: number) => here + 1
const up = (here: number) => here - 1
const MOVES: Record<string, (here: number, of: number) => number> = {
  ArrowDown: down,
  j: down,
  ArrowUp: up,
  k: up,
  PageDown: (here) => here + PAGE,
  PageUp: (here) => here - PAGE,
  Home: () => 0,
  End: (_, of) => of - 1,
}

/** Where a place of the list stands among the rows in sight; that of the row which hides it when it is folded away. */
export function placeOf(rows: Int32Array, index: number): number {
  let from = 0
  let to = rows.length - 1
  while (from < to) {
    const middle = (from + to + 1) >> 1
    if ((rows[middle] as number) <= index) from = middle
    else to = middle - 1
  }
  return from
}
