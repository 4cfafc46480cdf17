import type { SpanRow } from "@/lib/contracts/read"
import { parseMoney } from "@/lib/money"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"

/** What a span, or a span with all below it, adds up to. Money in units of `lib/money`; null = nothing in it has a price. */
export type Sums = { cost: bigint | null; calls: number; unpriced: number; tokens: number; errors: number }

export type TraceNode = {
  span: SpanRow
  depth: number
  /** Place of its parent in the list; -1 at the root. */
  parent: number
  childCount: number
  /** How many spans are below it: they follow it in the list. */
  size: number
  startMs: number
  /** Null while it runs, or when its end never came. */
  endMs: number | null
  own: Sums
  /** Of itself and all below it. */
  total: Sums
  /** The latest moment known of itself and all below it. */
  lastMs: number
  /** Why it does not stand under the parent that it names. */
  flaw: "orphan" | "circle" | null
}

export type Trace = {
  nodes: readonly TraceNode[]
  byId: ReadonlyMap<string, number>
  /** The last attempt of each step. */
  lastAttempts: ReadonlyMap<string, string>
}

type Draft = TraceNode & { up: Draft | null; down: Draft[]; mark: number }

export const NO_TRACE: Trace = { nodes: [], byId: new Map(), lastAttempts: new Map() }
/** Spans between two chances to let the page breathe. */
const SLICE = 1000

/**
 * Spans as a list in which each parent stands before what is below it, siblings in order of start. A span without a parent of its own hangs under
 * the step that it names; one whose parent never came, or whose parents form a circle, stands at the root: no span is left out. The order of
 * `spans` does not matter. Yields now and then: a long run is built in slices.
 */
export function* traceSlices(spans: readonly SpanRow[]): Generator<undefined, Trace> {
  const drafts = new Map<string, Draft>()
  for (let i = 0; i < spans.length; i++) {
    const span = spans[i] as SpanRow
    drafts.set(span.id, draftOf(span))
    if (i % SLICE === SLICE - 1) yield
  }
  const all = [...drafts.values()]
  const steps = stepsByName(all)
  for (const draft of all) {
    const { parent } = draft.span
    const up = parentOf(draft, drafts, steps)
    if (up !== draft) draft.up = up ?? null
    if (parent !== null && !drafts.has(parent)) draft.flaw = "orphan"
    else if (up === draft) draft.flaw = "circle"
  }
  yield
  cutCircles(all)
  const roots: Draft[] = []
  for (const draft of all) (draft.up?.down ?? roots).push(draft)
  yield

  const nodes: Draft[] = []
  const places = new Map<Draft, number>()
  const byId = new Map<string, number>()
  const stack = inOrder(roots).reverse()
  for (let draft = stack.pop(); draft; draft = stack.pop()) {
    draft.depth = draft.up === null ? 0 : draft.up.depth + 1
    draft.parent = draft.up === null ? -1 : (places.get(draft.up) as number)
    draft.childCount = draft.down.length
    places.set(draft, nodes.length)
    byId.set(draft.span.id, nodes.length)
    nodes.push(draft)
    const down = inOrder(draft.down)
    for (let i = down.length - 1; i >= 0; i--) stack.push(down[i] as Draft)
    if (nodes.length % SLICE === 0) yield
  }
  // What is below a span follows it: read backwards, each sum is complete when it is added to the one above.
  for (let i = nodes.length - 1; i >= 0; i--) {
    const draft = nodes[i] as Draft
    if (draft.up) addTo(draft.up, draft)
    draft.down = []
    if (i % SLICE === 0) yield
  }
  const lastAttempts = new Map<string, string>()
  for (const [step, attempts] of steps) lastAttempts.set(step, (attempts.inOrder.at(-1) as Draft).span.id)
  return { nodes, byId, lastAttempts }
}

export function buildTrace(spans: readonly SpanRow[]): Trace {
  return atOnce(traceSlices(spans))
}

