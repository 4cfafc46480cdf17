import type { Extent } from "@/components/trace/read-trace"
import type { Trace } from "@/components/trace/tree"

/** What may be left out at most: one instant in four. More is no clock that is off, it is the run. */
const LEFT_OUT = 1 / 4
/** How many times the rest has to fit into the empty time before the odd ones. */
const FAR = 10
const SHORTEST_MS = 1_000
/** Clusters that are looked at: one clock is off, or two. */
const CUTS = 8

/**
 * The time in which nearly everything happened, where a few spans lie so far away that the others would be a hair's breadth: a clock that is days
 * off, or a last step after a night's wait. Null where one scale holds all.
 */
export function crowdOf({ nodes }: Trace): Extent | null {
  const instants = new Float64Array(nodes.length * 2)
  nodes.forEach((node, i) => {
    instants[i * 2] = node.startMs
    instants[i * 2 + 1] = node.endMs ?? node.startMs
  })
  instants.sort()
  let from = 0
  let to = instants.length - 1
  let leastGap = Number.POSITIVE_INFINITY
  let crowd: Extent | null = null
  for (let cut = 0; cut < CUTS && to > from; cut++) {
    const at = widestGap(instants, from, to)
    const isLeft = at - from < to - at
    const left = isLeft ? at - from : to - at + 1
    leastGap = Math.min(leastGap, (instants[at] as number) - (instants[at - 1] as number))
    if (instants.length - (to - from + 1) + left > instants.length * LEFT_OUT) break
    if (isLeft) from = at
    else to = at - 1
    const length = Math.max((instants[to] as number) - (instants[from] as number), SHORTEST_MS)
    if (leastGap > FAR * length) crowd = { fromMs: instants[from] as number, toMs: (instants[from] as number) + length }
  }
  return crowd
}

/** Place of the instant after the longest time in which none lies. */
function widestGap(instants: Float64Array, from: number, to: number): number {
  let at = from + 1
  for (let i = from + 2; i <= to; i++)
    if ((instants[i] as number) - (instants[i - 1] as number) > (instants[at] as number) - (instants[at - 1] as number))
      at = i
  return at
}

/** Which edge of the scale a span lies beyond; null when it lies on it. One without an end reaches to the end of the scale. */
export function beyond(node: { startMs: number; endMs: number | null }, extent: Extent): "before" | "after" | null {
  if (node.startMs > extent.toMs) return "after"
  if (node.endMs !== null && Math.max(node.startMs, node.endMs) < extent.fromMs) return "before"
  return null
}
