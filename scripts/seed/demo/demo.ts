import type { NativeEvent } from "@/lib/contracts/events"
import { DAY_MS, toIso } from "@/lib/time"
import type { RunDraft } from "../draft"
import { Random } from "../random"
import { DEMO_PROJECT, type Delivery, type Scenario, type ScenarioOptions } from "../scenario"
import { HOUR_WEIGHTS, MODELS, type Release, WEEKDAY_WEIGHTS, WORKFLOWS, type Workflow } from "./catalog"
import { demoRun } from "./run"

const HOUR = 3_600_000
const DAYS = 90
/** Runs of a day of weight 100 at scale 1; about 12,000 over the 90 days. */
const RUNS_PER_DAY = 158

/** Ninety days of four teams at work, hour by hour: weekday shape, slow growth, releases, and what goes wrong on the way. */
export const demo: Scenario = {
  title: "90 days of four teams: growth, releases, a regression, a price change, halts, unproven runs, waste",
  project: DEMO_PROJECT,
  expectedEvents: ({ scale }) => Math.round(216_000 * scale),
  deliveries: function* (options) {
    for (let hour = -DAYS * 24; hour < 0; hour++) {
      const delivery = hourOf(options, options.until + hour * HOUR)
      if (delivery.events.length > 0) yield delivery
    }
  },
}

function hourOf({ seed, until, scale }: ScenarioOptions, from: number): Delivery {
  const random = new Random(seed, "demo", from / HOUR)
  const date = new Date(from)
  const weekday = WEEKDAY_WEIGHTS[date.getUTCDay()] as number
  const share = (HOUR_WEIGHTS[date.getUTCHours()] as number) / HOUR_WEIGHTS.reduce((sum, weight) => sum + weight, 0)
  // From 80 % to 120 % over the ninety days.
  const growth = 1.2 - (0.4 * (until - from)) / (DAYS * DAY_MS)
  const runs = random.round((RUNS_PER_DAY * scale * growth * weekday * share) / 100)
  const starts = Array.from({ length: runs }, () => random.int(0, HOUR - 1)).sort((a, b) => a - b)
  const label = toIso(from).slice(2, 13).replaceAll("-", "").replace("T", "-")
  const events: NativeEvent[] = []
  let receivedAt = from
  for (const [index, start] of starts.entries()) {
    const workflow = random.weighted(WORKFLOWS)
    const release = releaseAt(workflow, (until - from) / DAY_MS)
    const draft = demoRun(random, workflow, release, `${workflow.short}-${label}-${index + 1}`, from + start)
    cutAt(draft, until)
    events.push(...draft.events)
    receivedAt = Math.max(receivedAt, draft.clock)
  }
  // The last hour may lie in the night, where costs are booked ahead of it.
  events.push(...hourlyCosts(random, from, scale).filter((event) => (event.at ?? "") < toIso(until)))
  return { receivedAt: Math.min(receivedAt + 1_000, until), events }
}

function releaseAt(workflow: Workflow, daysAgo: number): Release {
  let live = workflow.releases[0] as Release
  for (const release of workflow.releases) if (release.day >= daysAgo) live = release
  return live
}

/** What would lie after the end of the demo has not happened yet: such a run is still under way. */
function cutAt(draft: RunDraft, until: number): void {
  if (draft.clock <= until) return
  const limit = toIso(until)
  const kept = draft.events.findIndex((event) => (("end" in event && event.end) || event.at || limit) > limit)
  if (kept >= 0) draft.events.length = kept
}

/** Spend that belongs to no run: the nightly index, and a search service that only sends its bill. */
function hourlyCosts(random: Random, from: number, scale: number): NativeEvent[] {
  const events: NativeEvent[] = []
  const hour = new Date(from).getUTCHours()
  const label = toIso(from).slice(0, 13)
  if (hour < 5) {
    for (let i = 0; i < random.round(2 * scale); i++) {
      events.push({
        id: `index-${label}-${i}`,
        type: "cost",
        at: toIso(from + i * 600_000),
        ...MODELS.embed,
        usage: { input: random.int(600_000, 2_400_000) },
        workflow: "index-refresh",
        environment: "production",
        tags: { team: "search" },
      })
    }
  }
  if (hour === 12 && scale >= 1) {
    events.push({
      id: `websearch-${label}`,
      type: "cost",
      at: toIso(from),
      provider: "websearch",
      cost: `${random.int(2, 6)}.${random.int(10, 99)}`,
      workflow: "query-rewrite",
      environment: "production",
      tags: { team: "search" },
    })
  }
  return events
}
