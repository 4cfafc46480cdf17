import type { TransactionSql } from "postgres"
import { arrayLiteral } from "@/db/array-literal"
import { pool } from "@/db/client"
import { seeAllProjects, seeProjects } from "@/db/see"
import type { AlertAction, ChannelKind, PagerdutyRegion, WebhookFormat } from "@/lib/alert-vocabulary"
import { toIso } from "@/lib/time"
import { type AlertItem, type AlertProject, NAMED, worstFirst } from "@/policy/alerts/message"
import { type AlertFacts, GROUP_S, severityRank } from "@/policy/apply-alerts"
import { parkAll } from "@/policy/apply-delivered"

/** How many rows go out as one message. */
const MOST_ROWS = 5_000
/** Longer than a try and what follows it may last; then another process takes over. */
const LEASE_S = 120

export type TakenMessage = {
  id: string
  action: AlertAction
  /** Deliveries that it stands for. */
  rows: string[]
  /** Which try this is, from 1. */
  n: number
  items: AlertItem[]
  total: number
}
export type Taken = {
  projectId: number
  project: AlertProject
  channel: {
    id: number
    name: string
    kind: ChannelKind
    sealed: string | null
    region: PagerdutyRegion | null
    body_format: WebhookFormat | null
  }
  message: TakenMessage
}

type DueRow = {
  id: string
  action: AlertAction
  message_id: string | null
  tries: number
  facts: AlertFacts
  is_due: boolean
}

/** Channels of any project that have something to say now, who waits longest first. */
export async function dueChannels(now: string): Promise<{ project_id: number; channel_id: number }[]> {
  return (await pool("pages").begin(async (tx) => {
    await seeAllProjects(tx)
    return await tx<{ project_id: number; channel_id: number }[]>`
      select project_id, channel_id from alert_deliveries where state = 'pending' and due_at <= ${now} group by 1, 2 order by min(due_at) limit 1000`
  })) as { project_id: number; channel_id: number }[]
}

const HORIZON = `$3::timestamptz + interval '${GROUP_S} seconds'`
/** Of a row `t` and its exception `e`. A resolve is of use to who heard of it since the last that was delivered; a row with the id of a message may have been heard. */
const SOMEBODY_KNOWS = `exists (select from alert_deliveries b where b.project_id = $1 and b.channel_id = $2 and b.exception_id = t.exception_id and b.id < t.id
  and b.action in ('trigger', 'escalate') and b.message_id is not null and not exists (select from alert_deliveries r where r.project_id = $1 and r.channel_id = $2
    and r.exception_id = t.exception_id and r.action = 'resolve' and r.state = 'delivered' and r.id between b.id and t.id))`
const LATER =
  "select from alert_deliveries r where r.project_id = $1 and r.channel_id = $2 and r.exception_id = t.exception_id and r.id > t.id"
const IS_OVER = `exists (${LATER} and r.action = 'resolve')`
/** Nobody was told yet, and a later row says the same as something worse. */
const IS_WORSE = `t.action = 'trigger' and t.message_id is null and exists (${LATER} and r.action = 'trigger'
  and ${severityRank("r.facts->>'severity'")} < ${severityRank("t.facts->>'severity'")})`
const WHY_NOT = `case when t.action = 'resolve' then case when not ${SOMEBODY_KNOWS} then 'Nobody had been told.' end
  when t.action = 'escalate' and e.state is distinct from 'unack_active' then 'Somebody has looked.'
  when ${IS_OVER} then 'It was over before anybody was told.'
  when ${IS_WORSE} then 'It became worse before anybody was told.' end`
/** What came to nothing before anybody was told; each row with why. */
const DROP = `update alert_deliveries d set state = 'dropped', leased_until = null, reason = w.reason
  from (select t.id, why.reason from alert_deliveries t left join exceptions e on e.project_id = t.project_id and e.id = t.exception_id
      cross join lateral (select ${WHY_NOT} as reason) as why
    where t.project_id = $1 and t.channel_id = $2 and t.state = 'pending' and t.exception_id is not null and t.due_at <= ${HORIZON} and why.reason is not null
    order by t.id limit ${MOST_ROWS} for update of t skip locked) as w
  where d.project_id = $1 and d.id = w.id`

/** What is due, and what still waits for others: it goes with the first that is due. */
const DUE = `select id::text, action, message_id, tries, facts, due_at <= $3::timestamptz as is_due from alert_deliveries
  where project_id = $1 and channel_id = $2 and state = 'pending' and due_at <= ${HORIZON} order by id limit ${MOST_ROWS} for update skip locked`
