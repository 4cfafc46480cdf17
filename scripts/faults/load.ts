import { setTimeout as sleep } from "node:timers/promises"
import type { NativeEvent } from "@/lib/contracts/events"
import { sendEvents, type Target } from "@/scripts/lib/send-events"
import { RunDraft, sha256 } from "@/scripts/seed/draft"
import type { Random } from "@/scripts/seed/random"
import { Journal, readJournal } from "./journal"

export type LoadOptions = {
  prefix: string
  random: Random
  journal: string
  /** Asked before every attempt: after a restart the address may be another. */
  target: () => Target
  writers?: number
  batch?: number
  /** Longest wait between attempts; short, so that a fault of a second does not cost half a minute. */
  capMs?: number
  timeoutMs?: number
}

/** What the attempts were answered, for faults that judge more than the ledger. */
export type LoadStats = {
  attempts: number
  sent: number
  statuses: Map<number | null, number>
  slowestMs: number
  lastOkAt: number
}

/** After the last fault everything must be acknowledged within this. */
const DRAIN_MS = 60_000

/**
 * Agents at work: writers that send runs in batches, each batch again and again with the same ids until it is acknowledged, with a journal.
 * `stop` lets every batch under way end first.
 */
export class Load {
  readonly stats: LoadStats = { attempts: 0, sent: 0, statuses: new Map(), slowestMs: 0, lastOkAt: 0 }
  readonly #journal: Journal
  readonly #writers: Promise<void>[]
  readonly #tooLong = new AbortController()
  #isStopping = false

  constructor(readonly options: LoadOptions) {
    this.#journal = new Journal(options.journal)
    const { writers = 4 } = options
    this.#writers = Array.from({ length: writers }, (_, writer) => this.#write(writer))
  }

  /** @throws Error when the server still does not take what is under way a minute later. */
  async stop(): Promise<void> {
    this.#isStopping = true
    const timer = setTimeout(() => this.#tooLong.abort(), DRAIN_MS)
    const results = await Promise.allSettled(this.#writers)
    clearTimeout(timer)
    this.#journal.close()
    for (const result of results) if (result.status === "rejected") throw result.reason
  }

  entries() {
    return readJournal(this.options.journal)
  }

  async #write(writer: number): Promise<void> {
    const { prefix, random, batch = 50 } = this.options
    let pending: NativeEvent[] = []
    for (let run = 0; !this.#isStopping || pending.length > 0; ) {
      while (!this.#isStopping && pending.length < batch)
        pending.push(...loadRun(`${prefix}${writer}-${run++}`, random, Date.now()))
      await this.#send(pending.slice(0, batch))
      pending = pending.slice(batch)
    }
  }

  async #send(events: NativeEvent[]): Promise<void> {
    const { target, capMs = 400, timeoutMs = 20_000 } = this.options
    let started = performance.now()
    this.#journal.sent(events, 1)
    await sendEvents(target, events, {
      attempts: Number.POSITIVE_INFINITY,
      timeoutMs,
      signal: this.#tooLong.signal,
      wait: async (ms) => {
        await sleep(Math.min(ms, capMs))
        started = performance.now()
      },
      onAttempt: ({ number, status, answer }) => {
        const { stats } = this
        stats.attempts++
        stats.statuses.set(status, (stats.statuses.get(status) ?? 0) + 1)
        stats.slowestMs = Math.max(stats.slowestMs, performance.now() - started)
        if (answer) {
          stats.sent += events.length
          stats.lastOkAt = Date.now()
        }
        this.#journal.answered(events, number, status, answer)
      },
    })
  }
}

/** A run of twelve events, six of them calls whose costs have twelve decimals. */
export function loadRun(run: string, random: Random, at: number): NativeEvent[] {
  const draft = new RunDraft(run, at)
  draft.started({
    workflow: `load-${random.int(1, 5)}`,
    agent: "load",
    plan: ["work", "check"],
    tags: { team: `team-${random.int(1, 3)}` },
  })
  for (const step of ["work", "check"]) {
    draft.stepStarted(step)
    for (let i = 0; i < 3; i++) {
      draft.span({
        kind: "llm",
        name: "call",
        ms: random.int(1, 40),
        provider: "openai",
        model: random.pick(["gpt-5-mini", "gpt-5-nano", "unknown-model"]),
        usage: { input: random.int(1, 9_999), output: random.int(1, 999) },
        cost: costWithTwelveDecimals(random),
      })
    }
    draft.stepFinished("succeeded")
  }
  draft.finished("succeeded", { output: { sha256: sha256(run) } })
  return draft.events
}

function costWithTwelveDecimals(random: Random): string {
  const digits = `${random.int(0, 999_999)}`.padStart(6, "0") + `${random.int(1, 999_999)}`.padStart(6, "0")
  return `${random.int(0, 2)}.${digits}`
}
