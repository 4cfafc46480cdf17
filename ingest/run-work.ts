import type { RunStatus } from "@/lib/vocabulary"
import type { Outcome } from "@/policy/types"
import type { Contribution } from "./contribution"
import type { LedgerEvent } from "./event"
import { hasMoney, isLeafCall } from "./fold-money"
import { credible } from "./fold-span"
import { type LoadedRun, type RunKey, runKey } from "./load-runs"
import type { StoredSpan } from "./load-spans"
import { addFact, deriveRun, type RunFacts, type RunState } from "./run-facts"
import type { SpanState } from "./span-state"

/** Everything that one transaction does to one run (or, with an empty run id, to the loose `cost` events of a project). */
export type RunWork = RunKey & {
  loaded: (LoadedRun & { isNew: boolean }) | null
  facts: LedgerEvent[]
  verifications: LedgerEvent[]
  spanEvents: Map<string, LedgerEvent[]>
  /** Bounds of every instant that the new events name, and of their arrival. */
  earliest: number
  latest: number
  receivedFrom: number
  receivedTo: number
  /** Of the new events that bring one. */
  seq: { first: number; last: number; count: number } | null
  /** State after the new run events. */
  nextFacts: RunFacts
  state: RunState
  /** State before them; null = the run is new. */
  previous: RunState | null
  /** Some span that is no model call carries usage. */
  hasRollupUsage: boolean
  /** Workflow, team, … of the run are no longer what its spans were counted under. */
  isMoved: boolean
  spans: SpanChange[]
  /** The policies that judge it; null = none. */
  pin: string | null
  /** Its line was tightened when it began. */
  isTight: boolean
  /** Status and hold as they are with what policies and people say; null = the run speaks for itself. */
  judged: Outcome | null
  /** Who or what halted it, where that was not the run itself, or where more is known of it than the run tells. */
  haltedBy: HaltedBy | null
}
export type HaltedBy = {
  step: string | null
  reason: string | null
  by: string | null
  rule: string | null
  at: number | null
  /** What crossed the limit of that rule. */
  observed?: string | null
  limit?: string | null
  unit?: string | null
  evidence?: string | null
}

/** The halt of a run that is halted: as its own events tell it, with what its rule had found, else as Andon told it. */
export function haltOf({ haltedBy, state }: RunWork): HaltedBy | null {
  return haltedBy ?? (state.end?.kind === "halted" ? state.end : null)
}

/** A span before and after; `before` null = new. `after` null = only its dimension set or its counting changes. */
export type SpanChange = {
  before: StoredSpan | null
  after: SpanState | null
  isCounted: boolean
  isCall: boolean
  /** Key of the dimension tuple, resolved to an id before saving. */
  dimensionKey: string
}

export function groupByRun(events: readonly LedgerEvent[]): Map<string, RunWork> {
  const works = new Map<string, RunWork>()
  for (const item of events) {
    const key = runKey(item)
    let work = works.get(key)
    if (!work) {
      work = newWork(item)
      works.set(key, work)
    }
    if (item.receivedAt < work.receivedFrom) work.receivedFrom = item.receivedAt
    if (item.receivedAt > work.receivedTo) work.receivedTo = item.receivedAt
    if (item.seq !== null) countSeq(work, item.seq)
    if (item.spanId !== "") {
      const known = work.spanEvents.get(item.spanId)
      if (known) known.push(item)
      else work.spanEvents.set(item.spanId, [item])
    } else {
      if (item.type === "verification") work.verifications.push(item)
      else work.facts.push(item)
      // The watchdog's look is nothing that happened in the run.
      if (item.type !== "tick") widen(work, credible(item.at, item.receivedAt))
    }
  }
  return works
}

function countSeq(work: RunWork, seq: number): void {
  const { seq: known } = work
  if (known === null) work.seq = { first: seq, last: seq, count: 1 }
  else work.seq = { first: Math.min(known.first, seq), last: Math.max(known.last, seq), count: known.count + 1 }
}

