import { settleWithin } from "@/db/client"
import { formOf } from "@/lib/doors"
import { AppError } from "@/lib/errors"
import type { Told } from "@/policy/apply-directives"
import type { CanonicalEvent } from "./event"
import type { Feedback } from "./save-feedback"
import { conventionOf } from "./save-sources"
import { type Outcome, type Written, writeEvents } from "./writer"

/**
 * Group commit. States of a request: queued -> in a write -> answered. A free writer takes whole requests, oldest first, up to MAX_EVENTS, and
 * writes them in one transaction; the next group gathers by itself meanwhile, so there is no timer and an idle server adds no delay.
 * A group that fails on data is written again request by request, and such a request event by event, so that a bad event hurts itself alone;
 * a deadlock or serialization failure is retried; anything else goes to the callers. Nothing is answered before COMMIT.
 */
export type Request = { events: CanonicalEvent[]; feedback: Feedback; bytes: number }
export type Result = { outcomes: (Outcome | { refused: string })[]; told?: Told[] | undefined }

/**
 * While one writer waits for the database another makes its statements; with fewer events waiting it would only split the group. Measured on two cores in one
 * process, events a second: single events from 31 senders 1,400 with one writer, 2,900 with two, 3,000 with three; batches of 100 from 8 senders 10,400
 * with two, 11,100 with three. Statements that travel without waiting for each other, COMMIT included, gave 5 % more and were given up: what the
 * driver loses of them when the database restarts is never heard of again.
 */
const WRITERS = 3
const NEXT_WRITER_FROM = 16
const MAX_EVENTS = 2_000
const MAX_QUEUED_BYTES = 64 * 1024 * 1024
const MAX_RETRIES = 3
/**
 * A write that has not ended by then has been lost by the driver, whose statements on a connection that broke may never settle: without a bound the
 * writers would wait for ever after a restart of the database. Below the five seconds in which every request is
 * answered; what commits later than that is a duplicate when the client sends it again.
 */
const WRITE_WITHIN_MS = 4_000

type Queued = Request & { resolve: (result: Result) => void; reject: (error: unknown) => void }
type State = {
  queue: Queued[]
  events: number
  bytes: number
  writing: number
  onCommit: Set<(projects: Map<number, Set<string>>) => void>
}

const holder = globalThis as typeof globalThis & { andonQueue?: State }
holder.andonQueue ??= { queue: [], events: 0, bytes: 0, writing: 0, onCommit: new Set() }
const state = holder.andonQueue

/** Resolves after the commit that holds these events. @throws AppError `busy` when more is waiting than memory should hold. */
export function commit(request: Request): Promise<Result> {
  if (state.bytes + request.bytes > MAX_QUEUED_BYTES) {
    return Promise.reject(
      new AppError("busy", "More events are waiting than this server holds; send them again.", {
        retryAfterSeconds: 1,
      }),
    )
  }
  return new Promise((resolve, reject) => {
    state.queue.push({ ...request, resolve, reject })
    state.bytes += request.bytes
    state.events += request.events.length
    if (state.writing === 0 || (state.writing < WRITERS && state.events >= NEXT_WRITER_FROM)) void drain()
  })
}

/** Called after every commit with the runs that it touched, by project. */
export function onCommit(listener: (projects: Map<number, Set<string>>) => void): void {
  state.onCommit.add(listener)
}

async function drain(): Promise<void> {
  state.writing++
  try {
    while (state.queue.length > 0) {
      const group = takeGroup()
      await writeGroup(group)
    }
  } finally {
    state.writing--
  }
}

function takeGroup(): Queued[] {
  let count = 0
  let taken = 0
  for (const request of state.queue) {
    if (taken > 0 && count + request.events.length > MAX_EVENTS) break
    count += request.events.length
    taken++
  }
  const group = state.queue.splice(0, taken)
  for (const request of group) state.bytes -= request.bytes
  state.events -= count
  return group
}

