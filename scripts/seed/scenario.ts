import type { NativeEvent } from "@/lib/contracts/events"

/** Events that reach the server together, at `receivedAt` (milliseconds of UTC). */
export type Delivery = { receivedAt: number; events: NativeEvent[] }

export type ScenarioOptions = {
  seed: string
  /** The instant before which everything happens, milliseconds of UTC. */
  until: number
  /** Multiplies the volume of scenarios that have one. */
  scale: number
}

/** A named history: pure, the same bytes for the same options, made piece by piece so that any size fits in memory. */
export type Scenario = {
  title: string
  /** Where it is written unless the caller names a project: a zone other than UTC needs a project of its own. */
  project: { slug: string; name: string; zone: string }
  /** Roughly, for a progress bar. */
  expectedEvents: (options: ScenarioOptions) => number
  deliveries: (options: ScenarioOptions) => Iterable<Delivery>
}

/** Its project carries a mark of its own (`projects.is_demo`), so the name need not say it. */
export const DEMO_PROJECT = { slug: "demo", name: "Demo", zone: "UTC" }
