import type postgres from "postgres"

/** What a client's journal knows of one event. */
export type JournalEntry = { id: string; cost: string | null; isAcked: boolean }

/** The figures that must be zero after any fault (`stored` and `recovered` are told, not judged). Money as exact decimals. */
export type Invariants = {
  stored: number
  /** Acknowledged, and neither in the ledger nor among the dead letters. */
  lost: number
  /** In the ledger, and never sent. */
  unexpected: number
  /** In the ledger, and never acknowledged: the answer was lost. Allowed. */
  recovered: number
  duplicated: number
  /** Cost of the stored spans less the cost that the journal sent in the events that are stored. */
  cost_delta: string
  /** Both levels of the spend roll-up less the spans, absolute. */
  rollup_delta: string
  /** Runs whose end is stored and whose status is not terminal. */
  open_runs: number
}

const CHUNK = 20_000

/**
 * Compares the ledger of a project with the journal of what was sent to it, over the events and runs whose ids start with `prefix`. Each event of the
 * journal must be its span's only one, and carry its cost as reported.
 */
export async function checkInvariants(
  owner: postgres.Sql,
  projectId: number,
  prefix: string,
  journal: readonly JournalEntry[],
): Promise<Invariants> {
  return (await owner.begin("isolation level repeatable read", async (tx) => {
    await tx`select set_config('app.project_ids', ${`{${projectId}}`}, true), set_config('statement_timeout', '0', true)`
    await tx`create temp table journal (id text primary key, cost numeric, is_acked boolean) on commit drop`
    for (let i = 0; i < journal.length; i += CHUNK) {
      const rows = journal.slice(i, i + CHUNK).map(({ id, cost, isAcked }) => ({ id, cost, is_acked: isAcked }))
      await tx`insert into journal select * from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(id text, cost numeric, is_acked boolean)`
    }
    const [found] = await tx<Invariants[]>`
      with stored as materialized (select id from events where project_id = ${projectId} and starts_with(id, ${prefix})),
      letters as (select event_id as id from dead_letters where project_id = ${projectId}),
      ledger as (select * from spans where project_id = ${projectId}),
      own as (select * from ledger where starts_with(run_id, ${prefix}) or starts_with(span_id, ${`cost:${prefix}`}))
      select (select count(*)::int from stored) as stored,
        (select count(*)::int from journal j where is_acked and not exists (select from stored s where s.id = j.id)
          and not exists (select from letters l where l.id = j.id)) as lost,
        (select count(*)::int from stored s where not exists (select from journal j where j.id = s.id)) as unexpected,
        (select count(*)::int from journal j join (select distinct id from stored) s using (id) where not is_acked) as recovered,
        (select count(*)::int - count(distinct id)::int from stored) as duplicated,
        trim_scale(coalesce((select sum(cost) from own), 0)
          - coalesce((select sum(j.cost) from journal j where exists (select from stored s where s.id = j.id)), 0))::text as cost_delta,
        trim_scale((select coalesce(sum(abs(r.cost - l.cost)), 0) from
          (select g.grain, coalesce(sum(s.cost), 0) as cost from (values (15), (1440)) g(grain)
            left join spend_rollup s on s.project_id = ${projectId} and s.grain = g.grain group by 1) r,
          (select coalesce(sum(cost), 0) as cost from ledger where is_call) l))::text as rollup_delta,
        (select count(*)::int from runs r where project_id = ${projectId} and starts_with(r.id, ${prefix})
          and r.status not in ('succeeded', 'failed', 'cancelled', 'halted') and exists (select from events e
          where e.project_id = ${projectId} and e.run_id = r.id and e.type in ('run.finished', 'run.halted'))) as open_runs`
    if (!found) throw new Error("the invariants gave no row")
    return found
  })) as Invariants
}

/** Sessions of the application that hold a transaction open without doing anything. */
export async function countIdleInTransaction(owner: postgres.Sql): Promise<number> {
  const [row] = await owner<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity where application_name like 'andon%' and state like 'idle in transaction%'`
  return row?.count ?? 0
}

/** Events whose stored body is no JSON object: a driver that encodes twice stores a JSON string instead. */
export async function countEncodedTwice(owner: postgres.Sql): Promise<number> {
  const [row] = await owner<{ count: number }[]>`
    select count(*)::int as count from events where jsonb_typeof(body) <> 'object' or jsonb_typeof(entry) <> 'object'`
  return row?.count ?? 0
}

/** How many refused events a project keeps, and the longest raw text among them, in bytes. */
export async function countDeadLetters(
  owner: postgres.Sql,
  projectId: number,
): Promise<{ count: number; longest: number }> {
  const [row] = await owner<{ count: number; longest: number }[]>`
    select count(*)::int as count, coalesce(max(octet_length(raw)), 0)::int as longest from dead_letters where project_id = ${projectId}`
  return row ?? { count: 0, longest: 0 }
}