async function writeGroup(group: Queued[]): Promise<void> {
  try {
    const written = await writeMerged(group)
    let from = 0
    for (const request of group) {
      const outcomes = written.outcomes.slice(from, from + request.events.length)
      request.resolve({ outcomes, told: toldTo(request, written) })
      from += request.events.length
    }
    announce(group)
  } catch (error) {
    if (!isDataError(error)) {
      for (const request of group) request.reject(error)
      return
    }
    if (group.length > 1) {
      for (const request of group) await writeGroup([request])
      return
    }
    await writeAroundPoison(group[0] as Queued)
  }
}

/** A request hears of its own runs alone. */
function toldTo({ events, feedback }: Request, { told }: Written): Told[] | undefined {
  if (told.length === 0) return undefined
  const runs = new Set(events.map(({ runId }) => runId))
  return told.flatMap((each) => (each.projectId === feedback.projectId && runs.has(each.told.run) ? [each.told] : []))
}

async function writeMerged(group: readonly Request[]): Promise<Written> {
  const events: CanonicalEvent[] = []
  const feedback: Feedback[] = []
  for (const request of group) {
    feedback.push({ ...request.feedback, from: events.length, to: events.length + request.events.length })
    for (const event of request.events) events.push(event)
  }
  for (let attempt = 0; ; attempt++) {
    try {
      return await settleWithin(WRITE_WITHIN_MS, writeEvents(events, feedback))
    } catch (error) {
      if (attempt >= MAX_RETRIES || !isRetryable(error)) throw error
      await new Promise((done) => setTimeout(done, Math.random() * 20 * 2 ** attempt))
    }
  }
}

/** What validation let through and PostgreSQL refuses: found by halves in transactions that are rolled back, then everything else is written at once. */
async function writeAroundPoison(request: Queued): Promise<void> {
  try {
    const poison = new Map<CanonicalEvent, string>()
    await findPoison(request, request.events, poison)
    const good = request.events.filter((event) => !poison.has(event))
    const refused = request.events
      .filter((event) => poison.has(event))
      .map((event) => ({
        code: "not_storable",
        field: null,
        message: "the data store cannot hold this event",
        id: event.id,
        raw: event.body,
        form: formOf(request.feedback.door),
        convention: conventionOf(request.feedback, event.event, ""),
      }))
    const feedback = { ...request.feedback, refused: [...request.feedback.refused, ...refused] }
    const written = await writeMerged([{ ...request, events: good, feedback }])
    let next = 0
    const outcomes = request.events.map((event) =>
      poison.has(event) ? { refused: "not_storable" } : (written.outcomes[next++] as Outcome),
    )
    request.resolve({ outcomes, told: toldTo(request, written) })
    announce([request])
  } catch (error) {
    request.reject(error)
  }
}

async function findPoison(
  request: Request,
  events: readonly CanonicalEvent[],
  poison: Map<CanonicalEvent, string>,
): Promise<void> {
  if (events.length === 0) return
  try {
    const feedback = { ...request.feedback, from: 0, to: events.length, refused: [], sanitized: 0, ignored: 0 }
    await settleWithin(WRITE_WITHIN_MS, writeEvents(events, [feedback], "probe"))
  } catch (error) {
    if (!isDataError(error)) throw error
    if (events.length === 1) {
      poison.set(events[0] as CanonicalEvent, (error as { code: string }).code)
      return
    }
    const half = events.length >> 1
    await findPoison(request, events.slice(0, half), poison)
    await findPoison(request, events.slice(half), poison)
  }
}

function announce(group: readonly Request[]): void {
  const projects = new Map<number, Set<string>>()
  for (const { events, feedback } of group) {
    const runs = projects.get(feedback.projectId) ?? new Set<string>()
    for (const event of events) if (event.runId !== "") runs.add(event.runId)
    projects.set(feedback.projectId, runs)
  }
  for (const listener of state.onCommit) listener(projects)
}

/** 23514 is also "no partition for this row", which the next attempt makes. */
const isRetryable = (error: unknown): boolean => ["40001", "40P01", "23514"].includes(sqlState(error))
const isDataError = (error: unknown): boolean => /^(22...|23514|54000|54001)$/.test(sqlState(error))

function sqlState(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined
  return typeof code === "string" ? code : ""
}