function newWork({ projectId, runId }: RunKey): RunWork {
  const nextFacts = { starts: [], ends: [] }
  return {
    projectId,
    runId,
    loaded: null,
    facts: [],
    verifications: [],
    spanEvents: new Map(),
    earliest: Number.POSITIVE_INFINITY,
    latest: Number.NEGATIVE_INFINITY,
    receivedFrom: Number.POSITIVE_INFINITY,
    receivedTo: Number.NEGATIVE_INFINITY,
    seq: null,
    nextFacts,
    state: deriveRun(nextFacts),
    previous: null,
    hasRollupUsage: false,
    isMoved: false,
    spans: [],
    pin: null,
    isTight: false,
    judged: null,
    haltedBy: null,
  }
}

export function widen(work: RunWork, at: number): void {
  if (at < work.earliest) work.earliest = at
  if (at > work.latest) work.latest = at
}

/** Folds the run's own new events into what is known of it. */
export function foldFacts(work: RunWork): void {
  const before = work.loaded?.facts ?? { starts: [], ends: [] }
  work.nextFacts = work.facts.reduce(addFact, before)
  work.state = deriveRun(work.nextFacts)
  if (!work.loaded || work.loaded.isNew) return
  const previous = deriveRun(before)
  work.previous = previous
  const isSame =
    JSON.stringify([previous.placement, previous.start?.other]) ===
    JSON.stringify([work.state.placement, work.state.start?.other])
  work.isMoved = !isSame && (work.loaded.spans > 0 || work.loaded.verifications > 0)
}

/** Without a start of its own, a run began with the earliest thing known of it. */
export function startOf(work: RunWork): number {
  const { loaded, state } = work
  return (
    state.start?.at ?? Math.min(loaded && !loaded.isNew ? loaded.startedAt : Number.POSITIVE_INFINITY, work.earliest)
  )
}

/** The run's status: what it claims, unless a policy or a person has a say. */
export const statusOf = ({ judged, state }: RunWork): RunStatus => judged?.status ?? state.status

/** More than its totals changes: its own events spoke, or what stands in for a missing start. */
export function hasNewState(work: RunWork): boolean {
  const { loaded } = work
  return !loaded || loaded.isNew || work.facts.length > 0 || work.isMoved || startOf(work) !== loaded.startedAt
}

type Node = {
  spanId: string
  parentId: string | null
  hasMoney: boolean
  isLeaf: boolean
  isEmbedding?: boolean
  /** Its money lies in a later month than its start, because that was closed. */
  isBooked?: boolean
}

/**
 * Which spans of a run count. A model call does; any other span that carries usage is a roll-up, and counts only while none of its descendants
 * carries any. An embedding that holds an embedding is one, told twice: the inner counts. Parents may be missing. A roll-up that counted when its month
 * was closed counts on: what came later below it is in its sum.
 */
export function countedSpans(nodes: readonly Node[]): Map<string, boolean> {
  const parents = parentsWithoutCycles(nodes)
  const hasMoneyBelow = new Set<string>()
  const embeddings = new Set(nodes.filter((node) => node.isEmbedding).map((node) => node.spanId))
  const isRepeated = new Set<string>()
  for (const node of nodes) {
    if (!node.hasMoney || node.isBooked) continue
    let parent = parents.get(node.spanId)
    if (node.isEmbedding && parent !== undefined && embeddings.has(parent)) isRepeated.add(parent)
    while (parent !== undefined && !hasMoneyBelow.has(parent)) {
      hasMoneyBelow.add(parent)
      parent = parents.get(parent)
    }
  }
  const isCovered = coverBooked(nodes, parents, hasMoneyBelow, isRepeated)
  return new Map(
    nodes.map(({ spanId, isLeaf, hasMoney }) => [
      spanId,
      !hasMoney || (!isCovered.has(spanId) && (isLeaf ? !isRepeated.has(spanId) : !hasMoneyBelow.has(spanId))),
    ]),
  )
}

/**
 * Spans with booked money whose money stands already in a span above, of a closed month. The rest of them stand, as ever, for the booked spans above them.
 */