/** Runs what is cut in slices without a pause. */
export function atOnce<T>(slices: Generator<undefined, T>): T {
  for (;;) {
    const slice = slices.next()
    if (slice.done) return slice.value
  }
}

function draftOf(span: SpanRow): Draft {
  const startMs = Date.parse(span.started_at)
  const endMs = span.ended_at === null ? null : Date.parse(span.ended_at)
  let tokens = 0
  if (span.is_counted && span.tokens) for (const bucket of TOKEN_BUCKETS) tokens += span.tokens[bucket]
  const own: Sums = {
    cost: span.is_counted && span.cost !== null ? parseMoney(span.cost) : null,
    calls: span.is_call ? 1 : 0,
    unpriced: span.is_call && span.cost === null ? 1 : 0,
    tokens,
    errors: isBad(span) ? 1 : 0,
  }
  const lastMs = Math.max(startMs, endMs ?? startMs)
  const place = { depth: 0, parent: -1, childCount: 0, size: 0, flaw: null }
  return { span, startMs, endMs, lastMs, own, total: { ...own }, ...place, up: null, down: [], mark: 0 }
}

export const isBad = (span: SpanRow): boolean => span.status === "error" || span.outcome === "failed"

function addTo(up: Draft, below: Draft): void {
  const { total } = below
  if (total.cost !== null) up.total.cost = (up.total.cost ?? 0n) + total.cost
  up.total.calls += total.calls
  up.total.unpriced += total.unpriced
  up.total.tokens += total.tokens
  up.total.errors += total.errors
  up.size += below.size + 1
  up.lastMs = Math.max(up.lastMs, below.lastMs)
}

const byStart = (a: Draft, b: Draft) => a.startMs - b.startMs || (a.span.id < b.span.id ? -1 : 1)

/** Spans mostly come in order of start; sorting what is sorted is what a long flat run would pay for. */
function inOrder(drafts: Draft[]): Draft[] {
  for (let i = 1; i < drafts.length; i++)
    if (byStart(drafts[i - 1] as Draft, drafts[i] as Draft) > 0) return drafts.sort(byStart)
  return drafts
}

type Attempts = { inOrder: Draft[]; byNumber: Map<number, Draft> }

function stepsByName(drafts: readonly Draft[]): Map<string, Attempts> {
  const steps = new Map<string, Attempts>()
  for (const draft of drafts) {
    if (draft.span.kind !== "step" || draft.span.step === null) continue
    const attempts = steps.get(draft.span.step)
    if (attempts) attempts.inOrder.push(draft)
    else steps.set(draft.span.step, { inOrder: [draft], byNumber: new Map() })
  }
  for (const { inOrder, byNumber } of steps.values()) {
    for (const draft of inOrder.sort(byStart).toReversed())
      if (draft.span.attempt !== null) byNumber.set(draft.span.attempt, draft)
  }
  return steps
}

function parentOf(draft: Draft, drafts: Map<string, Draft>, steps: Map<string, Attempts>): Draft | undefined {
  const { parent, kind, step, attempt } = draft.span
  const named = parent === null ? undefined : drafts.get(parent)
  if (named || kind === "step" || step === null) return named
  const attempts = steps.get(step)
  if (!attempts) return undefined
  // The attempt that it names, else the one under way when it started, else the first.
  return (
    (attempt === null ? undefined : attempts.byNumber.get(attempt)) ??
    attempts.inOrder.findLast((candidate) => candidate.startMs <= draft.startMs) ??
    attempts.inOrder[0]
  )
}

/** Each circle is opened at its earliest span; every span is looked at once, however deep the tree. */
function cutCircles(drafts: readonly Draft[]): void {
  let walk = 0
  for (const start of drafts) {
    walk += 1
    let at: Draft | null = start
    while (at && at.mark === 0) {
      at.mark = walk
      at = at.up
    }
    if (!at || at.mark !== walk) continue
    let earliest = at
    for (let one = at.up; one && one !== at; one = one.up) if (byStart(one, earliest) < 0) earliest = one
    earliest.up = null
    earliest.flaw = "circle"
  }
}