const LEASE = `update alert_deliveries set message_id = $4, tries = tries + 1, leased_until = $3::timestamptz, due_at = $3::timestamptz
  where project_id = $1 and id = any(($2::text)::bigint[])`

/**
 * Takes the next message that a channel is to be told now: under the lock of its row, and only when nobody is at it, so that messages of a channel leave one after the other. Taken
 * rows are leased: who dies with them leaves them to the next.
 * @param newId makes ids of messages. @returns null when there is nothing to do here now.
 */
export async function takeDue(
  projectId: number,
  channelId: number,
  now: number,
  newId: () => string,
): Promise<Taken | null> {
  const at = toIso(now)
  return (await pool("pages").begin(async (tx) => {
    await seeProjects(tx, [projectId])
    const [channel] = await tx<
      (Taken["channel"] & { state: string })[]
    >`select id, name, kind, sealed, region, body_format, state from alert_channels
      where project_id = ${projectId} and id = ${channelId} for update skip locked`
    if (!channel) return null
    if (channel.state !== "active") {
      // Written while the channel was being disabled.
      await parkAll(tx, projectId, channelId)
      return null
    }
    const [busy] =
      await tx`select 1 from alert_deliveries where project_id = ${projectId} and channel_id = ${channelId} and state = 'pending'
      and leased_until > ${at} limit 1`
    if (busy) return null
    await tx.unsafe(DROP, [projectId, channelId, at])
    const due = [...(await tx.unsafe<DueRow[]>(DUE, [projectId, channelId, at]))]
    const group = grouped(due, channel.kind).find((rows) => rows.some((row) => row.is_due))
    if (!group) return null
    const message = await messageOf(tx, projectId, group, newId)
    const until = toIso(now + LEASE_S * 1000)
    await tx.unsafe(LEASE, [projectId, arrayLiteral(message.rows), until, message.id])
    const [project] = await tx<AlertProject[]>`select name, slug, currency from projects where id = ${projectId}`
    return project ? { projectId, project, channel, message } : null
  })) as Taken | null
}

/** What was sent together is tried again together; new ones of an action go out as one, but for incidents. */
function grouped(due: readonly DueRow[], kind: ChannelKind): DueRow[][] {
  const groups = new Map<string, DueRow[]>()
  for (const row of due) {
    const isAlone = kind === "pagerduty" || row.action === "test"
    const key = row.message_id ?? (isAlone ? `row ${row.id}` : `new ${row.action}`)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return [...groups.values()]
}

async function messageOf(
  tx: TransactionSql,
  projectId: number,
  group: readonly DueRow[],
  newId: () => string,
): Promise<TakenMessage> {
  const [head] = group
  if (!head) throw new Error("a message of nothing")
  const facts = head.action === "test" ? [] : group.map((row) => row.facts)
  const named = facts
    .map((fact): AlertItem => ({ ...fact, run: null }))
    .sort(worstFirst)
    .slice(0, NAMED)
  const runs = await latestRuns(tx, projectId, named)
  return {
    id: head.message_id ?? newId(),
    action: head.action,
    rows: group.map((row) => row.id),
    n: head.tries + 1,
    items: named.map((item) => ({ ...item, run: runs.get(item.exception) ?? null })),
    total: facts.length,
  }
}

const RUNS = `select x.exception_id::text as exception, x.run_id as id, case when r.unpriced_calls < r.calls or r.calls = 0 then trim_scale(r.cost)::text end as cost,
    coalesce(r.unpriced_calls, 0) as unpriced
  from unnest(($2::text)::bigint[]) as k(id) cross join lateral (select * from exception_runs where project_id = $1 and exception_id = k.id and run_id <> ''
    order by at desc, run_id desc limit 1) as x left join runs r on r.project_id = $1 and r.id = x.run_id`

async function latestRuns(tx: TransactionSql, projectId: number, items: readonly AlertItem[]) {
  if (items.length === 0) return new Map<string, NonNullable<AlertItem["run"]>>()
  const rows = await tx.unsafe<{ exception: string; id: string; cost: string | null; unpriced: number }[]>(RUNS, [
    projectId,
    // What is broken in a row is said where its message is written.
    arrayLiteral(items.map(({ exception }) => exception ?? null)),
  ])
  return new Map(rows.map(({ exception, ...run }) => [exception, run]))
}
