import { beyond, crowdOf } from "@/components/trace/scale"
import { isBad, type Trace, type TraceNode } from "@/components/trace/tree"

/** Questions about a built trace; all pure, each one walk over the list at most. */

/** What the bars are measured against: from the first start to the last known moment. */
export type Extent = { fromMs: number; toMs: number }

/** @param known the run's own first and last moment, so that bars stay where they are while more spans arrive. */
export function extentOf({ nodes }: Trace, known: Extent | null): Extent {
  let fromMs = known?.fromMs ?? Number.POSITIVE_INFINITY
  let toMs = known?.toMs ?? Number.NEGATIVE_INFINITY
  for (const node of nodes) {
    if (node.startMs < fromMs) fromMs = node.startMs
    if (node.parent < 0 && node.lastMs > toMs) toMs = node.lastMs
  }
  return { fromMs, toMs: Math.max(toMs, fromMs + 1) }
}

/** The bars of one span with all below it. */
export function extentBelow({ nodes }: Trace, index: number): Extent {
  const top = nodes[index] as TraceNode
  let fromMs = top.startMs
  for (let i = index + 1; i <= index + top.size; i++) fromMs = Math.min(fromMs, (nodes[i] as TraceNode).startMs)
  return { fromMs, toMs: Math.max(top.lastMs, fromMs + 1) }
}

/** Left edge and width of a bar in percent; two decimals are finer than any screen, and the same text on server and browser. */
export function barOf(node: TraceNode, { fromMs, toMs }: Extent): { left: number; width: number } {
  const percent = (ms: number) => Math.min(100, Math.max(0, ((ms - fromMs) / (toMs - fromMs)) * 100))
  const left = percent(node.startMs)
  const right = percent(Math.max(node.endMs ?? toMs, node.startMs))
  return { left: Math.round(left * 100) / 100, width: Math.round((right - left) * 100) / 100 }
}

export const tookOf = (node: TraceNode): number | null =>
  node.endMs === null ? null : Math.max(0, node.endMs - node.startMs)

/** Places of the rows in sight: what is below a folded span is passed over. */
export function visibleRows({ nodes }: Trace, folded: ReadonlySet<string>): Int32Array {
  const rows = new Int32Array(nodes.length)
  let count = 0
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as TraceNode
    rows[count++] = i
    if (node.size > 0 && folded.has(node.span.id)) i += node.size
  }
  return rows.subarray(0, count)
}

/** Ids of the spans above one, nearest first. */
export function above({ nodes }: Trace, index: number): string[] {
  const ids: string[] = []
  for (let at = nodes[index]?.parent ?? -1; at >= 0; at = nodes[at]?.parent ?? -1)
    ids.push((nodes[at] as TraceNode).span.id)
  return ids
}

/** From the root that costs most down to the call that costs most, each time into the costlier subtree; empty when nothing has a price. */
export function costliestPath({ nodes }: Trace): number[] {
  const path: number[] = []
  let from = 0
  let to = nodes.length
  for (;;) {
    let best = -1
    for (let i = from; i < to; i += (nodes[i] as TraceNode).size + 1) {
      const cost = (nodes[i] as TraceNode).total.cost
      if (cost !== null && cost > 0n && (best < 0 || cost > ((nodes[best] as TraceNode).total.cost ?? 0n))) best = i
    }
    if (best < 0) return path
    path.push(best)
    from = best + 1
    to = best + 1 + (nodes[best] as TraceNode).size
  }
}

/** The earliest failure that no failure below it explains; -1 without one. */
export function firstFailure({ nodes }: Trace): number {
  let found = -1
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as TraceNode
    if (!isBad(node.span) || node.total.errors > 1) continue
    if (found < 0 || node.startMs < (nodes[found] as TraceNode).startMs) found = i
  }
  return found
}

/** Places of the spans whose name, model, error, step or id holds the words, in the order of the list. */
export function findSpans({ nodes }: Trace, words: string): number[] {
  const wanted = words.trim().toLowerCase()
  if (wanted === "") return []
  const holds = (text: string | null) => text?.toLowerCase().includes(wanted)
  const found: number[] = []
  for (let i = 0; i < nodes.length; i++) {
    const { name, model, error, step, id, kind } = (nodes[i] as TraceNode).span
    if (holds(name) || holds(model) || holds(error) || holds(step) || holds(id) || kind === wanted) found.push(i)
  }
  return found
}

