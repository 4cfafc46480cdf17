import { setTimeout as sleep } from "node:timers/promises"
import { sendEvents } from "@/scripts/lib/send-events"
import { type Fault, type FaultContext, judge, NOTHING, type Outcome, passLine } from "./fault"
import { Load, type LoadStats, loadRun } from "./load"
import type { World } from "./world"

/** Runs a load, does something to the world at a random moment of it, again and again, and verifies once all is acknowledged. */
async function underLoad(
  world: World,
  { random, prefix }: FaultContext,
  rounds: number,
  roundMs: number,
  strike: (load: Load) => Promise<void>,
): Promise<{ outcome: Outcome; stats: LoadStats }> {
  const load = new Load({ prefix, random, journal: world.file(`${prefix}journal`), target: world.target })
  try {
    for (let round = 0; round < rounds; round++) {
      const before = load.stats.sent
      await sleep(random.int(roundMs / 4, roundMs))
      await strike(load)
      // The next strike must find work under way again.
      for (let waited = 0; load.stats.sent === before && waited < 20_000; waited += 20) await sleep(20)
    }
  } finally {
    await load.stop()
  }
  return { outcome: passLine(await world.verify(prefix, load.entries())), stats: load.stats }
}

const count500 = (stats: LoadStats): number => stats.statuses.get(500) ?? 0

const killedServer: Fault = {
  id: "F01",
  title: "kill -9 of the server in mid-batch",
  mutant: "answers before COMMIT",
  place: "world",
  async run(world, context) {
    const [rounds, roundMs] = context.mode === "short" ? [1, 900] : [20, 3_000]
    const { outcome, stats } = await underLoad(world, context, rounds, roundMs, async () => {
      await world.server.kill()
      await world.start()
    })
    return judge(outcome, {
      rounds: { value: rounds, holds: true, must: "" },
      answers_500: { value: count500(stats), holds: count500(stats) === 0, must: "0" },
    })
  },
}

const killedAfterCommit: Fault = {
  id: "F02",
  title: "the server dies between COMMIT and its answer",
  mutant: "drops the identity gate",
  place: "world",
  async run(world, { random, prefix, mode }) {
    let outcome = NOTHING
    for (let round = 0; round < (mode === "short" ? 1 : 10); round++) {
      const own = `${prefix}${round}-`
      const events = Array.from({ length: 5 }, (_, i) => loadRun(`${own}${i}`, random, Date.now())).flat()
      await world.server.stop()
      await world.start({ ANDON_FAIL_AFTER_COMMIT: "1" })
      let status: number | null = 0
      await sendEvents(world.target, events, {
        attempts: 1,
        onAttempt: (attempt) => {
          status = attempt.status
        },
      }).catch(() => {})
      await world.server.exited
      await world.start()
      const { duplicates, accepted } = await sendEvents(world.target, events)
      const journal = events.map((event) => ({
        id: event.id,
        cost: "cost" in event ? (event.cost ?? null) : null,
        isAcked: true,
      }))
      const checked = judge(passLine(await world.verify(own, journal)), {
        answer_before: { value: status ?? "none", holds: status === null, must: "none: it died first" },
        duplicates: {
          value: duplicates,
          holds: duplicates === events.length && accepted === 0,
          must: `${events.length}`,
        },
      })
      outcome = { figures: { ...checked.figures, rounds: round + 1 }, wrong: [...outcome.wrong, ...checked.wrong] }
    }
    return outcome
  },
}

const killedDatabase: Fault = {
  id: "F03",
  title: "kill -9 of PostgreSQL, postmaster and backends",
  mutant: "synchronous_commit=off",
  place: "world",
  async run(world, context) {
    const [rounds, roundMs] = context.mode === "short" ? [1, 900] : [5, 6_000]
    const { outcome, stats } = await underLoad(world, context, rounds, roundMs, async () => {
      const pid = world.signalDatabase("SIGKILL", true)
      await untilReady(world, pid)
    })
    return judge(outcome, {
      rounds: { value: rounds, holds: true, must: "" },
      answers_500: { value: count500(stats), holds: count500(stats) === 0, must: "0" },
    })
  },
}

const restartedDatabase: Fault = {
  id: "F04",
  title: "PostgreSQL restarts, fast and immediate, under load",
  mutant: "a lost connection is answered as our own fault",
  place: "world",
  async run(world, context) {
    const [rounds, roundMs] = context.mode === "short" ? [2, 600] : [5, 6_000]
    let slowestRecovery = 0
    let round = 0
    const { outcome, stats } = await underLoad(world, context, rounds, roundMs, async (load) => {
      const pid = world.signalDatabase(round++ % 2 === 0 ? "SIGINT" : "SIGQUIT", false)
      await untilReady(world, pid)
      const ready = Date.now()
      while (load.stats.lastOkAt < ready && Date.now() - ready < 15_000) await sleep(10)
      slowestRecovery = Math.max(slowestRecovery, Date.now() - ready)
    })
    return judge(outcome, {
      rounds: { value: rounds, holds: true, must: "" },
      answers_500: { value: count500(stats), holds: count500(stats) === 0, must: "0" },
      recovery_ms: { value: slowestRecovery, holds: slowestRecovery <= 10_000, must: "10,000 at most" },
      slowest_ms: { value: Math.round(stats.slowestMs), holds: stats.slowestMs <= 15_000, must: "15,000 at most" },
    })
  },
}

async function untilReady(world: World, pid: number): Promise<void> {
  for (let waited = 0; !world.isDatabaseReady(pid); waited += 10) {
    if (waited > 60_000) throw new Error("the database did not come back within a minute")
    await sleep(10)
  }
}

export const CRASHES = [killedServer, killedAfterCommit, killedDatabase, restartedDatabase]
