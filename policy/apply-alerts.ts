import type { TransactionSql } from "postgres"
import { arrayLiteral } from "@/db/array-literal"
import { type AlertItem, titleOf } from "@/policy/alerts/message"

/** A message waits so long for others that it can go out with; an incident waits for nothing. */
export const GROUP_S = 10
/** The same fingerprint is told to a channel at most this often. */
const COOL_DOWN_S = 300
/** What is older than this when it is found is history: listed, and told to nobody. */
export const NEWS_MS = 3_600_000

/** An exception as the outbox keeps it; the run is looked up when the message is written. */
export type AlertFacts = Omit<AlertItem, "run">
type Match = { project_id: number; channel_id: number; version: number; wait: number; facts: AlertFacts }

/** Of a severity, in SQL: the worst is 1. */
export const severityRank = (of: string) => `array_position(array['critical', 'high', 'low'], ${of})`
/** That a channel fails is told to the others. */
const LISTENS = `c.state = 'active' and ${severityRank("e.severity")} <= ${severityRank("c.min_severity")}
  and case when cardinality(c.kinds) = 0 then e.kind <> 'audit_sample' else e.kind = any(c.kinds) end
  and (cardinality(c.workflows) = 0 or e.workflow = any(c.workflows))
  and not exists (select from exception_runs x where x.project_id = e.project_id and x.exception_id = e.id and x.run_id = '' and x.subject = 'channel ' || c.id)`
const IS_AS_SEVERE = `${severityRank("d.facts->>'severity'")} <= ${severityRank("e.severity")}`
/** How long it waits, seconds: for others, or because the same was told a moment ago, as severe as it is now. */
const GROUP = `case when c.kind = 'pagerduty' then 0 else ${GROUP_S} end`
const WAIT = `greatest(${GROUP}, coalesce((select ceil(extract(epoch from d.created_at - now()))::int + ${COOL_DOWN_S}
  from alert_deliveries d where d.project_id = c.project_id and d.channel_id = c.id and d.fingerprint = e.fingerprint
    and d.action = 'trigger' and d.state <> 'dropped' and ${IS_AS_SEVERE} and d.created_at > now() - interval '${COOL_DOWN_S} seconds' order by d.created_at desc limit 1), 0))`
const ISO = (of: string) => `to_char(${of} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const FACTS = `jsonb_build_object('exception', e.id::text, 'kind', e.kind, 'severity', e.severity, 'fingerprint', e.fingerprint, 'workflow', e.workflow,
  'rule', e.rule, 'step', e.step, 'reason', e.reason, 'observed', e.observed, 'limit', e.limit_value, 'unit', e.unit, 'raisedAt', ${ISO("e.raised_at")},
  'at', ${ISO("now()")}, 'level', e.escalation)`
/** A project without channels is left at the join, by one look into an index. */
const FROM = `from (select unnest(($2::text)::bigint[]) as id) as k
  cross join lateral (select * from alert_channels where project_id = $1 and state = 'active' offset 0) as c
  cross join lateral (select * from exceptions where project_id = $1 and id = k.id offset 0) as e`

/** Of a channel that was told, or is about to be, since the last time it was over. */
const TOLD = `d.project_id = $1 and d.channel_id = c.id and d.exception_id = e.id and d.action in ('trigger', 'escalate')
      and (d.message_id is not null or d.state in ('pending', 'delivered')) and not exists (select from alert_deliveries r where r.project_id = $1 and r.channel_id = c.id
        and r.exception_id = e.id and r.action = 'resolve' and r.id > d.id)`

const match = (wait: string, where: string) =>
  `select e.project_id, c.id as channel_id, e.version, ${wait} as wait, ${FACTS} as facts ${FROM} where ${where}`
const MATCH = {
  trigger: match(WAIT, `c.escalation_level = 0 and ${LISTENS}`),
  /** Whoever listens now, and was not told of it as severe as it is. */
  worse: match(
    WAIT,
    `c.escalation_level = 0 and ${LISTENS} and not exists (select from alert_deliveries d where ${TOLD} and ${IS_AS_SEVERE})`,
  ),
  /** First the next contact, then all; of history, unless it came back or a person reopened it, nobody. */
  escalate: match(
    "0",
    `(e.escalation > 1 or c.escalation_level = e.escalation) and ${LISTENS}
      and (e.version > 1 or e.last_seen_at > e.waits_since - interval '${NEWS_MS} milliseconds')`,
  ),
  resolve: match(GROUP, `exists (select from alert_deliveries d where ${TOLD})`),
}
const INSERT = `insert into alert_deliveries (project_id, channel_id, action, exception_id, fingerprint, dedupe, subject, facts, due_at)
  select $1, f.channel_id, $2, f.exception_id, f.facts->>'fingerprint', f.dedupe, f.subject, f.facts, now() + f.wait * interval '1 second'
  from jsonb_to_recordset($3::text::jsonb) as f(channel_id int, exception_id bigint, dedupe text, subject text, facts jsonb, wait int)
  on conflict (project_id, channel_id, dedupe) do nothing`

/** What may be told more than once of an opening. */
const OWN_KEY: Record<keyof typeof MATCH, (facts: AlertFacts) => (string | number)[]> = {
  trigger: () => [],
  resolve: () => [],
  escalate: ({ level }) => [level],
  worse: ({ severity }) => [severity],
}

/**
 * Puts into the outbox what channels are to be told of these exceptions, in the transaction that made it true: after it, none of it can be lost, and before
 * it nobody is told. The same opening of an exception is told once, whoever finds it, and once more where it has become worse.
 * @param ids of exceptions of the project, as they stand after the change.
 */
export async function tell(
  tx: TransactionSql,
  projectId: number,
  ids: readonly string[],
  action: keyof typeof MATCH,
): Promise<void> {
  if (ids.length === 0) return
  const found = await tx.unsafe<Match[]>(MATCH[action], [projectId, arrayLiteral(ids)], { prepare: true })
  if (found.length === 0) return
  const rows = found.map(({ channel_id, version, wait, facts }) => ({
    channel_id,
    wait,
    facts,
    exception_id: facts.exception,
    dedupe: [action, facts.exception, version, ...OWN_KEY[action](facts)].join(" "),
    subject: titleOf({ ...facts, run: null }),
  }))
  await tx.unsafe(INSERT, [projectId, action === "worse" ? "trigger" : action, JSON.stringify(rows)], { prepare: true })
}

const ACTIVE = new Set(["unack_active", "ack_active", "snoozed", "suppressed_by_design"])

/** What a change of state is to those who are told: it is there (again), or it is over; else nothing. */
export async function tellChange(
  tx: TransactionSql,
  { projectId, id }: { projectId: number; id: string },
  from: string,
  to: string,
): Promise<void> {
  if (to === "unack_active" && from !== to) await tell(tx, projectId, [id], "trigger")
  else if (ACTIVE.has(from) && !ACTIVE.has(to)) await tell(tx, projectId, [id], "resolve")
}