function coverBooked(
  nodes: readonly Node[],
  parents: ReadonlyMap<string, string>,
  hasMoneyBelow: Set<string>,
  isRepeated: Set<string>,
): Set<string> {
  const isCovered = new Set<string>()
  const booked = nodes.filter((node) => node.isBooked && node.hasMoney)
  if (booked.length === 0) return isCovered
  const byId = new Map(nodes.map((node) => [node.spanId, node]))
  for (const node of booked) {
    const above: Node[] = []
    for (let id = parents.get(node.spanId); id !== undefined; id = parents.get(id)) above.push(byId.get(id) as Node)
    const isTwin = (other: Node) => node.isEmbedding === true && other.isEmbedding === true && other === above[0]
    const isSum = (other: Node) => other.hasMoney && !hasMoneyBelow.has(other.spanId) && !other.isLeaf
    if (above.some((other) => !other.isBooked && (isSum(other) || (isTwin(other) && other.hasMoney)))) {
      isCovered.add(node.spanId)
      continue
    }
    for (const other of above) {
      if (!other.isBooked) continue
      if (isTwin(other)) isRepeated.add(other.spanId)
      hasMoneyBelow.add(other.spanId)
    }
  }
  return isCovered
}

/**
 * The parent of each span that has one here. Where parents form a cycle, its span with the least id counts as a root: a rule over the set, so that
 * the tree is the same whatever came first, and no money falls between spans that are each other's parents.
 */
function parentsWithoutCycles(nodes: readonly Node[]): Map<string, string> {
  const parents = new Map<string, string>()
  const known = new Set(nodes.map((node) => node.spanId))
  for (const { spanId, parentId } of nodes)
    if (parentId !== null && parentId !== spanId && known.has(parentId)) parents.set(spanId, parentId)
  const walked = new Set<string>()
  for (const { spanId } of nodes) {
    const path: string[] = []
    const onPath = new Set<string>()
    let at: string | undefined = spanId
    while (at !== undefined && !walked.has(at)) {
      walked.add(at)
      onPath.add(at)
      path.push(at)
      at = parents.get(at)
    }
    if (at === undefined || !onPath.has(at)) continue
    const cycle = path.slice(path.indexOf(at))
    parents.delete(cycle.reduce((least, id) => (id < least ? id : least)))
  }
  return parents
}

/** Whether spans beside it decide what counts. An inner embedding does so of the outer. */
export function isRollup(span: Pick<SpanState, "kind" | "parentId" | "usage" | "reportedCost">): boolean {
  if (!hasMoney(span)) return false
  return !isLeafCall(span.kind) || (span.kind === "embedding" && span.parentId !== null)
}

export function toNode(span: SpanState | StoredSpan): Node {
  const { spanId, parentId, kind } = span
  const isBooked = span.beganAt !== null
  return {
    spanId,
    parentId,
    hasMoney: hasMoney(span),
    isLeaf: isLeafCall(kind),
    isEmbedding: kind === "embedding",
    isBooked,
  }
}

export function contributionOf(span: SpanState, isCall: boolean, dimensionSetId: number): Contribution {
  return {
    startedAt: span.startedAt,
    dimensionSetId,
    isStep: span.kind === "step",
    isError: span.status === "error",
    isCall,
    usage: span.usage,
    cost: span.cost,
    reportedCost: span.reportedCost,
    computedCost: span.computedCost,
  }
}

/** The bounds of the stored spans of these runs. */
export function spanBoundsOf(works: readonly RunWork[]): { from: number; to: number } {
  return {
    from: Math.min(...works.map((work) => work.loaded?.firstSpanAt ?? Number.POSITIVE_INFINITY)),
    to: Math.max(...works.map((work) => work.loaded?.lastSpanAt ?? Number.NEGATIVE_INFINITY)),
  }
}

export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const name = key(item)
    const group = groups.get(name)
    if (group) group.push(item)
    else groups.set(name, [item])
  }
  return groups
}
