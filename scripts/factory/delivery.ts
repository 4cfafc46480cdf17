import type { NativeEvent } from "@/lib/contracts/events"
import type { Money } from "@/lib/money"
import { DAY_MS } from "@/lib/time"
import type { Rule } from "@/lib/vocabulary"
import { Random } from "@/scripts/seed/random"
import { DEFECTS } from "./defects"
import { LINES, type Line, makeRun } from "./plant"

/** `rule` null = a clean run. */
export type Planned = { run: string; rule: Rule | null; isDone: boolean }
export type Plant = { runs: Planned[]; events: NativeEvent[]; cost: Money }
export type PlantOptions = { seed: string; days: number; clean: number; defects: number; until: number }

/** Everything that happens in the plant; the last run ends two hours before `until`. The same options give the same plant. */
export function buildPlant({ seed, days, clean, defects, until }: PlantOptions): Plant {
  const random = new Random(seed, "plant")
  const plant: Plant = { runs: [], events: [], cost: 0n }
  const from = until - days * DAY_MS
  const place = () => from + Math.floor((random.int(0, 1e9) / 1e9) * (days * DAY_MS - 6 * 3_600_000))
  for (let n = 0; n < clean + defects; n++) {
    const line = LINES[n % LINES.length] as Line
    const defect = n < clean ? null : DEFECTS[(n - clean) % DEFECTS.length]
    const run = `plant-${String(n).padStart(5, "0")}`
    // A step that was repeated with success is everyday.
    const isRetried = !defect && random.chance(40)
    const twist = defect
      ? defect.twist(line)
      : isRetried
        ? { failures: { step: random.pick(line.steps), times: 1 } }
        : {}
    const made = makeRun(line, random, run, place(), twist)
    plant.runs.push({ run, rule: defect?.rule ?? null, isDone: defect?.isDone ?? true })
    plant.events.push(...made.events)
    plant.cost += made.cost
  }
  return plant
}

/** The events as they arrive: hours out of order, one in fifty twice, in batches. Another `order` is another way to deliver the same. */
export function deliver(plant: Plant, order: string, batch = 500): NativeEvent[][] {
  const random = new Random(order, "delivery")
  const arriving = plant.events.map((event) => ({ event, key: instantOf(event) + random.int(0, 6 * 3_600_000) }))
  for (const { event, key } of arriving.slice())
    if (random.chance(20)) arriving.push({ event, key: key + random.int(0, DAY_MS) })
  arriving.sort((a, b) => a.key - b.key)
  const batches: NativeEvent[][] = []
  for (let at = 0; at < arriving.length; at += batch)
    batches.push(arriving.slice(at, at + batch).map(({ event }) => event))
  return batches
}

const instantOf = (event: NativeEvent): number =>
  Date.parse(("at" in event && event.at) || ("start" in event && event.start) || "")
