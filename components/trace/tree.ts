import type { SpanRow } from "@/lib/contracts/read"
import { formatMoney, parseMoney } from "@/lib/money"

export type TraceRow = {
  span: SpanRow
  depth: number
  /** Left edge and width of its bar, in percent of the run's time. */
  left: number
  width: number
  /** Null while it runs, or when its end never came. */
  durationMs: number | null
  /** Sum over the counted spans below it, exact; null when there is none with a price. */
  subtotal: string | null
  childCount: number
}

type Node = { span: SpanRow; children: Node[]; startMs: number; sum: bigint | null }

/** What the bars are measured against: from the first start to the last known moment. */
export type Extent = { fromMs: number; toMs: number }

/** @param known the run's own first and last moment, so that bars stay where they are while more spans arrive. */
export function extentOf(spans: readonly SpanRow[], known: Extent): Extent {
  let { fromMs, toMs } = known
  for (const span of spans) {
    const start = Date.parse(span.started_at)
    fromMs = Math.min(fromMs, start)
    toMs = Math.max(toMs, span.ended_at === null ? start : Date.parse(span.ended_at))
  }
  return { fromMs, toMs: Math.max(toMs, fromMs + 1) }
}

/**
 * Spans as an indented list, parents before children, siblings in order of start. A span without a parent of its own hangs under the step it
 * names; one whose parent never came, or whose parents form a circle, stands at the root: no span is left out.
 */
export function traceRows(spans: readonly SpanRow[], extent: Extent): TraceRow[] {
  const nodes = new Map<string, Node>()
  for (const span of spans) nodes.set(span.id, { span, children: [], startMs: Date.parse(span.started_at), sum: null })
  const steps = stepsByName(nodes.values())
  const parents = new Map<Node, Node>()
  for (const node of nodes.values()) {
    const parent = parentOf(node, nodes, steps)
    if (parent && parent !== node && !isBelow(parent, node, parents)) parents.set(node, parent)
  }
  const roots: Node[] = []
  for (const node of nodes.values()) (parents.get(node)?.children ?? roots).push(node)

  const rows: TraceRow[] = []
  const ordered: Node[] = []
  const stack = roots
    .sort(byStart)
    .reverse()
    .map((node) => ({ node, depth: 0 }))
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { node, depth } = next
    ordered.push(node)
    rows.push({ ...bar(node, extent), span: node.span, depth, subtotal: null, childCount: node.children.length })
    for (const child of node.children.sort(byStart).reverse()) stack.push({ node: child, depth: depth + 1 })
  }
  // Children come after their parents in `ordered`: backwards, each sum is complete when it is added to its parent's.
  for (let i = ordered.length - 1; i >= 0; i--) {
    const node = ordered[i] as Node
    const parent = parents.get(node)
    const own = node.span.is_counted && node.span.cost !== null ? parseMoney(node.span.cost) : null
    ;(rows[i] as TraceRow).subtotal = node.sum === null ? null : formatMoney(node.sum)
    const all = own === null ? node.sum : own + (node.sum ?? 0n)
    if (parent && all !== null) parent.sum = (parent.sum ?? 0n) + all
  }
  return rows
}

const byStart = (a: Node, b: Node) => a.startMs - b.startMs || (a.span.id < b.span.id ? -1 : 1)

function stepsByName(nodes: Iterable<Node>): Map<string, Node[]> {
  const steps = new Map<string, Node[]>()
  for (const node of nodes) {
    if (node.span.kind !== "step" || node.span.step === null) continue
    const attempts = steps.get(node.span.step)
    if (attempts) attempts.push(node)
    else steps.set(node.span.step, [node])
  }
  for (const attempts of steps.values()) attempts.sort(byStart)
  return steps
}

function parentOf(node: Node, nodes: Map<string, Node>, steps: Map<string, Node[]>): Node | undefined {
  const { parent, kind, step, attempt } = node.span
  const named = parent === null ? undefined : nodes.get(parent)
  if (named || kind === "step" || step === null) return named
  const attempts = steps.get(step)
  if (!attempts) return undefined
  // The attempt that it names, else the one under way when it started, else the first.
  return (
    attempts.find((candidate) => attempt !== null && candidate.span.attempt === attempt) ??
    attempts.findLast((candidate) => candidate.startMs <= node.startMs) ??
    attempts[0]
  )
}

function isBelow(node: Node, ancestor: Node, parents: Map<Node, Node>): boolean {
  for (let up: Node | undefined = node; up; up = parents.get(up)) if (up === ancestor) return true
  return false
}

function bar(node: Node, { fromMs, toMs }: Extent): Pick<TraceRow, "left" | "width" | "durationMs"> {
  const whole = toMs - fromMs
  const endMs = node.span.ended_at === null ? null : Date.parse(node.span.ended_at)
  const percent = (ms: number) => Math.min(100, Math.max(0, ((ms - fromMs) / whole) * 100))
  const left = percent(node.startMs)
  return {
    left: round(left),
    width: round(percent(Math.max(endMs ?? toMs, node.startMs)) - left),
    durationMs: endMs === null ? null : Math.max(0, endMs - node.startMs),
  }
}

/** Two decimals are finer than any screen, and the same text on server and browser. */
const round = (value: number) => Math.round(value * 100) / 100
