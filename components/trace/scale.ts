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

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Steps that a clock has words for. */
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
]
const MOST_STEPS = 5

type Ticks = {
  /** From one line to the next, in percent of the scale. */
  apart: number
  labels: { left: number; text: string }[]
}

/** Lines of a scale at round times from its start, five steps at most, all in one unit. */
export function timeTicks({ fromMs, toMs }: Extent): Ticks {
  const whole = toMs - fromMs
  const step = STEPS.find((one) => whole / one <= MOST_STEPS) ?? dayStep(whole)
  const apart = (step / whole) * 100
  const [unit, word] = unitOf(step, whole)
  const labels = Array.from({ length: Math.floor(whole / step) + 1 }, (_, i) => ({
    left: round(apart * i),
    text: i === 0 ? "0" : `${(i * step) / unit} ${word}`,
  }))
  return { apart: round(apart), labels }
}

/** 1, 2 or 5 days, or ten or a hundred times that. */
function dayStep(whole: number): number {
  for (let size = DAY; ; size *= 10)
    for (const count of [1, 2, 5]) if (whole / (count * size) <= MOST_STEPS) return count * size
}

function unitOf(step: number, whole: number): [ms: number, word: string] {
  if (step >= DAY) return [DAY, "d"]
  if (step >= HOUR) return [HOUR, "h"]
  if (step >= MINUTE) return [MINUTE, "min"]
  return whole >= SECOND ? [SECOND, "s"] : [1, "ms"]
}

/** The same text on server and browser, and five lines later still no pixel off. */
const round = (percent: number) => Math.round(percent * 1e4) / 1e4