/** Time of a span in which nothing directly below it ran; null without an end. */
export function selfTime({ nodes }: Trace, index: number): number | null {
  const node = nodes[index] as TraceNode
  if (node.endMs === null) return null
  let covered = 0
  let reached = node.startMs
  for (let i = index + 1; i <= index + node.size; i += (nodes[i] as TraceNode).size + 1) {
    const child = nodes[i] as TraceNode
    const from = Math.max(child.startMs, reached)
    const to = Math.min(child.endMs ?? node.endMs, node.endMs)
    if (to <= from) continue
    covered += to - from
    reached = to
  }
  return Math.max(0, node.endMs - node.startMs - covered)
}

/** What the page says of a trace as a whole; made with it, because a walk over 50,000 spans is no work for a render. */
export type Readings = {
  extent: Extent
  /** The extent leaves out spans that lie far from the others: the run's own moments do not stretch it again. */
  isCut: boolean
  most: bigint
  path: readonly number[]
  failure: number
  flaws: readonly Flaw[]
}

export const NO_READINGS: Readings = {
  extent: { fromMs: 0, toMs: 1 },
  isCut: false,
  most: 0n,
  path: [],
  failure: -1,
  flaws: [],
}

export function* readingSlices(trace: Trace): Generator<undefined, Readings> {
  const crowd = crowdOf(trace)
  const extent = crowd ?? extentOf(trace, null)
  yield
  const path = costliestPath(trace)
  const most = path.length > 0 ? (trace.nodes[path[0] as number]?.total.cost ?? 0n) : 0n
  yield
  const failure = firstFailure(trace)
  yield
  return { extent, isCut: crowd !== null, most, path, failure, flaws: flawsOf(trace, crowd) }
}

export type Flaw = { what: string; text: string; first: number }

/** What is odd about the recording, in words, each with the first span that shows it. A span without an end is odd only in a run that has ended. */
export function flawsOf({ nodes }: Trace, crowd: Extent | null = null): Flaw[] {
  const counts = new Map<string, { count: number; first: number }>()
  const note = (what: string, i: number) => {
    const known = counts.get(what)
    if (known) known.count += 1
    else counts.set(what, { count: 1, first: i })
  }
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as TraceNode
    if (node.flaw !== null) note(node.flaw, i)
    if (node.endMs === null) note("open", i)
    else if (node.endMs !== null && node.endMs < node.startMs) note("backward", i)
    if (node.span.is_time_suspect) note("suspect", i)
    if (crowd && beyond(node, crowd) !== null) note("far", i)
    const parent = nodes[node.parent]
    if (parent && node.startMs < parent.startMs) note("early", i)
  }
  return [...counts].map(([what, { count, first }]) => ({ what, text: sentence(what, count), first }))
}

const SENTENCES: Record<string, readonly [string, string]> = {
  orphan: [
    "1 span names a parent that has not come; it stands under its step, else at the root.",
    "spans name a parent that has not come; they stand under their steps, else at the root.",
  ],
  circle: [
    "1 circle of parents is cut open at its earliest span.",
    "circles of parents are cut open, each at its earliest span.",
  ],
  open: [
    "1 span has no end; its bar reaches to the last known moment.",
    "spans have no end; their bars reach to the last known moment.",
  ],
  backward: [
    "1 span ends before it starts; it is drawn without width.",
    "spans end before they start; they are drawn without width.",
  ],
  suspect: ["1 span has a clock that cannot be right.", "spans have a clock that cannot be right."],
  far: [
    "1 span lies far from the others in time; the scale leaves it out.",
    "spans lie far from the others in time; the scale leaves them out.",
  ],
  early: [
    "1 span starts before its parent does: clocks differ.",
    "spans start before their parents do: clocks differ.",
  ],
}

function sentence(what: string, count: number): string {
  const [one, many] = SENTENCES[what] as readonly [string, string]
  return count === 1 ? one : `${String(count).replace(/\B(?=(\d{3})+$)/g, ",")} ${many}`
}
