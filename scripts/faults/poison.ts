import { countDeadLetters } from "@/db/queries/invariants"
import { toIso } from "@/lib/time"
import { type Fault, judge, type Outcome, passLine } from "./fault"
import { rawPost } from "./raw-post"

/** One bad event of each class, as it stands on the wire. */
const POISONS: Record<string, (event: Record<string, unknown>) => string> = {
  not_an_object: () => '"text"',
  null_event: () => "null",
  unknown_type: (event) => JSON.stringify({ ...event, type: "span.imagined" }),
  id_too_long: (event) => JSON.stringify({ ...event, id: "a".repeat(10_000) }),
  id_with_nul: (event) => JSON.stringify({ ...event, id: "a\u0000b" }),
  id_missing: ({ id: _, ...rest }) => JSON.stringify(rest),
  huge_number: (event) => JSON.stringify({ ...event, usage: { input: 0 } }).replace('"input":0', '"input":1e400'),
  unsafe_integer: (event) =>
    JSON.stringify({ ...event, usage: { input: 0 } }).replace('"input":0', '"input":9007199254740993'),
  negative_tokens: (event) => JSON.stringify({ ...event, usage: { input: -1 } }),
  fraction_of_a_token: (event) => JSON.stringify({ ...event, usage: { input: 1.5 } }),
  tokens_as_text: (event) => JSON.stringify({ ...event, usage: { input: "12" } }),
  cost_nan: (event) => JSON.stringify({ ...event, cost: "NaN" }),
  cost_exponent: (event) => JSON.stringify({ ...event, cost: "1e3" }),
  cost_negative: (event) => JSON.stringify({ ...event, cost: "-0.5" }),
  cost_13_decimals: (event) => JSON.stringify({ ...event, cost: "0.0000000000001" }),
  cost_number: (event) => JSON.stringify({ ...event, cost: 0.5 }),
  no_such_day: (event) => JSON.stringify({ ...event, start: "2026-02-30T00:00:00Z" }),
  no_zone: (event) => JSON.stringify({ ...event, start: "2026-02-20T00:00:00" }),
  leap_second: (event) => JSON.stringify({ ...event, start: "2026-06-30T23:59:60Z" }),
  other_currency: (event) => JSON.stringify({ ...event, currency: "XXX" }),
  newer_schema: (event) => JSON.stringify({ ...event, schema_version: "2.0" }),
  too_deep: (event) =>
    JSON.stringify({ ...event, input: 0 }).replace('"input":0', `"input":${"[".repeat(40)}${"]".repeat(40)}`),
  too_large: (event) => JSON.stringify({ ...event, input: Array.from({ length: 9 }, () => "z".repeat(60_000)) }),
  /** Passes validation; the database's integer cannot hold it. */
  attempt_past_int4: (event) => JSON.stringify({ ...event, attempt: 3_000_000_000 }),
}

const poisoned: Fault = {
  id: "F16",
  title: "one poisonous event in a batch of 1,000, of each class",
  mutant: "one transaction for all, without looking for the bad event",
  place: "world",
  async run(world, { random, prefix, mode }) {
    const target = world.target()
    const size = mode === "short" ? 200 : 1_000
    const at = Date.now() - 60_000
    const eventOf = (name: string, index: number): Record<string, unknown> => ({
      id: `${prefix}${name}-${index}`,
      type: "span",
      run: `${prefix}${name}-${index % 10}`,
      span: `s${index}`,
      kind: "llm",
      start: toIso(at),
      end: toIso(at + 100),
      cost: "0.000000000003",
    })
    const journal: { id: string; cost: string; isAcked: boolean }[] = []
    const wrong: string[] = []
    const normal: number[] = []
    const slowed: number[] = []
    const send = async (name: string, poison: string | null) => {
      const at = random.int(0, size - 1)
      const texts = Array.from({ length: size }, (_, i) => {
        if (i === at && poison !== null) return poison
        const event = eventOf(name, i)
        journal.push({ id: String(event.id), cost: "0.000000000003", isAcked: true })
        return JSON.stringify(event)
      })
      const { status, body, ms } = await rawPost(target, `[${texts.join(",")}]`)
      const expected = poison === null ? size : size - 1
      const [result] = (body.results ?? []) as { index: number; status: string }[]
      if (status !== 200 || body.accepted !== expected)
        wrong.push(`${name}: status ${status}, accepted ${String(body.accepted)}, must be ${expected}`)
      else if (poison !== null && (result?.index !== at || result.status !== "rejected"))
        wrong.push(`${name}: the refusal does not name index ${at}`)
      ;(poison === null ? normal : slowed).push(ms)
    }
    for (const [name, make] of Object.entries(POISONS)) {
      await send(`${name}-good`, null)
      await send(name, make(eventOf(name, size)))
    }
    await send("last-good", null)
    const letters = await world.withOwner(async (owner, projectId) => await countDeadLetters(owner, projectId))
    const [usual, poisonedMs] = [median(normal), median(slowed)]
    const outcome: Outcome = passLine(await world.verify(prefix, journal))
    const judged = judge(outcome, {
      classes: { value: Object.keys(POISONS).length, holds: true, must: "" },
      dead_letters: {
        value: letters.count,
        holds: letters.count >= Object.keys(POISONS).length,
        must: `${Object.keys(POISONS).length} at least`,
      },
      longest_raw: {
        value: letters.longest,
        holds: letters.longest > 0 && letters.longest <= 64 * 1024,
        must: "1 to 65,536 bytes",
      },
      usual_ms: { value: Math.round(usual), holds: true, must: "" },
      // Twice the usual, and some for the noise of a busy machine.
      poisoned_ms: {
        value: Math.round(poisonedMs),
        holds: poisonedMs < 2 * usual + 50,
        must: `${Math.round(2 * usual + 50)} at most`,
      },
    })
    return { figures: judged.figures, wrong: [...judged.wrong, ...wrong] }
  },
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

export const POISON = [poisoned]
