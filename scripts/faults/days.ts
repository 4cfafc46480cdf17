import { withProject } from "@/db/client"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { getSpend } from "@/db/queries/spend"
import { openLedger } from "@/ingest/testing"
import type { NativeEvent } from "@/lib/contracts/events"
import { parseFilters } from "@/lib/filters"
import { formatMoney, parseMoney } from "@/lib/money"
import { toIso } from "@/lib/time"
import { type Fault, judge, NOTHING } from "./fault"

const QUARTER = 15 * 60_000
/** Zones and the years that are hard in them: Apia had no 30 December 2011. */
const CASES = [
  { zone: "UTC", years: [2026] },
  { zone: "Europe/Berlin", years: [2026] },
  { zone: "America/New_York", years: [2026] },
  { zone: "Pacific/Apia", years: [2011, 2012] },
] as const

/** The calendar by another way than the one under test: days, and offsets, as the runtime's own time zone data has them. */
class Calendar {
  readonly #format: Intl.DateTimeFormat

  constructor(zone: string) {
    this.#format = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      hourCycle: "h23",
      dateStyle: "short",
      timeStyle: "medium",
    })
  }

  day(ms: number): string {
    return this.#format.format(ms).slice(0, 10)
  }

  offset(ms: number): number {
    const [date = "", time = ""] = this.#format.format(ms).split(", ")
    return Date.parse(`${date}T${time}Z`) - Math.floor(ms / 1000) * 1000
  }
}

/** Starts of months, and switches of the clock: instants where a quarter hour's day or offset is another than that of the one before. */
function edges(calendar: Calendar, years: readonly number[]): { edges: number[]; switches: number[] } {
  const first = Date.UTC(Math.min(...years), 0, 1) - 14 * 3_600_000
  const last = Date.UTC(Math.max(...years) + 1, 0, 1) + 14 * 3_600_000
  const found: number[] = []
  const switches: number[] = []
  for (let at = first + QUARTER; at < last; at += QUARTER) {
    const day = calendar.day(at)
    const isSwitch = calendar.offset(at) !== calendar.offset(at - QUARTER)
    if (isSwitch) switches.push(at)
    if (isSwitch || (day.endsWith("-01") && calendar.day(at - QUARTER) !== day)) found.push(at)
  }
  return { edges: found, switches }
}

const costAt = (at: number, index: number): NativeEvent => ({
  id: `edge-${at}`,
  type: "cost",
  at: toIso(at),
  provider: "openai",
  model: "gpt-5-mini",
  cost: `0.0000${String(index + 1).padStart(8, "0")}`,
})

const add = (sums: Map<string, bigint>, key: string, cost: string): void => {
  sums.set(key, (sums.get(key) ?? 0n) + parseMoney(cost))
}
/** The first keys whose sums are not the same; a sum of nothing is nothing. */
function differing(a: Map<string, bigint>, b: Map<string, bigint>): string[] {
  const keys = new Set([...a.keys(), ...b.keys()])
  return [...keys]
    .filter((key) => (a.get(key) ?? 0n) !== (b.get(key) ?? 0n))
    .sort()
    .slice(0, 5)
}

async function checkZone({
  zone,
  years,
}: (typeof CASES)[number]): Promise<{ events: number; wrong: string[]; switchDays: number[] }> {
  const calendar = new Calendar(zone)
  const found = edges(calendar, years)
  const moments = new Set(found.edges.flatMap((at) => [at - 1, at, at + 1]))
  // Every quarter hour of the days on which the clock is changed: their number tells how long the day is.
  const switchDays = new Map<string, number>()
  for (const at of found.switches)
    for (let quarter = at - 30 * 4 * QUARTER; quarter < at + 30 * 4 * QUARTER; quarter += QUARTER)
      if (calendar.day(quarter) === calendar.day(at)) {
        moments.add(quarter)
        switchDays.set(calendar.day(at), 0)
      }
  const events = [...moments].sort((a, b) => a - b).map(costAt)
  const ledger = await openLedger({ zone })
  try {
    for (let i = 0; i < events.length; i += 1_000)
      await ledger.send(events.slice(i, i + 1_000), { receivedAt: Date.UTC(2027, 0, 15) })
    const days = new Map<string, bigint>()
    const months = new Map<string, bigint>()
    let total = 0n
    for (const event of events) {
      if (event.type !== "cost") continue
      const at = Date.parse(event.at)
      const day = calendar.day(at)
      add(days, day, event.cost as string)
      add(months, day.slice(0, 7), event.cost as string)
      total += parseMoney(event.cost as string)
      if (at % QUARTER === 0 && switchDays.has(day)) switchDays.set(day, (switchDays.get(day) ?? 0) + 1)
    }
    const range = `from=${Math.min(...years) - 1}-12-30&to=${Math.max(...years) + 1}-01-03&tz=${zone}`
    const wrong: string[] = []
    for (const [grain, expected, length] of [
      ["day", days, 10],
      ["month", months, 7],
    ] as const) {
      const filters = parseFilters(new URLSearchParams(`${range}&grain=${grain}&by=provider`))
      const answer = await withProject(ledger.key.project.id, (tx) => getSpend(tx, filters, Date.UTC(2027, 1, 1)))
      const shown = new Map<string, bigint>()
      for (const group of answer.groups)
        group.series.forEach((point, index) => {
          if (point.cost !== null)
            add(shown, calendar.day(Date.parse(answer.buckets[index] as string)).slice(0, length), point.cost)
        })
      wrong.push(...differing(shown, expected).map((key) => `${zone}: ${key} is not what the calendar says`))
      if (answer.total.cost !== formatMoney(total))
        wrong.push(`${zone}: by ${grain} the total is ${answer.total.cost}, must be ${formatMoney(total)}`)
    }
    const report = await withOwner(ledger.database.owner, (owner) => audit(owner))
    if (report.found > 0) wrong.push(`${zone}: the audit finds ${report.found} differences`)
    return { events: events.length, wrong, switchDays: [...switchDays.values()].map((quarters) => quarters / 4) }
  } finally {
    await ledger.close()
  }
}

const monthEdges: Fault = {
  id: "F30",
  title: "events at each switch of the clock and end of month, a millisecond before and after",
  mutant: "groups by the day in UTC",
  place: "ledger",
  async run({ say }) {
    const wrong: string[] = []
    let events = 0
    let berlin = ""
    for (const test of CASES) {
      say(test.zone)
      const found = await checkZone(test)
      wrong.push(...found.wrong)
      events += found.events
      if (test.zone === "Europe/Berlin") berlin = found.switchDays.sort().join(" and ")
    }
    const judged = judge(NOTHING, {
      zones: { value: CASES.length, holds: true, must: "" },
      events: { value: events, holds: events > 200, must: "200 at least" },
      berlin_switch_day_hours: { value: berlin, holds: berlin === "23 and 25", must: "23 and 25" },
    })
    return { figures: judged.figures, wrong: [...judged.wrong, ...wrong] }
  },
}

export const DAYS = [monthEdges]
