import { setTimeout as sleep } from "node:timers/promises"
import { countIdleInTransaction } from "@/db/queries/invariants"
import { type Attempt, sendEvents } from "@/scripts/lib/send-events"
import { type Fault, judge, passLine } from "./fault"
import { Journal, readJournal } from "./journal"
import { loadRun } from "./load"

const IN_FLIGHT = 50

/** SIGTERM with requests in flight: they end well, nothing new is taken, the process goes in time. */
const drained: Fault = {
  id: "F19",
  title: "SIGTERM with 50 requests in flight",
  mutant: "process.exit in the signal handler",
  place: "world",
  async run(world, { random, prefix, mode }) {
    const runs = mode === "short" ? 20 : 40
    const path = world.file(`${prefix}journal`)
    const journal = new Journal(path)
    const batches = Array.from({ length: IN_FLIGHT }, (_, batch) =>
      Array.from({ length: runs }, (_, run) => loadRun(`${prefix}${batch}-${run}`, random, Date.now())).flat(),
    )
    const attempts: (Attempt | undefined)[] = []
    const { server } = world
    const sending = batches.map(async (events, batch) => {
      journal.sent(events, 1)
      await sendEvents(world.target, events, {
        attempts: 1,
        onAttempt: (attempt) => {
          attempts[batch] = attempt
          journal.answered(events, 1, attempt.status, attempt.answer)
        },
      }).catch(() => {})
    })
    // Time for every body to arrive; their commits take longer.
    await sleep(150)
    const answeredBefore = attempts.filter(Boolean).length
    const asked = performance.now()
    server.signal("SIGTERM")
    let unreadyMs = Number.POSITIVE_INFINITY
    while (unreadyMs === Number.POSITIVE_INFINITY && performance.now() - asked < 5_000) {
      // A connection that is refused is as clear as a 503.
      const status = await fetch(`${server.url}/healthz/ready`).then(
        (answer) => answer.status,
        () => 503,
      )
      if (status === 503) unreadyMs = performance.now() - asked
    }
    const code = await server.exited
    const exitMs = performance.now() - asked
    await Promise.all(sending)
    const lost = attempts.filter((attempt) => attempt?.status === null)
    const failed = attempts.filter((attempt) => attempt?.status === 500).length

    await world.start()
    for (const [batch, events] of batches.entries()) {
      if (attempts[batch]?.answer) continue
      journal.sent(events, 2)
      const answer = await sendEvents(world.target, events)
      journal.answered(events, 2, 200, answer)
    }
    journal.close()
    const idle = await world.withOwner(async (owner) => await countIdleInTransaction(owner))
    return judge(passLine(await world.verify(prefix, readJournal(path))), {
      in_flight: { value: IN_FLIGHT - answeredBefore, holds: answeredBefore < IN_FLIGHT, must: "1 at least" },
      cut: { value: lost.length, holds: lost.length === 0, must: "0" },
      cut_by: {
        value: [...new Set(lost.map((attempt) => attempt?.reason))].join("; ") || "nothing",
        holds: true,
        must: "",
      },
      answers_500: { value: failed, holds: failed === 0, must: "0" },
      unready_ms: { value: Math.round(unreadyMs), holds: unreadyMs <= 1_000, must: "1,000 at most" },
      exit_ms: { value: Math.round(exitMs), holds: exitMs <= 30_000, must: "30,000 at most" },
      exit_code: { value: String(code), holds: code === 0 || code === 143, must: "0 or 143" },
      idle_in_transaction: { value: idle, holds: idle === 0, must: "0" },
    })
  },
}

export const DRAINS = [drained]
