import { setTimeout as sleep } from "node:timers/promises"
import type postgres from "postgres"
import type { NativeEvent } from "@/lib/contracts/events"
import { toIso } from "@/lib/time"
import { sendEvents, type Target } from "@/scripts/lib/send-events"
import { type Fault, judge, passLine } from "./fault"
import type { World } from "./world"

/** Limits whose findings no later event takes away, so that each is decided once whatever comes first. */
const POLICY = { max_cost_run: "1.00", max_steps: 3, allowed_models: ["m"] }
const WORKFLOW = "decided-twice"
const FROM = Date.UTC(2026, 9, 5, 9)

/** A run that goes past three limits; the parts of it may come in any order. */
function run(id: string): NativeEvent[] {
  const at = (n: number) => toIso(FROM + n * 1_000)
  const step = (n: number): NativeEvent => ({
    id: `${id}:s${n}`,
    seq: 2 * n + 2,
    type: "step.started",
    run: id,
    at: at(2 * n),
    step: `s${n}`,
    attempt: 1,
  })
  const call = (n: number): NativeEvent => ({
    id: `${id}:c${n}`,
    seq: 2 * n + 3,
    type: "span",
    run: id,
    span: `c${n}`,
    kind: "llm",
    name: "chat",
    provider: "p",
    model: n === 3 ? "other" : "m",
    start: at(2 * n),
    end: at(2 * n + 1),
    cost: "0.3",
    status: "ok",
  })
  const start: NativeEvent = { id: `${id}:0`, seq: 1, type: "run.started", run: id, at: at(0), workflow: WORKFLOW }
  const end: NativeEvent = { id: `${id}:9`, seq: 20, type: "run.finished", run: id, at: at(30), outcome: "failed" }
  return [start, ...[0, 1, 2, 3].flatMap((n) => [step(n), call(n)]), end]
}

type Decided = { runs: number; found: string[]; twice: number; missing: number }

/** What was found in runs of this prefix, by rule; decisions that stand in the log twice; findings that do not. */
async function decided(owner: postgres.Sql, projectId: number, prefix: string): Promise<Decided> {
  const of = owner`project_id = ${projectId} and starts_with(run_id, ${prefix})`
  const found = await owner<{ what: string; n: number }[]>`
    select rule || ' ' || subject || ' ' || action || ' ' || observed as what, count(*)::int as n from run_findings where ${of} group by 1 order by 1`
  const [twice] = await owner<{ n: number }[]>`select count(*)::int as n from (
    select from decisions where ${of} group by run_id, rule, subject, action having count(*) > 1) d`
  const [missing] = await owner<
    { n: number }[]
  >`select count(*)::int as n from run_findings f where ${of} and not exists (
    select from decisions d where d.project_id = f.project_id and d.run_id = f.run_id and d.rule = f.rule and d.subject = f.subject and d.action = f.action)`
  const [runs] = await owner<{ n: number }[]>`select count(distinct run_id)::int as n from run_findings where ${of}`
  return {
    runs: runs?.n ?? 0,
    found: found.map(({ what, n }) => `${what} × ${n}`),
    twice: twice?.n ?? 0,
    missing: missing?.n ?? 0,
  }
}

/** The same events to both processes at once, in opposite orders and in small batches. */
async function toBoth(targets: readonly Target[], runs: readonly NativeEvent[][]): Promise<void> {
  await Promise.all(
    targets.map(async (target, i) => {
      const all = i === 0 ? runs : runs.map((events) => events.toReversed())
      for (let n = 0; n < 3; n++)
        await sendEvents(
          target,
          all.flatMap((events) => events.slice(n * 4, n * 4 + 4)),
        )
    }),
  )
}

/** Kills the second process while its transaction has written what it found and waits to raise its exceptions: nothing of it may be left. */
async function killBeforeCommit(world: World, target: Target, events: NativeEvent[], prefix: string): Promise<Decided> {
  return await world.withOwner(async (owner, projectId) => {
    const locked = await owner.reserve()
    try {
      await locked`begin`
      await locked`lock table exceptions in access exclusive mode`
      const sent = sendEvents(target, events, { attempts: 1 }).catch(() => null)
      for (let waited = 0; (await waitingFor(locked)) === 0; waited += 20) {
        if (waited > 20_000) throw new Error("the transaction did not come as far as its exceptions")
        await sleep(20)
      }
      await world.killOther()
      await sent
    } finally {
      await locked`rollback`
      locked.release()
    }
    // The server ends the backend when it finds nobody at the other end.
    for (let waited = 0; waited < 10_000 && (await waitingFor(owner)) > 0; waited += 20) await sleep(20)
    return await decided(owner, projectId, prefix)
  })
}

/** Transactions that have logged their decisions and cannot go on to their exceptions. */
async function waitingFor(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from pg_locks w join pg_locks d on d.pid = w.pid
    where not w.granted and w.relation = 'exceptions'::regclass and d.granted and d.relation = 'decisions'::regclass`
  return row?.n ?? 0
}

const decidedOnce: Fault = {
  id: "F22",
  title: "two processes decide the same events, and one dies between what it found and COMMIT",
  mutant: "logs what was decided before as decided anew",
  place: "world",
  async run(world, { prefix, mode }) {
    await world.withOwner(
      (owner, projectId) => owner`insert into policies (project_id, workflow, version, document, hash, author, reason)
        values (${projectId}, ${WORKFLOW}, 1, ${JSON.stringify(POLICY)}::text::jsonb, '', 'fault', 'fault') on conflict do nothing`,
    )
    const count = mode === "short" ? 12 : 200
    const ids = (name: string) => Array.from({ length: count }, (_, i) => `${prefix}${name}${i}`)
    const other = await world.startAnother()
    for (const id of ids("one-")) await sendEvents(world.target, run(id))
    await toBoth([world.target(), other], ids("both-").map(run))
    const dying = ids("dies-").flatMap(run)
    const left = await killBeforeCommit(world, other, dying, `${prefix}dies-`)
    await sendEvents(world.target, dying)
    const after = (name: string) => world.withOwner((owner, id) => decided(owner, id, `${prefix}${name}`))
    const [one, both, dies] = [await after("one-"), await after("both-"), await after("dies-")]
    const journal = ["one-", "both-", "dies-"].flatMap((name) =>
      ids(name).flatMap((id) => run(id).map((event) => ({ id: event.id, cost: costOf(event), isAcked: true }))),
    )
    const same = (a: Decided, b: Decided) => JSON.stringify(a.found) === JSON.stringify(b.found) && a.runs === count
    return judge(passLine(await world.verify(prefix, journal)), {
      found: { value: one.found.length, holds: one.found.length === 3 && one.runs === count, must: "3 in every run" },
      left_of_the_dead: { value: left.found.length, holds: left.found.length === 0, must: "0" },
      by_two: { value: both.found.join(", "), holds: same(both, one), must: one.found.join(", ") },
      after_the_death: { value: dies.found.join(", "), holds: same(dies, one), must: one.found.join(", ") },
      decided_twice: {
        value: one.twice + both.twice + dies.twice,
        holds: one.twice + both.twice + dies.twice === 0,
        must: "0",
      },
      never_logged: {
        value: one.missing + both.missing + dies.missing,
        holds: one.missing + both.missing + dies.missing === 0,
        must: "0",
      },
    })
  },
}

const costOf = (event: NativeEvent): string | null => ("cost" in event ? (event.cost ?? null) : null)

export const DECISIONS = [decidedOnce]
