import type postgres from "postgres"
import { acceptEvents } from "@/ingest/accept"
import { DAY_MS } from "@/lib/time"
import { progress } from "@/scripts/lib/progress"
import { templateKey } from "./template"

/**
 * What the decision layer is timed on: 30 days of runs with steps, tools, calls and checks, and a queue of exceptions, each with its runs. One day goes
 * through the real ingest, SQL clones it from day to day with new ids and shifted times; the exceptions are SQL alone.
 */
export const PAST_DAYS = 30
export const WORKFLOWS = 24
const RUNS_PER_BATCH = 100
const PLAN = ["fetch", "check", "book"]

/** Three steps, a call and a tool in each. One run in 25 fails at its second step, half of these go on and claim success; one in 20 asks a tool the same thing over and over. */
export function judgedRun(run: string, index: number, at: number): object[] {
  const hasFailure = index % 25 === 7
  const goesOn = index % 50 === 7
  const loops = index % 20 === 3 ? 8 : 1
  let seq = 0
  const event = (type: string, offset: number, more: object) => ({
    id: `${run}:${++seq}`,
    type,
    run,
    seq,
    at: new Date(at + offset).toISOString(),
    ...more,
  })
  const span = (offset: number, more: object) => ({
    id: `${run}:${++seq}`,
    type: "span",
    run,
    seq,
    span: `s${seq}`,
    start: new Date(at + offset).toISOString(),
    end: new Date(at + offset + 700).toISOString(),
    ...more,
  })
  const events: object[] = [
    event("run.started", 0, {
      workflow: `workflow-${index % WORKFLOWS}`,
      agent: "bench",
      environment: "production",
      release: "1.0.0",
      plan: PLAN,
      checks: ["rows"],
      tags: { team: `team-${index % 4}` },
    }),
  ]
  for (const [n, step] of PLAN.entries()) {
    const from = 1_000 + n * 20_000
    const failed = hasFailure && n === 1
    events.push(
      event("step.started", from, { step }),
      span(from + 1_000, {
        kind: "llm",
        step,
        provider: "openai",
        model: n === 2 ? "gpt-5" : "gpt-5-mini",
        cost: (0.02 + (index % 97) / 1_000 + n / 100).toFixed(3),
        usage: { input: 1_200, output: 310 },
      }),
    )
    for (let i = 0; i < (n === 1 ? loops : 1); i++)
      events.push(
        span(from + 2_000 + i * 1_000, {
          kind: "tool",
          step,
          name: `tool-${n}`,
          input: { page: loops > 1 ? 0 : i, of: index },
        }),
      )
    events.push(event("step.finished", from + 18_000, { step, outcome: failed ? "failed" : "succeeded" }))
    if (failed && !goesOn) break
  }
  const isClaimed = !hasFailure || goesOn
  const output = { sha256: HASH, refs: ["fetch", "book"] }
  events.push(
    event("run.finished", 62_000, isClaimed ? { outcome: "succeeded", output } : { outcome: "failed", error: "rows" }),
  )
  if (isClaimed && index % 10 !== 9)
    events.push(
      event("verification", 63_000, {
        check: "rows",
        outcome: index % 33 === 5 ? "failed" : "passed",
        artifact: HASH,
        verifier: { name: "bench.sh", hash: HASH },
      }),
    )
  return events
}
const HASH = `sha256:${"a".repeat(64)}`

/** Into a project without runs. @param owner a pool of at least two connections. @param template project that the one day goes through. @returns how many runs there are. */
export async function fillPast(
  owner: postgres.Sql,
  projectId: number,
  template: number,
  runs: number,
): Promise<number> {
  const perDay = Math.ceil(runs / PAST_DAYS)
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS
  const day = today - (PAST_DAYS + 3) * DAY_MS
  const bar = progress("one day through the ingest", perDay, { unit: "runs" })
  for (let first = 0; first < perDay; first += RUNS_PER_BATCH) {
    const events: object[] = []
    let at = day
    for (let i = first; i < Math.min(first + RUNS_PER_BATCH, perDay); i++) {
      at = day + Math.floor((i / perDay) * (DAY_MS - 120_000))
      events.push(...judgedRun(`p${i}`, i, at))
    }
    await acceptEvents({ key: templateKey(template), events, receivedAt: at + 90_000, requestId: `template-${first}` })
    bar.update(first)
  }
  bar.finish(`one day through the ingest: ${perDay} runs`)
  await owner.unsafe(`insert into dimension_sets (project_id, digest, ${DIMENSIONS}) select ${projectId}, digest, ${DIMENSIONS}
    from dimension_sets where project_id = ${template} on conflict do nothing`)
  const days = Array.from({ length: PAST_DAYS }, (_, i) => today - (PAST_DAYS - i) * DAY_MS)
  for (const each of days) await owner`select ensure_partition('spans', ${dateOf(each)}::date)`
  const filling = progress("cloning it", PAST_DAYS, { unit: "days" })
  let done = 0
  const next = async () => {
    for (let to = days.shift(); to !== undefined; to = days.shift()) {
      await cloneDay(owner, template, projectId, to, to - day)
      filling.update(++done)
    }
  }
  await Promise.all([next(), next()])
  filling.finish(`${perDay * PAST_DAYS} runs`)
  return perDay * PAST_DAYS
}

const DIMENSIONS = "provider, model, workflow, step, environment, release, team, customer, key_id"
const dateOf = (day: number): string => new Date(day).toISOString().slice(0, 10)
const INSTANTS = /^(at|(started|ended|began|last_event|first_span|last_span|first_received|last_received|received)_at)$/
/** Instants inside of documents move along. */
const moved = (list: string, ms: number) =>
  `(select jsonb_agg(b || jsonb_build_object('at', (b->>'at')::int8 + ${ms})) from jsonb_array_elements(${list}) b)`

