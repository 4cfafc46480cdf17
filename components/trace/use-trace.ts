"use client"

import { useEffect, useMemo, useRef, useState } from "react"
import { buildTrace, NO_TRACE, type Trace, traceSlices } from "@/components/trace/tree"
import type { SpanRow } from "@/lib/contracts/read"

/** Up to this many spans the tree is built while rendering: that is quicker than a frame. */
const AT_ONCE = 1000
/** How long one slice may keep the page from answering, in milliseconds. */
const BUDGET_MS = 12

/**
 * The tree of the spans that are here. Beyond a thousand it is built between frames, and again only when twice as many are here or all are:
 * a run of 50,000 spans keeps the page awake while it arrives.
 */
export function useTrace(spans: readonly SpanRow[], isWhole: boolean): { trace: Trace; isReady: boolean } {
  const small = useMemo(() => (spans.length <= AT_ONCE ? buildTrace(spans) : null), [spans])
  const [built, setBuilt] = useState<{ spans: readonly SpanRow[]; trace: Trace } | null>(null)
  const shown = useRef<{ spans: readonly SpanRow[]; trace: Trace } | null>(null)
  const current = small ? { spans, trace: small } : (built ?? shown.current)
  const isDue =
    current === null ||
    (current.spans !== spans && (isWhole || spans.length >= 2 * current.spans.length || spans.length <= 2 * AT_ONCE))

  useEffect(() => {
    if (small) shown.current = { spans, trace: small }
  }, [small, spans])
  useEffect(() => {
    if (small || !isDue) return
    const stop = new AbortController()
    void inSlices(spans, stop.signal).then((trace) => trace && setBuilt({ spans, trace }))
    return () => stop.abort()
  }, [spans, small, isDue])
  return { trace: current?.trace ?? NO_TRACE, isReady: isWhole && current?.spans === spans }
}

async function inSlices(spans: readonly SpanRow[], signal: AbortSignal): Promise<Trace | null> {
  const slices = traceSlices(spans)
  let until = performance.now() + BUDGET_MS
  while (!signal.aborted) {
    const slice = slices.next()
    if (slice.done) return slice.value
    if (performance.now() < until) continue
    await new Promise((resolve) => setTimeout(resolve))
    until = performance.now() + BUDGET_MS
  }
  return null
}
