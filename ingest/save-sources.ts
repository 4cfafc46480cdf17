import type { TransactionSql } from "postgres"
import { sourceCounters, sourceMarks } from "@/db/schema/sources"
import { LAG_COLUMNS } from "@/lib/lag"
import { DAY_MS, parseInstant, toIso } from "@/lib/time"
import type { CanonicalEvent } from "./event"
import type { Feedback } from "./save-feedback"
import { type Columns, columns, insertText, Rows } from "./sql-arrays"
import type { Outcome } from "./writer"

type LagName = (typeof LAG_COLUMNS)[number][0] | "lag_more"
const LAG_NAMES: LagName[] = [...LAG_COLUMNS.map(([name]) => name), "lag_more"]
const SUMS = ["accepted", "duplicates", "conflicts", "rejected", "sanitized", "ignored", ...LAG_NAMES] as const

type Source = { projectId: number; hour: number; keyId: number; format: string; convention: string }
type Counter = Source & { sums: Record<(typeof SUMS)[number], number>; lagMax: number; lastAt: number | null }
type Mark = Source & { kind: "rejected" | "flag"; name: string; n: number; lastAt: number; runId: string | null }

const HOUR_MS = 3_600_000
const SOURCE = {
  project_id: (c: Source) => c.projectId,
  hour: (c: Source) => toIso(c.hour),
  key_id: (c: Source) => c.keyId,
  format: (c: Source) => c.format,
  convention: (c: Source) => c.convention,
}
const COUNTER = columns<Counter>({
  ...SOURCE,
  ...Object.fromEntries(SUMS.map((name) => [name, (c: Counter) => c.sums[name]])),
  lag_max_ms: (c) => c.lagMax,
  last_at: (c) => (c.lastAt === null ? null : toIso(c.lastAt)),
})
const MARK = columns<Mark>({
  ...SOURCE,
  kind: (m) => m.kind,
  name: (m) => m.name,
  n: (m) => m.n,
  last_at: (m) => toIso(m.lastAt),
  run_id: (m) => m.runId,
})
export const addSources = (firstParameter: number): string =>
  insertText(
    sourceCounters,
    COUNTER.names,
    `on conflict (project_id, hour, key_id, format, convention) do update set
   ${SUMS.map((n) => `${n} = source_counters.${n} + excluded.${n}`).join(", ")},
   lag_max_ms = greatest(source_counters.lag_max_ms, excluded.lag_max_ms), last_at = greatest(source_counters.last_at, excluded.last_at)`,
    firstParameter,
  )
const ADD_MARKS = insertText(
  sourceMarks,
  MARK.names,
  `on conflict (project_id, hour, key_id, format, convention, kind, name) do update set n = source_marks.n + excluded.n,
   last_at = greatest(source_marks.last_at, excluded.last_at), run_id = coalesce(excluded.run_id, source_marks.run_id)`,
)

/** What one transaction adds to the counts of its sources. */
export class SourceRows {
  readonly #counters = new Map<string, Counter>()
  readonly #marks = new Map<string, Mark>()
  /** Events come in stretches of one source. */
  #last: { f: Feedback; convention: string; counter: Counter } | null = null

  /** Of a whole request: what never became an event. */
  addRequest(f: Feedback): void {
    if (f.ignored > 0) this.#counter(f, "").sums.ignored += f.ignored
    for (const { code, convention } of f.refused) {
      this.#counter(f, convention).sums.rejected++
      this.#mark(f, convention, "rejected", code, null)
    }
  }

  /** @param convention how it was read; see `conventionOf`. */
  addEvent(f: Feedback, convention: string, event: CanonicalEvent, outcome: Outcome): void {
    const counter = this.#counter(f, convention)
    const { sums } = counter
    if (outcome === "duplicate") sums.duplicates++
    else if (outcome === "conflict") sums.conflicts++
    if (outcome !== "accepted") return
    sums.accepted++
    if (event.sanitized) sums.sanitized++
    counter.lastAt = Math.max(counter.lastAt ?? 0, f.receivedAt)
    const { end, flags } = timesOf(event)
    const lag = Math.max(0, f.receivedAt - end)
    sums[lagName(lag)]++
    if (lag > counter.lagMax) counter.lagMax = lag
    const runId = event.runId === "" ? null : event.runId
    for (const flag of flags) this.#mark(f, convention, "flag", flag, runId)
    for (const flag of flagsOf(f, event)) this.#mark(f, convention, "flag", flag, runId)
  }

