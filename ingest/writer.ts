import type { TransactionSql } from "postgres"
import { arrayLiteral } from "@/db/array-literal"
import { pool } from "@/db/client"
import { LEDGER_LOCK } from "@/db/ledger-lock"
import { eventKeys } from "@/db/schema/ledger"
import { seeProjects } from "@/db/see"
import { parseInstant } from "@/lib/time"
import { directiveOf, isOver, openDirectives, type Told } from "@/policy/apply-directives"
import type { Judgement } from "@/policy/apply-findings"
import { applyEvents } from "./apply"
import { noteSpend } from "./cap-state"
import { closedMonths, couldBeClosed } from "./closed-months"
import { DimensionIds } from "./dimensions"
import type { CanonicalEvent, LedgerEvent } from "./event"
import { credible } from "./fold-span"
import type { RunKey } from "./load-runs"
import { namesPastLimit } from "./names"
import { ensurePartitions, forgetPartitions, type Parent } from "./partitions"
import { currentBook } from "./price-book"
import type { SaveSet } from "./save"
import { insertEvents, NEW_FROM } from "./save-events"
import { addFeedback, type Feedback } from "./save-feedback"
import { columns, insertText, Rows } from "./sql-arrays"

/** What became of one event. */
export type Outcome = "accepted" | "duplicate" | "conflict"
/** `told`: what the runs of these events have been told and still holds. */
export type Written = { outcomes: Outcome[]; told: TellRun[] }
export type TellRun = { projectId: number; told: Told }

const KEY = columns<CanonicalEvent>({ project_id: (e) => e.projectId, key: (e) => e.key, body_hash: (e) => e.bodyHash })
const GATE = insertText(eventKeys, KEY.names, "on conflict do nothing returning project_id || ' ' || key as key")
const STORED_HASHES =
  "select project_id, key, body_hash from event_keys where (project_id, key) in (select * from unnest(($1::text)::int[], ($2::text)::uuid[]))"

const holder = globalThis as typeof globalThis & { andonDimensions?: Map<string, number> }
holder.andonDimensions ??= new Map()

class Probed extends Error {}

/**
 * Writes events of any number of requests and projects in one transaction, and resolves after its COMMIT.
 * The identity gate comes first: only an event whose key goes in is new, everything else changes nothing.
 * @param feedback counters and dead letters of the same requests, committed with them.
 * @param mode `probe` does everything and rolls it back.
 */
export async function writeEvents(
  events: readonly CanonicalEvent[],
  feedback: readonly Feedback[],
  mode: "commit" | "probe" = "commit",
): Promise<Written> {
  const prefersReported = new Map(feedback.map((f) => [f.projectId, f.prefersReportedCost]))
  const book = await currentBook()
  const past = await namesPastLimit(events)
  await ensurePartitions(daysOf(events))
  const dimensions = new DimensionIds(holder.andonDimensions as Map<string, number>)
  const projectIds = [...new Set([...events.map((e) => e.projectId), ...feedback.map((f) => f.projectId)])].sort(
    (a, b) => a - b,
  )
  await ensurePartitions(await bookedDays(events, projectIds))
  let spend: SaveSet["spend"] = []
  try {
    const written = await pool("ingest").begin(async (tx) => {
      const [, { outcomes, fresh }] = await Promise.all([openScope(tx, projectIds, "shared"), passGate(tx, events)])
      const ledger = fresh.map((event, i) => toLedger(event, i, past.get(event)))
      const save = await applyEvents(
        tx,
        ledger,
        { book, prefersReported: (id) => prefersReported.get(id) ?? true },
        dimensions,
      )
      const [told] = await Promise.all([
        openDirectives(tx, save.toAsk(runsOf(events))),
        insertEvents(
          tx,
          fresh.map((event, i) => ({ event, ledger: ledger[i] as LedgerEvent })),
        ),
        save.flush(tx),
        addFeedback(tx, events, outcomes, feedback),
      ])
      if (mode === "probe") throw new Probed()
      spend = save.spend
      return { outcomes, told: withNew(told, save.judgements) }
    })
    noteSpend(spend)
    failAfterCommit()
    dimensions.remember()
    return written
  } catch (error) {
    if (error instanceof Probed) return { outcomes: [], told: [] }
    // A partition that this process believes in may have been dropped by retention; the retry asks again.
    if ((error as { code?: string }).code === "23514") forgetPartitions()
    throw error
  }
}

function runsOf(events: readonly CanonicalEvent[]): RunKey[] {
  const runs = new Map<string, RunKey>()
  for (const { projectId, runId } of events) if (runId !== "") runs.set(`${projectId} ${runId}`, { projectId, runId })
  return [...runs.values()]
}

/** What this transaction decided is told in its own answer. */
function withNew(before: readonly TellRun[], judgements: readonly Judgement[]): TellRun[] {
  const fresh = judgements.flatMap((judgement): TellRun[] => {
    const told = directiveOf(judgement)
    if (told === null) return []
    const { by: _, ...rest } = told
    return [{ projectId: judgement.projectId, told: rest }]
  })
  const isEnded = new Set(judgements.filter(isOver).map(({ projectId, runId }) => `${projectId} ${runId} halt`))
  const keyOf = ({ projectId, told }: TellRun) => `${projectId} ${told.run} ${told.action}`
  const known = new Set(before.map(keyOf))
  return [...before.filter((each) => !isEnded.has(keyOf(each))), ...fresh.filter((each) => !known.has(keyOf(each)))]
}

