import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs"
import type { JournalEntry } from "@/db/queries/invariants"
import type { IngestAnswer, NativeEvent } from "@/lib/contracts/events"

type Line = {
  id: string
  run: string
  seq: number
  cost: string | null
  attempt: number
  status: number | null
  result: string
}

/**
 * What was sent and what was answered, one line per event and attempt, on the disk before the network sees it: what a client may say after a crash of
 * everything. `sent` lines come before an attempt, the others after it.
 */
export class Journal {
  readonly #file: number

  constructor(readonly path: string) {
    this.#file = openSync(path, "a", 0o600)
  }

  sent(events: readonly NativeEvent[], attempt: number): void {
    this.#write(events, attempt, null, () => "sent")
  }

  answered(events: readonly NativeEvent[], attempt: number, status: number | null, answer: IngestAnswer | null): void {
    const refused = new Map(answer?.results.map((result) => [result.index, result.status]))
    this.#write(events, attempt, status, (index) =>
      answer ? (refused.get(index) ?? "acked") : status === null ? "timeout" : "failed",
    )
  }

  close(): void {
    closeSync(this.#file)
  }

  #write(
    events: readonly NativeEvent[],
    attempt: number,
    status: number | null,
    result: (index: number) => string,
  ): void {
    const lines = events.map((event, index) => {
      const line: Line = {
        id: event.id,
        run: "run" in event ? event.run : "",
        seq: event.seq ?? 0,
        cost: costOf(event),
        attempt,
        status,
        result: result(index),
      }
      return `${JSON.stringify(line)}\n`
    })
    writeSync(this.#file, lines.join(""))
    fdatasyncSync(this.#file)
  }
}

export function costOf(event: NativeEvent): string | null {
  return "cost" in event ? (event.cost ?? null) : null
}

/** Each event of a journal once, whatever happened to it on the way. A line cut by a crash is no line. */
export function readJournal(path: string): JournalEntry[] {
  const entries = new Map<string, JournalEntry>()
  for (const text of readFileSync(path, "utf8").split("\n")) {
    if (!text.endsWith("}")) continue
    const { id, cost, result } = JSON.parse(text) as Line
    const entry = entries.get(id) ?? { id, cost, isAcked: false }
    entry.isAcked ||= result === "acked"
    entries.set(id, entry)
  }
  return [...entries.values()]
}