async function cloneDay(owner: postgres.Sql, from: number, to: number, day: number, ms: number): Promise<void> {
  const suffix = `~${dateOf(day).slice(5)}`
  await owner.begin(async (tx) => {
    await tx.unsafe("set local statement_timeout = 0; set local synchronous_commit = off")
    for (const table of ["runs", "spans", "verifications"]) {
      const names = (
        await tx<{ name: string }[]>`select column_name as name from information_schema.columns
          where table_schema = 'public' and table_name = ${table} order by ordinal_position`
      ).map((row) => row.name)
      const values = names.map((name) => {
        if (name === "project_id") return String(to)
        if (name === "dimension_set_id") return "b.id"
        if (name === "run_id" || name === "id") return `t.${name} || '${suffix}'`
        if (name === "facts") return `jsonb_set(t.facts, '{ends}', coalesce(${moved("t.facts->'ends'", ms)}, '[]'))`
        if (name === "boundaries") return moved("t.boundaries", ms)
        return INSTANTS.test(name) ? `t.${name} + interval '${ms} milliseconds'` : `t.${name}`
      })
      await tx.unsafe(`insert into ${table} (${names.join(", ")}) select ${values.join(", ")} from ${table} t
        join dimension_sets a on a.project_id = t.project_id and a.id = t.dimension_set_id
        join dimension_sets b on b.project_id = ${to} and b.digest = a.digest where t.project_id = ${from}`)
    }
  })
}

/** The states of a queue that somebody works on: four of ten open, and kinds and severities as rules raise them. */
const CASES = `case when i % 20 < 5 then 'unack_active' when i % 20 = 5 then 'ack_active' when i % 20 = 6 then 'unack_cleared'
  when i % 20 = 7 then 'snoozed' when i % 40 = 8 then 'suppressed_by_design' else 'resolved' end`
const KINDS = `(array['halt', 'halt', 'quarantine', 'alarm', 'alarm', 'line_stop', 'halt', 'quarantine', 'alarm', 'audit_sample'])[1 + h % 10]`
const SEVERITIES = `(array['critical', 'high', 'high', 'low', 'low', 'low'])[1 + h / 10 % 6]`

/** @param runs stored of the project; exception i stands for the i-th latest, one in 500 for a hundred of them. */
export async function fillExceptions(owner: postgres.Sql, projectId: number, count: number): Promise<void> {
  const at = `r.started_at + interval '1 minute'`
  await owner.begin(async (tx) => {
    await tx.unsafe("set local statement_timeout = 0; set local synchronous_commit = off")
    await tx.unsafe(`create temp table placed on commit drop as
      select row_number() over (order by started_at desc, id desc) as i, id, started_at, workflow, abs(hashtext(id)) as h from runs where project_id = ${projectId}`)
    await tx.unsafe(`insert into exceptions (project_id, kind, severity, fingerprint, workflow, rule, step, reason, state, count, first_seen_at, last_seen_at,
        raised_at, raised_by, violated_at, acked_at, acked_by, resolved_at, resolved_by, cause, until_at, waits_since, assignee)
      select ${projectId}, kind, severity, md5(i::text), workflow, rule, 'check', 'Step “book” started after “check” had failed, without a later success.', state, 1, ${at}, ${at},
        ${at} + interval '2 seconds', 'ingest', ${at},
        case when state in ('ack_active', 'resolved') then ${at} + (i % 40) * interval '1 minute' end, case when state in ('ack_active', 'resolved') then 'user:' || i % 5 end,
        case when state = 'resolved' then ${at} + (i % 90) * interval '1 minute' end, case when state = 'resolved' then case when i % 3 = 0 then 'andon' else 'user:' || i % 5 end end,
        case when state = 'resolved' then 'other' end, case when state = 'snoozed' then now() + interval '1 day' end, ${at}, case when i % 7 = 0 then 'user-' || i % 5 end
      from (select r.*, ${CASES} as state, ${KINDS} as kind, ${SEVERITIES} as severity, (array['T01', 'T06', 'T10', 'T11', null])[1 + h / 60 % 5] as rule
        from placed r where i <= ${count}) r`)
    await tx.unsafe(`insert into exception_runs (project_id, exception_id, run_id, kind, subject, at, cleared_at)
      select e.project_id, e.id, r.id, e.kind, coalesce(e.rule, ''), ${at}, case when e.state = 'unack_cleared' or e.state = 'resolved' and e.kind <> 'halt' then ${at} + interval '9 minutes' end
      from placed r join exceptions e on e.project_id = ${projectId} and e.fingerprint = md5(r.i::text)`)
    // A few stand for many runs.
    await tx.unsafe(`insert into exception_runs (project_id, exception_id, run_id, kind, subject, at)
      select e.project_id, e.id, p.id, e.kind, 'more', p.started_at from placed r join exceptions e on e.project_id = ${projectId} and e.fingerprint = md5(r.i::text)
        join placed p on p.i > r.i and p.i <= r.i + 99 where r.i % 500 = 1 on conflict do nothing`)
    // What stands as halted is: the sweep would take it back.
    await tx.unsafe(`update runs r set status = 'halted', halt_by = 'andon', halt_step = 'check', halt_reason = 'the bench stops it' from exception_runs x
      where x.project_id = ${projectId} and x.kind = 'halt' and x.cleared_at is null and r.project_id = x.project_id and r.id = x.run_id`)
    await tx.unsafe(`update exceptions e set count = x.count from (select exception_id, count(*)::int as count from exception_runs
      where project_id = ${projectId} group by 1 having count(*) > 1) x where e.project_id = ${projectId} and e.id = x.exception_id`)
  })
}