/** Fault point of the tests: the process dies between COMMIT and answer. */
function failAfterCommit(): void {
  if (process.env.ANDON_FAIL_AFTER_COMMIT === "1") process.kill(process.pid, "SIGKILL")
}

/**
 * The transaction sees these projects, and holds each one's ledger lock: shared for writers, exclusive for what rebuilds projections or changes the
 * zone that cuts their days.
 */
export async function openScope(
  tx: TransactionSql,
  projectIds: readonly number[],
  lock: "shared" | "exclusive",
): Promise<void> {
  const take = lock === "shared" ? "pg_advisory_xact_lock_shared" : "pg_advisory_xact_lock"
  await tx.unsafe(
    `select set_config('app.project_ids', $1::text, true), ${take}(${LEDGER_LOCK}, p) from (select unnest(($1::text)::int[]) as p order by 1) as locked`,
    [arrayLiteral(projectIds)],
    { prepare: true },
  )
}

async function passGate(
  tx: TransactionSql,
  events: readonly CanonicalEvent[],
): Promise<{ outcomes: Outcome[]; fresh: CanonicalEvent[] }> {
  const outcomes: Outcome[] = new Array(events.length)
  const first = new Map<string, CanonicalEvent>()
  for (const [i, event] of events.entries()) {
    const key = `${event.projectId} ${event.key}`
    const twin = first.get(key)
    if (twin) outcomes[i] = twin.bodyHash === event.bodyHash ? "duplicate" : "conflict"
    else first.set(key, event)
  }
  // In key order, so that two writers with the same events wait for each other in one direction only.
  const candidates = [...first.values()].sort((a, b) => a.projectId - b.projectId || (a.key < b.key ? -1 : 1))
  if (candidates.length === 0) return { outcomes, fresh: [] }
  const rows = new Rows(KEY)
  for (const event of candidates) rows.add(event)
  const taken = await tx.unsafe<{ key: string }[]>(GATE, rows.parameters(), { prepare: true })
  const isFresh = new Set(taken.map((row) => row.key))
  const stored = new Map<string, string>()
  const known = candidates.filter((event) => !isFresh.has(`${event.projectId} ${event.key}`))
  if (known.length > 0) {
    const asked = new Rows(KEY)
    for (const event of known) asked.add(event)
    const hashes = await tx.unsafe<{ project_id: number; key: string; body_hash: string }[]>(
      STORED_HASHES,
      asked.parameters().slice(0, 2),
      { prepare: true },
    )
    for (const row of hashes) stored.set(`${row.project_id} ${row.key}`, row.body_hash)
  }
  const fresh: CanonicalEvent[] = []
  for (const [i, event] of events.entries()) {
    if (outcomes[i]) continue
    const key = `${event.projectId} ${event.key}`
    if (isFresh.has(key)) {
      outcomes[i] = "accepted"
      fresh.push(event)
    } else outcomes[i] = stored.get(key) === event.bodyHash ? "duplicate" : "conflict"
  }
  return { outcomes, fresh }
}

function toLedger(event: CanonicalEvent, index: number, other: string[] | undefined): LedgerEvent {
  return {
    projectId: event.projectId,
    n: NEW_FROM + BigInt(index),
    id: event.id,
    type: event.type,
    runId: event.runId,
    spanId: event.spanId,
    keyId: event.keyId,
    receivedAt: event.receivedAt,
    seq: event.seq,
    at: event.at,
    event: event.event,
    entry: { ...(other ? { other } : {}), ...(event.sanitized ? { sanitized: true as const } : {}) },
  }
}

/** The days whose partitions these events need: of their arrival, and of the start that each may give its span. */
function* daysOf(events: readonly CanonicalEvent[]): Generator<{ parent: Parent; at: number }> {
  for (const event of events) {
    yield { parent: "events", at: event.receivedAt }
    if (event.spanId !== "") yield { parent: "spans", at: startOf(event) }
  }
}

function startOf({ event, at, receivedAt }: CanonicalEvent): number {
  const start = event.type === "span" && event.start !== undefined ? parseInstant(event.start) : at
  return credible(start ?? at, receivedAt)
}

/** The days where money that comes for closed months is booked. */
async function bookedDays(
  events: readonly CanonicalEvent[],
  projectIds: readonly number[],
): Promise<{ parent: Parent; at: number }[]> {
  const late = events.filter((event) => event.spanId !== "" && couldBeClosed(startOf(event), event.receivedAt))
  if (late.length === 0) return []
  const closed = await pool("ingest").begin(async (tx) => {
    await seeProjects(tx, projectIds)
    return await closedMonths(tx)
  })
  return late.map((event) => ({ parent: "spans", at: closed.opening(event.projectId, startOf(event)) }))
}
