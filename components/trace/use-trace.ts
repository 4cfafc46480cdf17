"use client"

import { useEffect, useMemo, useRef, useState } from "react"
import { NO_READINGS, type Readings, readingSlices } from "@/components/trace/read-trace"
import { atOnce, NO_TRACE, type Trace, traceSlices } from "@/components/trace/tree"
import type { SpanRow } from "@/lib/contracts/read"

/** Up to this many spans the tree is built while rendering: that is quicker than a frame. */
const AT_ONCE = 1000
/** How long one slice may keep the page from answering, in milliseconds. */
const BUDGET_MS = 12

type Built = { spans: readonly SpanRow[]; trace: Trace; readings: Readings }
export type BuiltTrace = {
  trace: Trace
  readings: Readings
  /** All spans are here and in the tree: sums over subtrees are final. */
  isReady: boolean
}

/**
 * The tree of the spans that are here. Beyond a thousand it is built between frames, and again only when twice as many are here or all are:
 * a run of 50,000 spans keeps the page awake while it arrives.
 */
export function useTrace(spans: readonly SpanRow[], isWhole: boolean): BuiltTrace {
  const small = useMemo(() => (spans.length <= AT_ONCE ? atOnce(slices(spans)) : null), [spans])
  const [large, setLarge] = useState<Built | null>(null)
  const shown = useRef<Built | null>(null)
  const current = small ?? large ?? shown.current
  const isDue =
    current === null ||
    (current.spans !== spans && (isWhole || spans.length >= 2 * current.spans.length || spans.length <= 2 * AT_ONCE))

  useEffect(() => {
    if (small) shown.current = small
  }, [small])
  useEffect(() => {
    if (small || !isDue) return
    const stop = new AbortController()
    void withPauses(slices(spans), stop.signal).then((built) => built && setLarge(built))
    return () => stop.abort()
  }, [spans, small, isDue])
  return {
    trace: current?.trace ?? NO_TRACE,
    readings: current?.readings ?? NO_READINGS,
    isReady: isWhole && current?.spans === spans,
  }
}

function* slices(spans: readonly SpanRow[]): Generator<undefined, Built> {
  const trace = yield* traceSlices(spans)
  return { spans, trace, readings: yield* readingSlices(trace) }
}

async function withPauses<T>(work: Generator<undefined, T>, signal: AbortSignal): Promise<T | null> {
  let until = performance.now() + BUDGET_MS
  while (!signal.aborted) {
    const slice = work.next()
    if (slice.done) return slice.value
    if (performance.now() < until) continue
    await new Promise((resolve) => setTimeout(resolve))
    until = performance.now() + BUDGET_MS
  }
  return null
}