  /** For `addSources`. */
  counters(): Rows<Counter> {
    return inKeyOrder(COUNTER, this.#counters)
  }

  async flushMarks(tx: TransactionSql): Promise<void> {
    const rows = inKeyOrder(MARK, this.#marks)
    if (rows.length > 0) await tx.unsafe(ADD_MARKS, rows.parameters(), { prepare: true })
  }

  #counter(f: Feedback, convention: string): Counter {
    const last = this.#last
    if (last !== null && last.f === f && last.convention === convention) return last.counter
    const source = sourceOf(f, convention)
    const key = keyOf(source)
    let counter = this.#counters.get(key)
    if (!counter) {
      const sums = Object.fromEntries(SUMS.map((name) => [name, 0])) as Counter["sums"]
      counter = { ...source, sums, lagMax: 0, lastAt: null }
      this.#counters.set(key, counter)
    }
    this.#last = { f, convention, counter }
    return counter
  }

  #mark(f: Feedback, convention: string, kind: Mark["kind"], name: string, runId: string | null): void {
    const source = sourceOf(f, convention)
    const key = `${keyOf(source)} ${kind} ${name}`
    const known = this.#marks.get(key)
    if (!known) {
      this.#marks.set(key, { ...source, kind, name, n: 1, lastAt: f.receivedAt, runId })
      return
    }
    known.n++
    known.lastAt = Math.max(known.lastAt, f.receivedAt)
    known.runId = runId ?? known.runId
  }
}

function sourceOf(f: Feedback, convention: string): Source {
  const hour = Math.floor(f.receivedAt / HOUR_MS) * HOUR_MS
  return { projectId: f.projectId, hour, keyId: f.keyId, format: f.door, convention }
}

const keyOf = (s: Source): string => `${s.projectId} ${s.hour} ${s.keyId} ${s.format} ${s.convention}`

/** Always in this order, so that two writers wait for each other in one direction only. */
export function inKeyOrder<Row>(spec: Columns<Row>, items: ReadonlyMap<string, Row>): Rows<Row> {
  const rows = new Rows(spec)
  for (const [, item] of [...items].sort(([a], [b]) => (a < b ? -1 : 1))) rows.add(item)
  return rows
}

function lagName(lag: number): LagName {
  for (const [name, limit] of LAG_COLUMNS) if (lag <= limit) return name
  return "lag_more"
}

/** The last instant that it tells of, and what is odd about its clock: the same limits as a span's own `is_time_suspect`. */
function timesOf({ event, at, receivedAt }: CanonicalEvent): { end: number; flags: string[] } {
  const end = event.type === "span" && event.end ? (parseInstant(event.end) ?? at) : at
  // Without an instant of its own a span is ordered by its start, which is read already.
  const isOrderedByStart = event.type !== "span" || event.at === undefined || event.start === undefined
  const start = isOrderedByStart ? at : (parseInstant(event.start as string) ?? at)
  if (Math.max(at, start, end) > receivedAt + DAY_MS) return { end, flags: CLOCK_AHEAD }
  return { end, flags: event.type === "span" && event.end && end < start ? ENDS_FIRST : NONE }
}

const NONE: string[] = []
const CLOCK_AHEAD = ["clock_ahead"]
const ENDS_FIRST = ["ends_before_start"]

/** Of the decoder's own making; what a native event says of a source is its sender's word and counts for nothing. */
function flagsOf(f: Feedback, { event }: CanonicalEvent): readonly string[] {
  if (f.door === "native" || !("source" in event)) return NONE
  return event.source?.flags ?? NONE
}

/** @param before of the event before it: what a span says beside itself follows it, and was read the same way. */
export function conventionOf(f: Pick<Feedback, "door">, event: unknown, before: string): string {
  // One way of reading; what stands there is the kind of the item.
  if (f.door === "native" || f.door === "langfuse") return ""
  const source = (event as { source?: { convention?: unknown } } | null)?.source
  return typeof source?.convention === "string" ? source.convention : before
}
