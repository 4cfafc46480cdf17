import { DAY_MS } from "@/lib/time"
import type { Booted } from "@/server/testing"
import { runEvents } from "./workload"

const RUNS = 600
const RUNS_PER_REQUEST = 50

/** What a page about now shows: the runs of the day so far through the real ingest, each checked, some failed, some halted. */
export async function sendToday(server: Booted): Promise<void> {
  const now = Date.now()
  const from = Math.max(Math.floor(now / DAY_MS) * DAY_MS, now - DAY_MS / 2)
  for (let first = 0; first < RUNS; first += RUNS_PER_REQUEST) {
    const events: object[] = []
    for (let i = first; i < first + RUNS_PER_REQUEST; i++) events.push(...checked(i, from + ((now - from) * i) / RUNS))
    const answer = await fetch(`${server.url}/api/v1/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.key}`, "content-type": "application/json" },
      body: JSON.stringify({ events }),
    })
    const { accepted } = (await answer.json()) as { accepted?: number }
    if (accepted !== events.length) throw new Error(`of ${events.length} events ${accepted} were taken`)
  }
}

function checked(index: number, startedAt: number): object[] {
  const events = runEvents("today", index, startedAt)
  const run = `today-${index}`
  const at = new Date(startedAt + 20_000).toISOString()
  if (index % 40 === 39)
    return [
      ...events.slice(0, -1),
      { id: `${run}:halt`, type: "run.halted", run, seq: 99, at, by: "agent", step: "step-1", reason: "totals differ" },
    ]
  return [
    ...events,
    {
      id: `${run}:check`,
      type: "verification",
      run,
      seq: 98,
      at,
      check: "totals_match",
      outcome: index % 25 === 0 ? "failed" : "passed",
      evidence: "the sum of the lines against the total",
      verifier: { name: "bench.sh", hash: `sha256:${"0".repeat(64)}` },
    },
  ]
}
