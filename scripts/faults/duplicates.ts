import type { IngestAnswer, NativeEvent } from "@/lib/contracts/events"
import { type Attempt, sendEvents, type Target } from "@/scripts/lib/send-events"
import type { Random } from "@/scripts/seed/random"
import { type Fault, judge, passLine } from "./fault"
import { costOf } from "./journal"
import { loadRun } from "./load"

const acked = (events: readonly NativeEvent[]) =>
  events.map((event) => ({ id: event.id, cost: costOf(event), isAcked: true }))

function makeBatch(prefix: string, random: Random): NativeEvent[] {
  return Array.from({ length: 4 }, (_, run) => loadRun(`${prefix}-${run}`, random, Date.now())).flat()
}

/** Sends one batch to all targets at the same instant, each on a connection of its own. */
async function atOnce(targets: readonly Target[], events: NativeEvent[], failures: string[]): Promise<IngestAnswer[]> {
  const onAttempt = ({ answer, reason }: Attempt) => {
    if (!answer) failures.push(reason)
  }
  return await Promise.all(targets.map((target) => sendEvents(target, events, { onAttempt })))
}

const sum = (answers: readonly IngestAnswer[], name: "accepted" | "duplicates" | "conflicts" | "rejected"): number =>
  answers.reduce((total, answer) => total + answer[name], 0)

/** The same batches from several senders at once: who is first is accepted, the others are duplicates, to the last event. */
async function storm(
  targets: readonly Target[],
  rounds: number,
  prefix: string,
  random: Random,
): Promise<{ sent: NativeEvent[]; answers: IngestAnswer[]; failures: string[] }> {
  const sent: NativeEvent[] = []
  const answers: IngestAnswer[] = []
  const failures: string[] = []
  for (let round = 0; round < rounds; round++) {
    const events = makeBatch(`${prefix}${round}`, random)
    sent.push(...events)
    answers.push(...(await atOnce(targets, events, failures)))
  }
  return { sent, answers, failures }
}

/** How many attempts had no good answer, with the words of the first. */
const noFailure = (failures: readonly string[]) => ({
  value: failures.length === 0 ? 0 : `${failures.length} (${failures[0]})`,
  holds: failures.length === 0,
  must: "0",
})

const duplicateStorm: Fault = {
  id: "F08",
  title: "every batch five times at once",
  mutant: "select, then insert",
  place: "world",
  async run(world, { random, prefix, mode }) {
    const targets = Array.from({ length: 5 }, () => world.target())
    const { sent, answers, failures } = await storm(targets, mode === "short" ? 25 : 500, prefix, random)
    const n = sent.length
    return judge(passLine(await world.verify(prefix, acked(sent))), {
      accepted: { value: sum(answers, "accepted"), holds: sum(answers, "accepted") === n, must: `${n}` },
      duplicates: { value: sum(answers, "duplicates"), holds: sum(answers, "duplicates") === 4 * n, must: `${4 * n}` },
      conflicts: { value: sum(answers, "conflicts"), holds: sum(answers, "conflicts") === 0, must: "0" },
      failures: noFailure(failures),
    })
  },
}

const twoInstances: Fault = {
  id: "F12",
  title: "two instances take the same batch at the same instant",
  mutant: "remembers what it has seen in the memory of the process",
  place: "world",
  async run(world, { random, prefix, mode }) {
    const targets = [world.target(), await world.startAnother()]
    const { sent, answers, failures } = await storm(targets, mode === "short" ? 40 : 500, prefix, random)
    const n = sent.length
    return judge(passLine(await world.verify(prefix, acked(sent))), {
      accepted: { value: sum(answers, "accepted"), holds: sum(answers, "accepted") === n, must: `${n}` },
      duplicates: { value: sum(answers, "duplicates"), holds: sum(answers, "duplicates") === n, must: `${n}` },
      failures: noFailure(failures),
    })
  },
}

export const DUPLICATES = [duplicateStorm, twoInstances]
